// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsconnector

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
)

// tracesConnector offers an outlet to processors while it runs, and reads spans itself if none came.
type tracesConnector struct {
	key    handover.Key
	outlet *delivery.Outlet
}

var _ connector.Traces = (*tracesConnector)(nil)

func newConnector(set connector.Settings, cfg *Config, next consumer.Metrics) *tracesConnector {
	return &tracesConnector{
		key: handover.NewKey(set.TelemetrySettings, set.ID),
		outlet: delivery.NewOutlet(
			set.ID, set.TelemetrySettings, set.BuildInfo.Version, next, &cfg.Settings, cfg.written),
	}
}

// Start offers the outlet to the processors, which start later.
func (c *tracesConnector) Start(_ context.Context, host component.Host) error {
	c.outlet.Warn(host)
	return delivery.Outlets.Offer(c.key, c.outlet)
}

// Shutdown delivers what was read. The collector shuts down the receivers and processors before, and the
// metrics pipelines after.
func (c *tracesConnector) Shutdown(ctx context.Context) error {
	delivery.Outlets.Withdraw(c.key, c.outlet)
	return c.outlet.Close(ctx)
}

// Capabilities says that spans are not changed, so that pipelines may share them.
func (*tracesConnector) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// ConsumeTraces counts the requests at once, unless processors read them. A connector is one of several
// branches and cannot know whether another one refuses the traces.
func (c *tracesConnector) ConsumeTraces(_ context.Context, traces ptrace.Traces) error {
	d, err := c.outlet.Own()
	if err != nil {
		return consumererror.NewPermanent(err)
	}
	if d != nil {
		d.Commit(d.Read(traces))
	}
	return nil
}
