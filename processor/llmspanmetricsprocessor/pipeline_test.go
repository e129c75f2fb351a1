// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector"
	"github.com/otelcol-llm/otelcol-llm/processor/llmspanmetricsprocessor"
)

// service is one collector: what all of its components share.
type service struct {
	telemetry component.TelemetrySettings
	id        component.ID
}

func newService() service {
	telemetry := componenttest.NewNopTelemetrySettings()
	telemetry.Resource.Attributes().PutStr("service.instance.id", "collector-1")
	return service{telemetry: telemetry, id: component.NewID(llmspanmetricsprocessor.NewFactory().Type())}
}

// newConnector returns the connector of the service with settings as a user writes them.
func (s service) newConnector(t *testing.T, written map[string]any, next consumer.Metrics) connector.Traces {
	t.Helper()
	factory := llmspanmetricsconnector.NewFactory()
	config := configure(t, factory.CreateDefaultConfig(), written)
	set := connectortest.NewNopSettings(factory.Type())
	set.ID, set.TelemetrySettings = s.id, s.telemetry
	set.BuildInfo.Version = "1.2.3"
	c, err := factory.CreateTracesToMetrics(context.Background(), set, config, next)
	require.NoError(t, err)
	return c
}

// newProcessor returns a processor of the service with settings as a user writes them.
func (s service) newProcessor(t *testing.T, written map[string]any, next consumer.Traces) processor.Traces {
	t.Helper()
	factory := llmspanmetricsprocessor.NewFactory()
	config := configure(t, factory.CreateDefaultConfig(), written)
	set := processortest.NewNopSettings(factory.Type())
	set.ID, set.TelemetrySettings = s.id, s.telemetry
	p, err := factory.CreateTraces(context.Background(), set, config, next)
	require.NoError(t, err)
	return p
}

func configure(t *testing.T, config component.Config, written map[string]any) component.Config {
	t.Helper()
	require.NoError(t, confmap.NewFromStringMap(written).Unmarshal(config))
	require.NoError(t, confmap.Validate(config))
	return config
}

// pipeline is a processor whose traces go to its connector, and what came out of the connector.
type pipeline struct {
	processor processor.Traces
	connector connector.Traces
	metrics   *consumertest.MetricsSink
}

// startPipeline starts a pipeline in the collector's order.
func startPipeline(t *testing.T, written map[string]any) pipeline {
	t.Helper()
	s, sink := newService(), new(consumertest.MetricsSink)
	c := s.newConnector(t, nil, sink)
	p := pipeline{processor: s.newProcessor(t, written, c), connector: c, metrics: sink}
	require.NoError(t, p.connector.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, p.processor.Start(context.Background(), componenttest.NewNopHost()))
	return p
}

// stop stops the pipeline in the collector's order.
func (p pipeline) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, p.processor.Shutdown(context.Background()))
	require.NoError(t, p.connector.Shutdown(context.Background()))
}
