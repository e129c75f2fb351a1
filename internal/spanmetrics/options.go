// SPDX-License-Identifier: Apache-2.0

// Package spanmetrics adds finished LLM requests up to metrics.
//
// An Engine is compiled from a catalogue of instruments. It reads ptrace.Traces into a batch, and commits the batch once the
// traces were accepted. It hands out all metrics on request. It has no clock: times are arguments. All methods may be called by
// many goroutines.
package spanmetrics

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Options configures an Engine. The caller has checked it; see package config.
type Options struct {
	// Instruments are those to record, with the names that they are to have.
	Instruments []Instrument
	// Dimensions are further dimensions of all instruments.
	Dimensions []Dimension
	// Targets are what llm.slo.requests judges requests by.
	Targets []Target
	// Layers are the layers to count; none means all.
	Layers []llm.Layer
	// Reading says how spans are read. Its ResourceKeys, MaxText and Layers are those of this engine.
	Reading spanreader.Options
	// SharedResource are the resource attributes that identify the resources of all layers. InstanceResource are those that
	// identify instances of gateways and engines.
	SharedResource, InstanceResource []string
	// Collector identifies the collector on the resource of all metrics; empty adds nothing.
	Collector string
	// CollectorOnPoints adds the collector to every data point, too.
	CollectorOnPoints bool
	// Interval is the time between two collections, by which concurrency is measured.
	Interval time.Duration
	// Delta hands out what was added since the last collection instead of running totals.
	Delta bool
	// ZeroPoint hands out, before the first point of a running total, one of value zero at its start.
	ZeroPoint bool
	// Exemplars hands out requests as examples of histograms' values.
	Exemplars bool
	// MaxBuckets bounds the buckets of one exponential histogram.
	MaxBuckets int
	// Limits bound the memory.
	Limits Limits
	// Recent is the window of requests that are remembered to find repeated ones.
	Recent RecentWindow
	// Waiting bounds the requests that wait for what still describes them. A Wait of 0 counts requests as they come.
	Waiting settling.Options
	// Scope and Version name the instrumentation scope of the metrics.
	Scope, Version string
}

// CollectorKey is the resource attribute that identifies the collector.
const CollectorKey = "llm.collector.id"

// RecentWindow bounds the memory of counted requests.
type RecentWindow struct {
	// Size is the number of identities; a request has one or two. 0 switches the window off.
	Size int
	// Age is the time for which they are kept at least, if Size suffices.
	Age time.Duration
}

// Limits bound what an engine keeps. All are positive.
type Limits struct {
	// DimensionSets and DimensionSetsPerResource bound the sets of dimension values.
	DimensionSets            int
	DimensionSetsPerResource int
	// ValuesPerDimension bounds the distinct values of one dimension.
	ValuesPerDimension int
	// Resources bounds the resources.
	Resources int
	// TextLength is the length in bytes at which attribute values are cut.
	TextLength int
	// PointsPerBatch is the number of data points from which on an outgoing batch is full.
	PointsPerBatch int
	// Exemplars bounds the exemplars of one collection.
	Exemplars int
	// IdleExpiry is the time after which a set without requests is forgotten.
	IdleExpiry time.Duration
}

// DefaultLimits are the limits of a configuration that sets none. Dimension sets are as many as a Prometheus endpoint carries.
// One of a streaming client is some 100 lines and 47 kB of its page, see docs/scaling.md.
func DefaultLimits() Limits {
	return Limits{
		DimensionSets:            2_000,
		DimensionSetsPerResource: 1_000,
		ValuesPerDimension:       500,
		Resources:                1_000,
		TextLength:               256,
		PointsPerBatch:           8_192,
		Exemplars:                10_000,
		IdleExpiry:               15 * time.Minute,
	}
}
