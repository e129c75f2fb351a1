// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// costs adds up llm.cost over the last delivery.
func costs(sink *consumertest.MetricsSink) (total float64) {
	all := sink.AllMetrics()
	for _, rm := range all[len(all)-1].ResourceMetrics().All() {
		for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
			if m.Name() != "llm.cost" {
				continue
			}
			for _, p := range m.Sum().DataPoints().All() {
				total += costOf(p)
			}
		}
	}
	return total
}

func costOf(p pmetric.NumberDataPoint) float64 {
	if source, _ := p.Attributes().Get("llm.cost.source"); source.Str() != "computed" {
		return 0
	}
	return p.DoubleValue()
}

func TestAChangedPriceListIsReadAndABrokenOneLeavesTheLastGoodOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.json")
	write := func(list string, at time.Time) {
		require.NoError(t, os.WriteFile(file, []byte(list), 0o600))
		require.NoError(t, os.Chtimes(file, at, at))
	}
	begin := time.Now().Add(-time.Hour)
	write(`{"gpt-4o-0": {"input_cost_per_token": 0.001, "output_cost_per_token": 0}}`, begin)

	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	cfg, sink := config.Default(), new(consumertest.MetricsSink)
	cfg.DecisionWait = 0
	cfg.FlushInterval = time.Hour
	cfg.Prices.File = file
	d, err := Start(testID, cfg.Compile(), tel.NewTelemetrySettings(), "", sink)
	require.NoError(t, err)
	defer d.release()

	failures := func() int64 {
		m, err := tel.GetMetric("otelcol_llm_span_metrics_price_list_errors")
		require.NoError(t, err, "the counter is there before the first error, or nobody would see it grow")
		return m.Data.(metricdata.Sum[int64]).DataPoints[0].Value
	}
	commit(d, tracetest.Shape{Spans: 1}) // 1,200 input tokens
	d.prices.refresh()
	assert.Zero(t, failures(), "an unchanged list is left alone")

	write(`{"gpt-4o-0": {"input_cost_per_token": -1}}`, begin.Add(time.Minute))
	d.prices.refresh()
	d.prices.refresh()
	assert.EqualValues(t, 2, failures(), "each attempt is counted, so that the counter grows while the list is broken")
	commit(d, tracetest.Shape{Spans: 1, First: 1})

	require.NoError(t, os.Remove(file))
	d.prices.refresh()
	d.prices.refresh()
	assert.EqualValues(t, 4, failures(), "a missing list, too")
	commit(d, tracetest.Shape{Spans: 1, First: 2})

	write(`{"gpt-4o-0": {"input_cost_per_token": 0.002, "output_cost_per_token": 0}}`, begin.Add(2*time.Minute))
	d.prices.refresh()
	assert.EqualValues(t, 4, failures())
	commit(d, tracetest.Shape{Spans: 1, First: 3})
	commit(d, tracetest.Shape{Spans: 2, Sets: 2, First: 4}) // one of them of a model without price
	require.NoError(t, d.Stop(background))
	assert.InDelta(t, 1200*(3*0.001+2*0.002), costs(sink), 1e-9)
	unpriced, err := tel.GetMetric("otelcol_llm_span_metrics_unpriced_requests")
	require.NoError(t, err)
	assert.EqualValues(t, 1, unpriced.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
}

func TestTheAgeOfThePriceListAndWhatWasAssumedAreShown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.json")
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	cfg := config.Default()
	cfg.DecisionWait = 0
	cfg.FlushInterval = time.Hour
	cfg.Prices.File = file
	d, err := Start(testID, cfg.Compile(), tel.NewTelemetrySettings(), "", new(consumertest.MetricsSink))
	require.NoError(t, err)
	defer d.release()
	_, err = tel.GetMetric("otelcol_llm_span_metrics_price_list_age")
	require.Error(t, err, "no list, no age")

	require.NoError(t, os.WriteFile(file, []byte(`{"gpt-4o-0": {"input_cost_per_token": 1e-3, "input_cost_per_token_flex": 1e-4,
		"output_cost_per_token": 0}}`), 0o600))
	require.NoError(t, os.Chtimes(file, time.Time{}, time.Now().Add(-48*time.Hour)))
	d.prices.refresh()
	require.NoError(t, os.WriteFile(file, []byte("[]"), 0o600))
	d.prices.refresh()
	age, err := tel.GetMetric("otelcol_llm_span_metrics_price_list_age")
	require.NoError(t, err)
	assert.InDelta(t, 48*3600, age.Data.(metricdata.Gauge[float64]).DataPoints[0].Value, 60, "that of the last good list")

	commit(d, tracetest.Shape{Spans: 3}) // without a service tier
	assumed, err := tel.GetMetric("otelcol_llm_span_metrics_assumed_prices")
	require.NoError(t, err)
	counts := map[string]int64{}
	for _, p := range assumed.Data.(metricdata.Sum[int64]).DataPoints {
		assumption, _ := p.Attributes.Value("assumption")
		counts[assumption.AsString()] = p.Value
	}
	assert.Equal(t, map[string]int64{"service_tier": 3, "cache_ttl": 0, "modality": 0}, counts)
	require.NoError(t, d.Stop(background))
}

// What cannot be priced is still counted: metrics never end the collector.
func TestAPriceListThatIsMissingOrBrokenAtTheStartIsReadLater(t *testing.T) {
	for name, broken := range map[string]func(file string) error{
		"missing":  func(string) error { return nil },
		"broken":   func(file string) error { return os.WriteFile(file, []byte("[]"), 0o600) },
		"a folder": func(file string) error { return os.Mkdir(file, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "prices.json")
			require.NoError(t, broken(file))
			core, logs := observer.New(zap.InfoLevel)
			set := componenttest.NewNopTelemetrySettings()
			set.Logger = zap.New(core)
			perMillion := 1000.
			cfg, sink := config.Default(), new(consumertest.MetricsSink)
			cfg.DecisionWait = 0
			cfg.FlushInterval = time.Hour
			cfg.Prices.File = file
			cfg.Prices.Models = []config.ModelPrice{{Model: "gpt-4o-1", TokenPrices: config.TokenPrices{Input: &perMillion, Output: new(float64)}}}
			d, err := Start(testID, cfg.Compile(), set, "", sink)
			require.NoError(t, err)
			defer d.release()
			d.prices.refresh()
			assert.Equal(t, 1, logs.FilterLevelExact(zap.ErrorLevel).Len(), "logged once while nothing changes")
			commit(d, tracetest.Shape{Spans: 2, Sets: 2}) // 1,200 input tokens each; the second model has a price of the user's own

			require.NoError(t, os.RemoveAll(file))
			require.NoError(t, os.WriteFile(file, []byte(`{"gpt-4o-0": {"input_cost_per_token": 0.002, "output_cost_per_token": 0}}`), 0o600))
			d.prices.refresh()
			commit(d, tracetest.Shape{Spans: 1, First: 2})
			require.NoError(t, d.Stop(background))
			assert.InDelta(t, 1200*(0.001+0.002), costs(sink), 1e-9)
		})
	}
}

// What a start survives, `otelcol validate` reports.
func TestValidateReadsThePriceList(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "prices.json")
	require.NoError(t, os.WriteFile(broken, []byte("[]"), 0o600))
	for file, want := range map[string]string{
		"/nowhere/prices.json": "prices::file: open /nowhere/prices.json",
		broken:                 "no price list in LiteLLM's format",
	} {
		cfg := config.Default()
		cfg.DecisionWait = 0
		cfg.Prices.File = file
		validating := componenttest.NewNopTelemetrySettings()
		assert.ErrorContains(t, CheckFiles(cfg, validating), want)
		starting := validating
		starting.Logger = zap.NewExample()
		assert.NoError(t, CheckFiles(cfg, starting))
	}
}

func TestOverridesStayInPlaceWhenThePriceListChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"gpt-4o-0": {"input_cost_per_token": 1, "output_cost_per_token": 1}}`), 0o600))
	require.NoError(t, os.Chtimes(file, time.Time{}, time.Now().Add(-time.Hour)))
	perMillion, free := 1000., 0.
	cfg, sink := config.Default(), new(consumertest.MetricsSink)
	cfg.DecisionWait = 0
	cfg.FlushInterval = time.Hour
	// Another attribute that is read comes first.
	cfg.Dimensions = []config.Dimension{{Attribute: "thread.name"}}
	cfg.Prices = config.Prices{File: file, Overrides: []config.PriceOverride{{
		Attribute: "service.name", From: "resource", Value: "service-0",
		Models: []config.ModelPrice{{Model: "*", TokenPrices: config.TokenPrices{Input: &perMillion, Output: &free}}},
	}}}
	d, err := Start(testID, cfg.Compile(), componenttest.NewNopTelemetrySettings(), "", sink)
	require.NoError(t, err)
	defer d.release()
	commit(d, tracetest.Shape{Spans: 1}) // 1,200 input tokens
	require.NoError(t, os.WriteFile(file, []byte(`{"gpt-4o-0": {"input_cost_per_token": 2, "output_cost_per_token": 2}}`), 0o600))
	d.prices.refresh()
	commit(d, tracetest.Shape{Spans: 1, First: 1})
	require.NoError(t, d.Stop(background))
	assert.InDelta(t, 2*1.2, costs(sink), 1e-9)
}
