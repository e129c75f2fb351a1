// Package settings is what users may set on the processor or, where there is none, on the connector.
package settings

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Config is the configuration of llm_span_metrics.
type Config struct {
	// FlushInterval is the time between two deliveries of all metrics; at least 100ms, 15s by default.
	FlushInterval time.Duration `mapstructure:"flush_interval"`
	// Commit decides which spans count: "accepted" (default) counts what the rest of the pipeline took
	// or refused for good; "always" counts every span that arrives, for pipelines whose backend may be
	// away for long. With "always" a batch that its sender repeats counts once only as long as
	// recent_requests remembers it.
	Commit Commit `mapstructure:"commit"`
	// Layers are the layers to count: client, gateway, server. All by default.
	Layers []Layer `mapstructure:"layers"`
	// Metrics changes single metrics, by their name.
	Metrics map[string]Metric `mapstructure:"metrics"`
	// Limits bound the memory and the number of series.
	Limits Limits `mapstructure:"limits"`
	// RecentRequests is the window in which a repeated span is recognised.
	RecentRequests RecentRequests `mapstructure:"recent_requests"`
	// CollectorID identifies this collector on the metrics' resource (llm.collector.id). By default it is
	// the service.instance.id that the collector's own telemetry is configured with, else the host's name,
	// which is the pod's in Kubernetes.
	CollectorID string `mapstructure:"collector_id"`
}

// Metric changes one metric. What is not set stays as it is in the catalogue.
type Metric struct {
	// Enabled switches the metric on or off.
	Enabled *bool `mapstructure:"enabled"`
	// Name is the name that the metric goes out with.
	Name string `mapstructure:"name"`
	// Description is the description that the metric goes out with.
	Description string `mapstructure:"description"`
	// Buckets are the upper bounds of a histogram's buckets, in the metric's unit, ascending.
	Buckets []float64 `mapstructure:"buckets"`
}

// Limits bound what is kept; each is at least 1. See the README for what happens beyond.
type Limits struct {
	// DimensionSets bounds the sets of dimension values in all; 20,000 by default.
	DimensionSets int `mapstructure:"dimension_sets"`
	// DimensionSetsPerResource bounds those of one resource; 2,000 by default.
	DimensionSetsPerResource int `mapstructure:"dimension_sets_per_resource"`
	// ValuesPerDimension bounds the different values of one dimension; 500 by default.
	ValuesPerDimension int `mapstructure:"values_per_dimension"`
	// Resources bounds the resources; 1,000 by default.
	Resources int `mapstructure:"resources"`
	// AttributeValueLength is the length in bytes at which attribute values are cut; 256 by default.
	AttributeValueLength int `mapstructure:"attribute_value_length"`
	// DataPointsPerBatch is the number of data points that go out at once; 8,192 by default.
	DataPointsPerBatch int `mapstructure:"data_points_per_batch"`
	// IdleExpiry is the time after which a set without requests is forgotten; 15m by default. It should
	// be longer than the pauses of a model that is in use, since a set that returns starts from zero.
	IdleExpiry time.Duration `mapstructure:"idle_expiry"`
}

// RecentRequests bounds the window of requests that are remembered.
type RecentRequests struct {
	// Size is the number of identities that are remembered, one or two for a request, 32 bytes of
	// memory each; 65,536 by default, 0 for none.
	Size int `mapstructure:"size"`
	// Age is the time for which they are remembered at least, if Size suffices; 5m by default.
	Age time.Duration `mapstructure:"age"`
}

// Commit decides which spans count.
type Commit string

// The choices for Commit.
const (
	CommitAccepted Commit = "accepted"
	CommitAlways   Commit = "always"
)

// Layer is the name of a layer.
type Layer string

var layers = map[Layer]inference.Layer{
	"client": inference.Client, "gateway": inference.Gateway, "server": inference.Server,
}

// minFlushInterval keeps a slip of the unit from keeping a core busy.
const minFlushInterval = 100 * time.Millisecond

// Default returns the configuration of a user who sets nothing.
func Default() *Config {
	limits := spanmetrics.DefaultLimits()
	return &Config{
		FlushInterval: 15 * time.Second,
		Commit:        CommitAccepted,
		Limits: Limits{
			DimensionSets:            limits.DimensionSets,
			DimensionSetsPerResource: limits.DimensionSetsPerResource,
			ValuesPerDimension:       limits.ValuesPerDimension,
			Resources:                limits.Resources,
			AttributeValueLength:     limits.TextLength,
			DataPointsPerBatch:       limits.PointsPerBatch,
			IdleExpiry:               limits.IdleExpiry,
		},
		RecentRequests: RecentRequests{Size: 65_536, Age: 5 * time.Minute},
	}
}

// Validate checks what concerns the configuration as a whole.
func (c *Config) Validate() error {
	var errs []error
	if c.FlushInterval < minFlushInterval {
		errs = append(errs, fmt.Errorf("flush_interval: must be at least %s, got %s", minFlushInterval, c.FlushInterval))
	}
	if len(c.CollectorID) > c.Limits.AttributeValueLength {
		errs = append(errs, fmt.Errorf("collector_id: must be no longer than limits::attribute_value_length (%d bytes), got %d bytes",
			c.Limits.AttributeValueLength, len(c.CollectorID)))
	}
	return errors.Join(append(errs, c.validateMetrics())...)
}

// validateMetrics checks that the metrics exist and that no two go out under one name.
func (c *Config) validateMetrics() error {
	var errs []error
	catalogue := spanmetrics.Catalogue()
	known := map[string]spanmetrics.Kind{}
	for _, in := range catalogue {
		known[in.Name] = in.Kind
	}
	for _, name := range slices.Sorted(maps.Keys(c.Metrics)) {
		kind, ok := known[name]
		if !ok {
			errs = append(errs, fmt.Errorf("metrics::%s: there is no such metric; there are %s",
				name, strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
		} else if kind != spanmetrics.Histogram && c.Metrics[name].Buckets != nil {
			errs = append(errs, fmt.Errorf("metrics::%s::buckets: the metric is a counter and has no buckets", name))
		}
	}
	owners := map[string]string{}
	for _, in := range catalogue {
		set := c.Metrics[in.Name]
		if !set.enabled() {
			continue
		}
		name := set.name(in.Name)
		if owner, taken := owners[name]; taken && owner != in.Name {
			errs = append(errs, fmt.Errorf("metrics::%s::name: %q is the name of %s already; every metric needs a name of its own",
				in.Name, name, owner))
		}
		owners[name] = in.Name
	}
	return errors.Join(errs...)
}

// Validate checks one of the choices.
func (c Commit) Validate() error {
	if c != CommitAccepted && c != CommitAlways {
		return fmt.Errorf("must be %q or %q, got %q", CommitAccepted, CommitAlways, string(c))
	}
	return nil
}

// Validate checks the layer's name.
func (l Layer) Validate() error {
	if _, ok := layers[l]; !ok {
		return fmt.Errorf("must be \"client\", \"gateway\" or \"server\", got %q", string(l))
	}
	return nil
}

// Validate checks the bounds of a histogram's buckets.
func (m Metric) Validate() error {
	if m.Buckets != nil && len(m.Buckets) == 0 {
		return errors.New("buckets: must have at least one bound, got none")
	}
	for i, bound := range m.Buckets {
		if math.IsNaN(bound) || math.IsInf(bound, 0) {
			return fmt.Errorf("buckets: every bound must be a finite number, got %v", bound)
		}
		if i > 0 && bound <= m.Buckets[i-1] {
			return fmt.Errorf("buckets: bounds must ascend, got %v after %v", bound, m.Buckets[i-1])
		}
	}
	return nil
}

func (m Metric) enabled() bool { return m.Enabled == nil || *m.Enabled }

func (m Metric) name(original string) string {
	if m.Name != "" {
		return m.Name
	}
	return original
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
	} {
		if limit.value < 1 {
			errs = append(errs, fmt.Errorf("%s: must be at least 1, got %d", limit.key, limit.value))
		}
	}
	if l.IdleExpiry <= 0 {
		errs = append(errs, fmt.Errorf("idle_expiry: must be above 0, got %s", l.IdleExpiry))
	}
	return errors.Join(errs...)
}

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

// Resource attributes that tell resources apart: those of all layers, and those that tell instances of
// gateways and engines apart. What clients measure adds up over their instances.
var (
	sharedResource = []string{
		"service.name", "service.namespace", "deployment.environment.name",
		"k8s.cluster.name", "k8s.namespace.name",
	}
	instanceResource = []string{"service.instance.id", "host.name", "k8s.pod.name"}
)

// Options compiles a valid configuration for an engine.
func (c *Config) Options() spanmetrics.Options {
	options := spanmetrics.Options{
		SharedResource:   sharedResource,
		InstanceResource: instanceResource,
		Collector:        c.CollectorID,
		Limits: spanmetrics.Limits{
			DimensionSets:            c.Limits.DimensionSets,
			DimensionSetsPerResource: c.Limits.DimensionSetsPerResource,
			ValuesPerDimension:       c.Limits.ValuesPerDimension,
			Resources:                c.Limits.Resources,
			TextLength:               c.Limits.AttributeValueLength,
			PointsPerBatch:           c.Limits.DataPointsPerBatch,
			IdleExpiry:               c.Limits.IdleExpiry,
		},
		Recent: spanmetrics.RecentWindow{Size: c.RecentRequests.Size, Age: c.RecentRequests.Age},
	}
	for _, l := range c.Layers {
		options.Layers = append(options.Layers, layers[l])
	}
	for _, in := range spanmetrics.Catalogue() {
		set := c.Metrics[in.Name]
		if !set.enabled() {
			continue
		}
		in.Name = set.name(in.Name)
		if set.Description != "" {
			in.Description = set.Description
		}
		if set.Buckets != nil {
			in.Bounds = set.Buckets
		}
		options.Instruments = append(options.Instruments, in)
	}
	return options
}
