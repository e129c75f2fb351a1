// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
)

// tracesProcessor reads spans between a pipeline's components and leaves them as they are, but for what an enricher
// adds.
type tracesProcessor struct {
	id       component.ID
	key      handover.Key
	compiled *config.Compiled
	next     consumer.Traces

	delivery *delivery.Delivery
	detach   func() // nil unless started
}

var _ processor.Traces = (*tracesProcessor)(nil)

func newProcessor(set processor.Settings, cfg *Config, next consumer.Traces) *tracesProcessor {
	return &tracesProcessor{
		id:       set.ID,
		key:      handover.NewKey(set.TelemetrySettings, set.ID),
		compiled: cfg.Compile(),
		next:     next,
	}
}

// Start finds the connector that delivers. The collector starts the exporters of a pipeline, connectors among
// them, before its processors.
func (p *tracesProcessor) Start(_ context.Context, host component.Host) error {
	outlet, ok := delivery.Outlets.Find(p.key)
	if !ok {
		return p.missingConnector()
	}
	d, detach, err := outlet.Attach(p.compiled, host)
	if err != nil {
		return err
	}
	p.delivery, p.detach = d, detach
	return nil
}

func (p *tracesProcessor) missingConnector() error {
	hint := ""
	if others := delivery.Outlets.Others(p.key); others != "" {
		hint = fmt.Sprintf(" (there is %s, but a connector delivers only for the processor of its own name)", others)
	}
	return fmt.Errorf(`processor %[1]q reads spans, but the traces pipeline that it is in does not lead to a connector %[1]q that delivers the metrics%[2]s; add:

connectors:
  %[1]s:
service:
  pipelines:
    traces:   # the pipeline with the processor
      exporters: [%[1]s]   # beside those that it has
    metrics:
      receivers: [%[1]s]   # beside those that it has
      exporters: [...]     # where the metrics go`, p.id.String(), hint)
}

// Shutdown ends the reading. The connector flushes later, when it is shut down itself.
func (p *tracesProcessor) Shutdown(context.Context) error {
	if p.detach != nil {
		p.detach()
	}
	return nil
}

// Capabilities says whether spans are changed. If not, pipelines may share them.
func (p *tracesProcessor) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: p.compiled.Enricher != nil}
}

// ConsumeTraces reads before it forwards, since the traces belong to the next consumer afterwards, and counts
// once the next consumer has accepted them: what it refuses, the sender sends again.
func (p *tracesProcessor) ConsumeTraces(ctx context.Context, traces ptrace.Traces) error {
	batch := p.delivery.Read(traces)
	if p.compiled.Enricher != nil {
		p.delivery.Price(batch)
		p.compiled.Enricher.Enrich(traces, batch)
	}
	err := p.next.ConsumeTraces(ctx, traces)
	if err == nil || p.compiled.Config.Commit == config.CommitAlways || consumererror.IsPermanent(err) {
		p.delivery.Commit(batch)
	} else {
		p.delivery.Discard(batch)
	}
	return err
}
