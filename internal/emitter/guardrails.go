// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// nemoGuardrails calls the operation what the rail calls its task.
var nemoGuardrails = Family{
	Name:  "nemo-guardrails",
	Title: "NVIDIA NeMo Guardrails",
	Source: "NVIDIA/NeMo-Guardrails nemoguardrails/tracing/span_extractors.py, spans.py, constants.py (2026), " +
		"tracing/adapters/opentelemetry.py " +
		"@124097f8, guardrails/telemetry.py",
	Notes: "Answers out of its own cache are no requests. The operation is the rail's task. In its legacy format, tokens stand under keys " +
		"with the model's name in them, which are not read.",
	Scopes: []string{"nemo-guardrails*", "nemo_guardrails*", "nemoguardrails*"},
	Quirks: Framework,
	Spans: []Span{
		{Name: "LLM: *", Class: llm.Inference, Operation: "chat", NamesModel: true},
	},
	Attributes: []Attribute{
		{Key: "llm.cache.hit", Fact: fact.Kind, Encoding: Bool, Meanings: map[string]Meaning{"true": none, "false": chat}},
	},
}

// guardrailsAI calls the calls of models guardrails, as it does its validators.
var guardrailsAI = Family{
	Name:   "guardrails-ai",
	Title:  "Guardrails AI",
	Source: "guardrails-ai/guardrails guardrails/telemetry/runner_tracing.py @1ba15f2b, open_inference.py @09070d96, llm_providers.py",
	Notes:  "It names no provider. The span of a stream ends when the stream begins, and has no tokens.",
	Scopes: []string{"guardrails-ai*"},
	Quirks: Framework,
	Spans: []Span{
		{Name: "call", Class: llm.Inference, Operation: "chat"},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "openinference.span.kind", EmitterSpecific: true},
	},
}
