// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Limits bound what is kept; each is at least 1. See the README for what happens beyond.
type Limits struct {
	// DimensionSets bounds the sets of dimension values in all; 2,000 by default, which a Prometheus endpoint carries.
	DimensionSets int `mapstructure:"dimension_sets"`
	// DimensionSetsPerResource bounds those of one resource; 1,000 by default.
	DimensionSetsPerResource int `mapstructure:"dimension_sets_per_resource"`
	// ValuesPerDimension bounds the different values of one dimension; 500 by default. Each resource can have a 25th of that
	// number beyond it, so that one service leaves the others theirs.
	ValuesPerDimension int `mapstructure:"values_per_dimension"`
	// Resources bounds the resources; 1,000 by default.
	Resources int `mapstructure:"resources"`
	// AttributeValueLength is the length in bytes at which attribute values are cut; 256 by default.
	AttributeValueLength int `mapstructure:"attribute_value_length"`
	// DataPointsPerBatch is the number of data points that go out at once; 8,192 by default.
	DataPointsPerBatch int `mapstructure:"data_points_per_batch"`
	// ExemplarsPerFlush bounds the exemplars of one delivery; 10,000 by default.
	ExemplarsPerFlush int `mapstructure:"exemplars_per_flush"`
	// WaitingRequests bounds the requests that wait as decision_wait says; 100,000 by default, some 640 bytes each at most. Beyond,
	// those that wait longest are counted with what is known of them.
	WaitingRequests int `mapstructure:"waiting_requests"`
	// IdleExpiry is the time after which a set without requests is forgotten; 15m by default, at least 1m. It should be longer
	// than the pauses of a model that is in use. A set that returns starts from zero. Where totals run it is longer than
	// FlushInterval.
	IdleExpiry time.Duration `mapstructure:"idle_expiry"`
}

// RecentRequests bounds the window of requests that are remembered.
type RecentRequests struct {
	// Size is the number of identities that are remembered; 65,536 by default, 0 for none. A request has up to four. Each takes
	// 32 to 64 bytes of memory.
	Size int `mapstructure:"size"`
	// Age is the time for which they are remembered at least, if Size suffices; 5m by default.
	Age time.Duration `mapstructure:"age"`
}

// Validate checks that every limit is positive.
func (l Limits) Validate() error {
	var errs []error
	for _, limit := range []struct {
		key   string
		value int
	}{
		{"dimension_sets", l.DimensionSets},
		{"dimension_sets_per_resource", l.DimensionSetsPerResource},
		{"values_per_dimension", l.ValuesPerDimension},
		{"resources", l.Resources},
		{"attribute_value_length", l.AttributeValueLength},
		{"data_points_per_batch", l.DataPointsPerBatch},
		{"exemplars_per_flush", l.ExemplarsPerFlush},
		{"waiting_requests", l.WaitingRequests},
	} {
		if limit.value < 1 {
			errs = append(errs, fmt.Errorf("%s: must be at least 1, got %d", limit.key, limit.value))
		}
	}
	if l.WaitingRequests > maxWaiting {
		errs = append(errs, fmt.Errorf("waiting_requests: must be at most %d, got %d", maxWaiting, l.WaitingRequests))
	}
	if l.IdleExpiry < minIdleExpiry {
		errs = append(errs, fmt.Errorf("idle_expiry: must be at least %s, got %s", minIdleExpiry, l.IdleExpiry))
	}
	return errors.Join(errs...)
}

// minIdleExpiry is far longer than a request takes from its look-up to its record.
const minIdleExpiry = time.Minute

// maxRecent bounds the window's memory to half a gigabyte.
const maxRecent = 1 << 24

// Validate checks the window.
func (r RecentRequests) Validate() error {
	var errs []error
	if r.Size < 0 || r.Size > maxRecent {
		errs = append(errs, fmt.Errorf("size: must be between 0 and %d, got %d", maxRecent, r.Size))
	}
	if r.Age <= 0 {
		errs = append(errs, fmt.Errorf("age: must be above 0, got %s", r.Age))
	}
	return errors.Join(errs...)
}

func defaultLimits() Limits {
	limits := spanmetrics.DefaultLimits()
	return Limits{
		DimensionSets:            limits.DimensionSets,
		DimensionSetsPerResource: limits.DimensionSetsPerResource,
		ValuesPerDimension:       limits.ValuesPerDimension,
		Resources:                limits.Resources,
		AttributeValueLength:     limits.TextLength,
		DataPointsPerBatch:       limits.PointsPerBatch,
		ExemplarsPerFlush:        limits.Exemplars,
		WaitingRequests:          100_000,
		IdleExpiry:               limits.IdleExpiry,
	}
}

func (l Limits) options() spanmetrics.Limits {
	return spanmetrics.Limits{
		DimensionSets:            l.DimensionSets,
		DimensionSetsPerResource: l.DimensionSetsPerResource,
		ValuesPerDimension:       l.ValuesPerDimension,
		Resources:                l.Resources,
		TextLength:               l.AttributeValueLength,
		PointsPerBatch:           l.DataPointsPerBatch,
		Exemplars:                l.ExemplarsPerFlush,
		IdleExpiry:               l.IdleExpiry,
	}
}

const (
	// waitingBytes is the memory of a request that waits, with the spans around it, for which there is room.
	waitingBytes = 640
	// waitingSpans is the number of spans between requests for each of them.
	waitingSpans = 2
	// maxWaiting bounds the memory of the requests that wait to half a gigabyte, too.
	maxWaiting = 1 << 20
)
