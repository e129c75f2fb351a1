// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsconnector

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.uber.org/zap/zaptest"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var background = context.Background()

func TestWithoutProcessorTheConnectorReadsTheSpansItself(t *testing.T) {
	factory, sink := NewFactory(), new(consumertest.MetricsSink)
	set := connectortest.NewNopSettings(factory.Type())
	c, err := factory.CreateTracesToMetrics(background, set, factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, c.Start(background, componenttest.NewNopHost()))
	traces := tracetest.Make(tracetest.Shape{Spans: 10})
	traces.MarkReadOnly()
	require.NoError(t, c.ConsumeTraces(background, traces))
	require.Empty(t, sink.AllMetrics())
	require.NoError(t, c.Shutdown(background))
	require.Len(t, sink.AllMetrics(), 1, "what was read is delivered at the end")
	assert.False(t, c.Capabilities().MutatesData)
	require.NoError(t, c.ConsumeTraces(background, traces), "late spans do no harm")
}

// `otelcol validate` builds components with a logger that writes nothing.
func TestAPriceListThatCannotBeReadIsFoundByValidateAlone(t *testing.T) {
	factory := NewFactory()
	cfg := factory.CreateDefaultConfig().(*Config)
	cfg.Settings.Prices.File = filepath.Join(t.TempDir(), "none.json")
	set := connectortest.NewNopSettings(factory.Type())
	_, err := factory.CreateTracesToMetrics(background, set, cfg, consumertest.NewNop())
	require.ErrorContains(t, err, "prices::file: ")
	set.Logger = zaptest.NewLogger(t)
	c, err := factory.CreateTracesToMetrics(background, set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, c.Start(background, componenttest.NewNopHost()))
	require.NoError(t, c.ConsumeTraces(background, tracetest.Make(tracetest.Shape{Spans: 1})))
	require.NoError(t, c.Shutdown(background))
}

func TestTwoConnectorsOfOneIDInAServiceAreRefused(t *testing.T) {
	factory := NewFactory()
	set := connectortest.NewNopSettings(factory.Type())
	for i, want := range []string{"", "is running in this service already"} {
		c, err := factory.CreateTracesToMetrics(background, set, factory.CreateDefaultConfig(), consumertest.NewNop())
		require.NoError(t, err)
		err = c.Start(background, componenttest.NewNopHost())
		if i == 0 {
			require.NoError(t, err)
			defer func() { require.NoError(t, c.Shutdown(background)) }()
		} else {
			require.ErrorContains(t, err, want)
		}
	}
}

func TestTheKeysThatTheUserWroteAreKnown(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"flush_interval": "15s",
		"limits":         map[string]any{"resources": 1000},
	}).Unmarshal(cfg))
	assert.Equal(t, []string{"flush_interval", "limits::resources"}, cfg.written,
		"a default that was written counts as written")
	assert.NoError(t, confmap.Validate(cfg))
}

func TestSettingsAreCheckedAsTheProcessors(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	assert.ErrorContains(t, confmap.NewFromStringMap(map[string]any{"flush": "15s"}).Unmarshal(cfg),
		"flush: there is no such setting")
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"flush_interval": "-1s"}).Unmarshal(cfg))
	assert.ErrorContains(t, confmap.Validate(cfg), "flush_interval: must be at least 100ms, got -1s")
}

func TestAConnectorCannotEnrichSpans(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"enrichment": map[string]any{"enabled": true}}).Unmarshal(cfg))
	assert.ErrorContains(t, confmap.Validate(cfg),
		"enrichment::enabled: must be false on a connector, which hands no spans on; to enrich them, set it on a processor of the same name")
}
