// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsconnector

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// base offers an outlet to processors while it runs, and reads itself if none came. The collector makes one for traces and one
// for logs, which share the outlet.
type base struct {
	key    handover.Key
	signal llm.Signal
	next   consumer.Metrics
	outlet *delivery.Outlet
	port   *delivery.Port // nil unless started
}

func newBase(set connector.Settings, cfg *Config, signal llm.Signal, next consumer.Metrics) base {
	return base{
		key:    handover.NewKey(set.TelemetrySettings, set.ID),
		signal: signal,
		next:   next,
		outlet: delivery.NewOutlet(set.ID, set.TelemetrySettings, set.BuildInfo.Version, &cfg.Settings, cfg.written),
	}
}

// Start offers the outlet to the processors, which start later.
func (c *base) Start(_ context.Context, host component.Host) error {
	standing := delivery.Outlets.Offer(c.key, c.outlet)
	if standing == c.outlet {
		c.outlet.Warn(host)
	}
	port, err := standing.Open(c.signal, c.next)
	if err != nil {
		return err
	}
	c.outlet, c.port = standing, port
	return nil
}

// Shutdown delivers what was read, unless the connector of another signal goes on. The collector shuts down the receivers and
// processors before, and the metrics pipelines after.
func (c *base) Shutdown(ctx context.Context) error {
	if c.port == nil {
		return nil
	}
	last, err := c.port.Close(ctx)
	if last {
		delivery.Outlets.Withdraw(c.key, c.outlet)
	}
	return err
}

// Capabilities says that data are not changed, so that pipelines may share them.
func (*base) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// own returns the delivery that the connector reads for, or nil if processors read, or it does not run.
func (c *base) own() (*delivery.Delivery, error) {
	if c.port == nil {
		return nil, nil
	}
	d, err := c.port.Own()
	if err != nil {
		return nil, consumererror.NewPermanent(err)
	}
	return d, nil
}

// tracesConnector reads spans.
type tracesConnector struct{ base }

var _ connector.Traces = (*tracesConnector)(nil)

// ConsumeTraces counts the requests at once, unless processors read them. A connector is one of several
// branches and cannot know whether another one refuses the traces.
func (c *tracesConnector) ConsumeTraces(_ context.Context, traces ptrace.Traces) error {
	d, err := c.own()
	if d != nil {
		d.Commit(d.Read(traces))
	}
	return err
}

// logsConnector reads log records.
type logsConnector struct{ base }

var _ connector.Logs = (*logsConnector)(nil)

// ConsumeLogs counts the requests at once, as ConsumeTraces does.
func (c *logsConnector) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	d, err := c.own()
	if d != nil {
		d.Commit(d.ReadLogs(logs))
	}
	return err
}
