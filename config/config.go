// SPDX-License-Identifier: Apache-2.0

//go:generate go run ./configdoc ../docs/settings.md

// Package config is what users may set on the processor or, where there is none, on the connector.
package config

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/otelcol-llm/otelcol-llm/internal/confcheck"
)

// Config is the configuration of llm_span_metrics.
type Config struct {
	// FlushInterval is the time between two deliveries of all metrics; at least 100ms, 15s by default.
	FlushInterval time.Duration `mapstructure:"flush_interval"`
	// Commit decides which spans count. "accepted" (default) counts a batch once the next component has accepted it or
	// rejected it permanently. "always" counts every span that arrives, for pipelines whose backend may be away for long. A
	// batch that its sender repeats then counts once only as long as recent_requests remembers it.
	Commit Commit `mapstructure:"commit"`
	// DecisionWait is how long nothing new has to describe a request before it is counted; 7s by default. It is between 100ms and
	// 1m, or 0, which counts each request as it comes. Spans of one request come in different batches. The wait should be two
	// seconds longer than the longest export interval of the senders. That is 5s in OpenTelemetry SDKs. A request that shows that
	// something is to come, such as an attempt that failed, waits for up to 60s. Metrics are later by as much.
	DecisionWait time.Duration `mapstructure:"decision_wait"`
	// Temporality is "cumulative" (default), running totals, or "delta", what was added since the last
	// delivery. Prometheus wants cumulative; see the README.
	Temporality Temporality `mapstructure:"temporality"`
	// ZeroPoint sends a point of value zero before the first point of a cumulative series; off by default. It is for backends
	// that take the first point for no increase.
	ZeroPoint bool `mapstructure:"zero_point"`
	// Exemplars names requests as examples of the histograms' values; on by default.
	Exemplars bool `mapstructure:"exemplars"`
	// Layers are the layers to count: client, gateway, server. All by default.
	Layers []Layer `mapstructure:"layers"`
	// Semconv chooses the names of the conventions' metrics. "v1.41" (default) is the last release, "development" what the
	// conventions are becoming, "both" gives both.
	Semconv Semconv `mapstructure:"semconv"`
	// Histograms is how all histograms spread their values unless the metric says otherwise. "explicit" (default) and
	// "exponential" are kinds of buckets; "none" keeps count and sum.
	Histograms Histogram `mapstructure:"histograms"`
	// ExponentialMaxSize bounds the buckets of an exponential histogram; 160 by default, 2 to 1,024.
	ExponentialMaxSize int `mapstructure:"exponential_max_size"`
	// Dimensions are further attributes of all metrics.
	Dimensions []Dimension `mapstructure:"dimensions"`
	// Metrics changes single metrics, by their name.
	Metrics map[string]Metric `mapstructure:"metrics"`
	// CustomMetrics are metrics of the user's own, by their name.
	CustomMetrics map[string]CustomMetric `mapstructure:"custom_metrics"`
	// Targets are service levels that requests meet or do not, by their name.
	Targets map[string]Target `mapstructure:"targets"`
	// Reading configures keys, names and models that cannot be inferred from spans.
	Reading Reading `mapstructure:"reading"`
	// Prices compute the cost of requests whose spans do not report it; none by default.
	Prices Prices `mapstructure:"prices"`
	// Enrichment writes what was derived from spans back to them; off by default.
	Enrichment Enrichment `mapstructure:"enrichment"`
	// Limits bound the memory and the number of series.
	Limits Limits `mapstructure:"limits"`
	// RecentRequests is the window in which a repeated span is recognised.
	RecentRequests RecentRequests `mapstructure:"recent_requests"`
	// CollectorID identifies this collector on the metrics' resource (llm.collector.id). By default it is the service.instance.id
	// that the collector's own telemetry is configured with. Else it is the host's name, which is the pod's in Kubernetes.
	CollectorID string `mapstructure:"collector_id"`
	// CollectorIDOnPoints puts llm.collector.id on every data point, too, for backends that drop resource
	// attributes; off by default.
	CollectorIDOnPoints bool `mapstructure:"collector_id_on_points"`
}

// Commit decides which spans count.
type Commit string

// The choices for Commit.
const (
	CommitAccepted Commit = "accepted"
	CommitAlways   Commit = "always"
)

// Temporality is what the numbers of a delivery count from.
type Temporality string

// The choices for Temporality.
const (
	Cumulative Temporality = "cumulative"
	Delta      Temporality = "delta"
)

// Default returns the default configuration.
func Default() *Config {
	return &Config{
		FlushInterval:      15 * time.Second,
		Commit:             CommitAccepted,
		DecisionWait:       7 * time.Second,
		Temporality:        Cumulative,
		Exemplars:          true,
		Semconv:            V141,
		Histograms:         Explicit,
		ExponentialMaxSize: 160,
		Prices:             Prices{Assume: PriceAssumptions{ServiceTier: "standard", CacheTTL: CacheFiveMinutes}},
		Reading:            Reading{EstimatedTokens: true},
		Limits:             defaultLimits(),
		RecentRequests:     RecentRequests{Size: 65_536, Age: 5 * time.Minute},
	}
}

var _ confmap.Unmarshaler = (*Config)(nil)

// Unmarshal reads what the user wrote. Mistakes are named with their key, value and what is allowed.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return confcheck.Unmarshal(conf, c) }

// Validate checks one of the choices.
func (c Commit) Validate() error {
	if c != CommitAccepted && c != CommitAlways {
		return fmt.Errorf("must be %q or %q, got %q", CommitAccepted, CommitAlways, string(c))
	}
	return nil
}

// Validate checks one of the choices.
func (t Temporality) Validate() error {
	if t != Cumulative && t != Delta {
		return fmt.Errorf("must be %q or %q, got %q", Cumulative, Delta, string(t))
	}
	return nil
}
