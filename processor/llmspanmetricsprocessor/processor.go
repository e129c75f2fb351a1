// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// base is what the processors of all signals have in common.
type base struct {
	id       component.ID
	key      handover.Key
	signal   llm.Signal
	compiled *config.Compiled

	delivery *delivery.Delivery
	detach   func() // nil unless started
}

func newBase(set processor.Settings, cfg *Config, signal llm.Signal) base {
	return base{
		id:       set.ID,
		key:      handover.NewKey(set.TelemetrySettings, set.ID),
		signal:   signal,
		compiled: cfg.Compile(),
	}
}

// Start finds the connector that delivers. The collector starts the exporters of a pipeline, connectors among
// them, before its processors.
func (p *base) Start(_ context.Context, host component.Host) error {
	outlet, ok := delivery.Outlets.Find(p.key)
	if !ok || !outlet.Has(p.signal) {
		return p.missingConnector()
	}
	d, detach, err := outlet.Attach(p.signal, p.compiled, host)
	if err != nil {
		return err
	}
	p.delivery, p.detach = d, detach
	return nil
}

func (p *base) missingConnector() error {
	hint := ""
	if others := delivery.Outlets.Others(p.key); others != "" {
		hint = fmt.Sprintf(" (there is %s, but a connector delivers only for the processor of its own name)", others)
	}
	return fmt.Errorf(`processor %[1]q reads %[3]s, but the %[4]s pipeline that it is in does not lead to a connector %[1]q that delivers the metrics%[2]s; add:

connectors:
  %[1]s:
service:
  pipelines:
    %[4]s:   # the pipeline with the processor
      exporters: [%[1]s]   # beside those that it has
    metrics:
      receivers: [%[1]s]   # beside those that it has
      exporters: [...]     # where the metrics go`, p.id.String(), hint, p.signal, p.signal.Pipeline())
}

// Shutdown ends the reading. The connector flushes later, when it is shut down itself.
func (p *base) Shutdown(context.Context) error {
	if p.detach != nil {
		p.detach()
	}
	return nil
}

// counts reports whether what was read counts after the next consumer answered: what it refuses, the sender sends again.
func (p *base) counts(answer error) bool {
	return answer == nil || p.compiled.Config.Commit == config.CommitAlways || consumererror.IsPermanent(answer)
}

// settle counts what was read, or gives it back.
func (p *base) settle(batch *spanreader.Batch, answer error) {
	if p.counts(answer) {
		p.delivery.Commit(batch)
	} else {
		p.delivery.Discard(batch)
	}
}

// tracesProcessor reads spans between a pipeline's components and leaves them as they are, but for what an enricher
// adds.
type tracesProcessor struct {
	base
	next consumer.Traces
}

var _ processor.Traces = (*tracesProcessor)(nil)

// Capabilities says whether spans are changed. If not, pipelines may share them.
func (p *tracesProcessor) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: p.compiled.Enricher != nil}
}

// ConsumeTraces reads before it forwards, since the traces belong to the next consumer afterwards. It counts once the next
// consumer has accepted them.
func (p *tracesProcessor) ConsumeTraces(ctx context.Context, traces ptrace.Traces) error {
	batch := p.delivery.Read(traces)
	if p.compiled.Enricher != nil {
		p.delivery.Relate(traces, batch)
		p.delivery.Price(batch)
		p.compiled.Enricher.Enrich(traces, batch)
	}
	err := p.next.ConsumeTraces(ctx, traces)
	p.settle(batch, err)
	return err
}

// logsProcessor reads log records between a pipeline's components and leaves them as they are.
type logsProcessor struct {
	base
	next consumer.Logs
}

var _ processor.Logs = (*logsProcessor)(nil)

// Capabilities says that log records are not changed, so that pipelines may share them.
func (*logsProcessor) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// ConsumeLogs reads before it forwards, and counts once the next consumer has accepted the records.
func (p *logsProcessor) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	batch := p.delivery.ReadLogs(logs)
	err := p.next.ConsumeLogs(ctx, logs)
	p.settle(batch, err)
	return err
}
