// SPDX-License-Identifier: Apache-2.0

package enginemetrics

import (
	"math"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/scraper"

	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// Config switches metrics, their attributes and the attributes of the resource.
type Config = metadata.MetricsBuilderConfig

// DefaultConfig is what metadata.yaml says.
func DefaultConfig() Config { return metadata.NewDefaultMetricsBuilderConfig() }

// ScopeName is the instrumentation scope of all metrics of this package.
var ScopeName = metadata.ScopeName

// Stability is that of the metrics.
const Stability = metadata.MetricsStability

// Recorder makes metrics of readings. It is not safe for concurrent use.
type Recorder struct {
	builder *metadata.MetricsBuilder
	reasons bool // the attribute llm.engine.waiting.reason is on
}

// NewRecorder makes a recorder.
func NewRecorder(config Config, telemetry component.TelemetrySettings, info component.BuildInfo) *Recorder {
	return &Recorder{
		builder: metadata.NewMetricsBuilder(config, scraper.Settings{TelemetrySettings: telemetry, BuildInfo: info}),
		reasons: slices.Contains(config.Metrics.LlmEngineRequestsWaiting.EnabledAttributes,
			metadata.LlmEngineRequestsWaitingMetricAttributeKeyLlmEngineWaitingReason),
	}
}

// Target is who was read.
type Target struct {
	// Engine and Version are those of the engine; empty where they are not known.
	Engine, Version string
	// Address and Port are those of the endpoint; empty and 0 where Resource has them already.
	Address string
	Port    int64
	// Instance identifies the endpoint; empty where Resource does already.
	Instance string
	// Resource are further attributes. They are copied, and win over the others.
	Resource pcommon.Map
}

// State is the values of a target at a time.
type State struct {
	Readings []llmengine.Reading
	// Status is the value of llm.engine.state; empty for no such metric.
	Status string
	// Start is when the counters began; 0 if that is not known.
	Start pcommon.Timestamp
	Time  pcommon.Timestamp
	// Ended says that the series have no values any more: their points say so.
	Ended bool
}

// Record appends the metrics of a target. Nothing is appended where there is nothing to say.
func (r *Recorder) Record(to pmetric.ResourceMetricsSlice, target Target, state State) {
	builder := r.builder.NewResourceBuilder()
	for _, attribute := range []struct {
		value string
		set   func(string)
	}{
		{target.Engine, builder.SetLlmEngineName},
		{target.Version, builder.SetLlmEngineVersion},
		{target.Address, builder.SetServerAddress},
		{target.Instance, builder.SetServiceInstanceID},
	} {
		if attribute.value != "" {
			attribute.set(attribute.value)
		}
	}
	if target.Port != 0 {
		builder.SetServerPort(target.Port)
	}
	resource := builder.Emit()
	for key, value := range target.Resource.All() {
		value.CopyTo(resource.Attributes().PutEmpty(key))
	}
	r.builder.Reset(metadata.WithStartTime(state.Start))
	if state.Status != "" {
		for _, name := range llmengine.States {
			value := int64(0)
			if name == state.Status {
				value = 1
			}
			r.builder.RecordLlmEngineStatusDataPoint(state.Time, value, metadata.MapAttributeLlmEngineState[name])
		}
	}
	parts := slices.ContainsFunc(state.Readings, func(reading llmengine.Reading) bool {
		return reading.Concept == llmengine.Waiting && reading.Attrs[0] != ""
	})
	totals := slices.ContainsFunc(state.Readings, func(reading llmengine.Reading) bool {
		return reading.Concept == llmengine.Waiting && reading.Attrs[0] == ""
	})
	for i := range state.Readings {
		reading := &state.Readings[i]
		if reading.Concept == llmengine.Waiting {
			// The total and its parts are not added up.
			if isPart := reading.Attrs[0] != ""; isPart && !r.reasons && totals || !isPart && r.reasons && parts {
				continue
			}
		}
		if record := recorders[reading.Concept]; record != nil {
			record(r.builder, state.Time, reading)
		}
	}
	metrics := r.builder.Emit(metadata.WithResource(resource))
	if metrics.ResourceMetrics().Len() == 0 && !slices.ContainsFunc(state.Readings, isHistogram) {
		return
	}
	var resourceMetrics pmetric.ResourceMetrics
	if metrics.ResourceMetrics().Len() > 0 {
		resourceMetrics = metrics.ResourceMetrics().At(0)
	} else {
		resourceMetrics = metrics.ResourceMetrics().AppendEmpty()
		resource.CopyTo(resourceMetrics.Resource())
		resourceMetrics.ScopeMetrics().AppendEmpty().Scope().SetName(ScopeName)
	}
	scope := resourceMetrics.ScopeMetrics().At(0)
	appendHistograms(scope.Metrics(), state)
	finish(scope.Metrics(), state)
	if state.Ended {
		split(scope.Metrics())
	}
	resourceMetrics.MoveTo(to.AppendEmpty())
}

type (
	builder  = metadata.MetricsBuilder
	stamp    = pcommon.Timestamp
	reading  = llmengine.Reading
	recorder func(*builder, stamp, *reading)
)

// integer, float and so on record a metric that has as many attributes of its own as their names say.
func integer(record func(*builder, stamp, int64, string, string)) recorder {
	return func(b *builder, ts stamp, r *reading) { record(b, ts, whole(r.Value), r.Model, r.Index) }
}

func integer1(record func(*builder, stamp, int64, string, string, string)) recorder {
	return func(b *builder, ts stamp, r *reading) { record(b, ts, whole(r.Value), r.Model, r.Index, r.Attrs[0]) }
}

func integer2(record func(*builder, stamp, int64, string, string, string, string)) recorder {
	return func(b *builder, ts stamp, r *reading) {
		record(b, ts, whole(r.Value), r.Model, r.Index, r.Attrs[0], r.Attrs[1])
	}
}

func float(record func(*builder, stamp, float64, string, string)) recorder {
	return func(b *builder, ts stamp, r *reading) { record(b, ts, r.Value, r.Model, r.Index) }
}

func float1(record func(*builder, stamp, float64, string, string, string)) recorder {
	return func(b *builder, ts stamp, r *reading) { record(b, ts, r.Value, r.Model, r.Index, r.Attrs[0]) }
}

// whole rounds; beyond what an integer holds it is the highest one.
func whole(value float64) int64 {
	if value >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(math.Round(value))
}

// recorders say what becomes of each concept. Distributions are appended apart, and flags are no metrics.
var recorders = [llmengine.NumConcepts]recorder{
	llmengine.Running:           integer((*builder).RecordLlmEngineRequestsRunningDataPoint),
	llmengine.Waiting:           integer1((*builder).RecordLlmEngineRequestsWaitingDataPoint),
	llmengine.Limit:             integer((*builder).RecordLlmEngineRequestsLimitDataPoint),
	llmengine.Requests:          integer2((*builder).RecordLlmEngineRequestsDataPoint),
	llmengine.KVUtilization:     float((*builder).RecordLlmEngineKvCacheUtilizationDataPoint),
	llmengine.KVUsage:           integer((*builder).RecordLlmEngineKvCacheUsageDataPoint),
	llmengine.KVLimit:           integer((*builder).RecordLlmEngineKvCacheLimitDataPoint),
	llmengine.PrefixQueries:     integer1((*builder).RecordLlmEnginePrefixCacheQueriesDataPoint),
	llmengine.PrefixHits:        integer1((*builder).RecordLlmEnginePrefixCacheHitsDataPoint),
	llmengine.PrefixHitRatio:    float((*builder).RecordLlmEnginePrefixCacheHitRatioDataPoint),
	llmengine.Preemptions:       integer((*builder).RecordLlmEnginePreemptionsDataPoint),
	llmengine.BatchSize:         float((*builder).RecordLlmEngineBatchSizeDataPoint),
	llmengine.Batches:           integer1((*builder).RecordLlmEngineBatchesDataPoint),
	llmengine.InputTokens:       integer((*builder).RecordLlmEngineUsageInputTokensDataPoint),
	llmengine.OutputTokens:      integer((*builder).RecordLlmEngineUsageOutputTokensDataPoint),
	llmengine.CachedInputTokens: integer((*builder).RecordLlmEngineUsageCacheReadInputTokensDataPoint),
	llmengine.DraftTokens:       integer((*builder).RecordLlmEngineSpeculationDraftTokensDataPoint),
	llmengine.AcceptedTokens:    integer((*builder).RecordLlmEngineSpeculationAcceptedTokensDataPoint),
	llmengine.AcceptanceRatio:   float((*builder).RecordLlmEngineSpeculationAcceptanceRatioDataPoint),
	llmengine.ModelLoaded:       integer((*builder).RecordLlmEngineModelLoadedDataPoint),
	llmengine.ModelMemory:       integer2((*builder).RecordLlmEngineModelMemoryUsageDataPoint),
	llmengine.LoadDuration:      float1((*builder).RecordLlmEngineModelLoadDurationDataPoint),
	llmengine.LoRAAdapters:      integer2((*builder).RecordLlmEngineLoraAdaptersDataPoint),
	llmengine.LoRALimit:         integer((*builder).RecordLlmEngineLoraLimitDataPoint),
}

// OfSpans are the metrics that are made of engines' spans, too.
var OfSpans = []string{
	llmengine.Concepts[llmengine.RequestDuration].Metric, llmengine.Concepts[llmengine.TimeToFirstToken].Metric,
	llmengine.Concepts[llmengine.TimePerOutputToken].Metric,
}

// LeaveOut removes what is made of the engine's spans, too, and says how much that was.
func LeaveOut(readings []llmengine.Reading) (kept []llmengine.Reading, left int) {
	kept = slices.DeleteFunc(readings, func(r llmengine.Reading) bool {
		return slices.Contains(OfSpans, llmengine.Concepts[r.Concept].Metric)
	})
	return kept, len(readings) - len(kept)
}

// histograms describe the distributions, which mdatagen does not build. Those that are made of spans, too, have the same descriptions:
// the Prometheus exporter logs others at each scrape.
var histograms = map[llmengine.Concept]string{
	llmengine.QueueDuration:      "Time that requests waited in the queue.",
	llmengine.RequestDuration:    "Duration of requests as the engine sees them.",
	llmengine.TimeToFirstToken:   "Time from a request's arrival at the engine to its first token, for successful requests.",
	llmengine.TimePerOutputToken: "Time per output token after the first, for successful requests.",
}

func isHistogram(r llmengine.Reading) bool { return r.Histogram != nil }

func appendHistograms(metrics pmetric.MetricSlice, state State) {
	byConcept := map[llmengine.Concept]pmetric.Metric{}
	for i := range state.Readings {
		r := &state.Readings[i]
		if r.Histogram == nil {
			continue
		}
		metric, found := byConcept[r.Concept]
		if !found {
			metric = metrics.AppendEmpty()
			byConcept[r.Concept] = metric
			metric.SetName(llmengine.Concepts[r.Concept].Metric)
			metric.SetDescription(histograms[r.Concept])
			metric.SetUnit("s")
			metric.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
		}
		point := metric.Histogram().DataPoints().AppendEmpty()
		point.SetStartTimestamp(state.Start)
		point.SetTimestamp(state.Time)
		point.SetCount(r.Histogram.Count())
		point.SetSum(r.Histogram.Sum)
		point.ExplicitBounds().FromRaw(r.Histogram.Bounds)
		point.BucketCounts().FromRaw(r.Histogram.Counts)
		point.Attributes().PutStr("gen_ai.request.model", r.Model)
		point.Attributes().PutStr("llm.engine.index", r.Index)
	}
}

// finish removes attributes that are not known and marks series that have ended.
func finish(metrics pmetric.MetricSlice, state State) {
	for _, metric := range metrics.All() {
		switch metric.Type() {
		case pmetric.MetricTypeGauge:
			for _, point := range metric.Gauge().DataPoints().All() {
				point.SetStartTimestamp(0)
				finishPoint(point.Attributes(), point.SetFlags, state)
			}
		case pmetric.MetricTypeSum:
			for _, point := range metric.Sum().DataPoints().All() {
				if !metric.Sum().IsMonotonic() {
					point.SetStartTimestamp(0)
				}
				finishPoint(point.Attributes(), point.SetFlags, state)
			}
		case pmetric.MetricTypeHistogram:
			for _, point := range metric.Histogram().DataPoints().All() {
				finishPoint(point.Attributes(), point.SetFlags, state)
			}
		default: // none of the vocabulary
		}
	}
}

func finishPoint(attributes pcommon.Map, setFlags func(pmetric.DataPointFlags), state State) {
	attributes.RemoveIf(func(_ string, value pcommon.Value) bool {
		return value.Type() == pcommon.ValueTypeStr && value.Str() == ""
	})
	if state.Ended {
		setFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
	}
}

// split makes a metric of each point. The Prometheus exporter (v0.159.0) reads a metric up to the first point without a value and
// no further. The series of the others would stay.
func split(metrics pmetric.MetricSlice) {
	single := pmetric.NewMetricSlice()
	for _, metric := range metrics.All() {
		for i := range points(metric) {
			one := single.AppendEmpty()
			metric.CopyTo(one)
			n := -1
			other := func() bool { n++; return n != i }
			switch one.Type() {
			case pmetric.MetricTypeSum:
				one.Sum().DataPoints().RemoveIf(func(pmetric.NumberDataPoint) bool { return other() })
			case pmetric.MetricTypeHistogram:
				one.Histogram().DataPoints().RemoveIf(func(pmetric.HistogramDataPoint) bool { return other() })
			default:
				one.Gauge().DataPoints().RemoveIf(func(pmetric.NumberDataPoint) bool { return other() })
			}
		}
	}
	single.CopyTo(metrics)
}

func points(metric pmetric.Metric) int {
	switch metric.Type() {
	case pmetric.MetricTypeSum:
		return metric.Sum().DataPoints().Len()
	case pmetric.MetricTypeHistogram:
		return metric.Histogram().DataPoints().Len()
	default:
		return metric.Gauge().DataPoints().Len()
	}
}
