// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// pipecat names its spans after the kind of service.
var pipecat = Family{
	Name:   "pipecat",
	Title:  "Pipecat",
	Source: "pipecat-ai/pipecat src/pipecat/utils/tracing/service_attributes.py @0287a02f, service_decorators.py @01b7a93e",
	Notes: "An answer that the user interrupts ends without usage and counts as cancelled. Speech recognition is not counted: its spans " +
		"are of single transcripts.",
	Scopes: []string{"pipecat*"},
	Quirks: SilenceCancels | Framework,
	// In real time, where it may have no usage.
	Spans: []Span{{Name: "llm_response", Class: llm.Inference, Operation: "chat", Answered: true}},
	Attributes: []Attribute{
		{Key: "metrics.ttfb", Fact: fact.TTFT, Encoding: Seconds, EmitterSpecific: true},
		{Key: "stream", Fact: fact.Stream, Encoding: Bool, EmitterSpecific: true},
		{Key: "output", Fact: fact.Answered, Encoding: NotEmpty, EmitterSpecific: true},
	},
}

// liveKit names no operation before 2026. The span of a request has one below it for each attempt. In JavaScript that of a
// request whose attempts all failed does not show it, and has a finish reason.
var liveKit = Family{
	Name:  "livekit-agents",
	Title: "LiveKit Agents",
	Source: "livekit/agents livekit-agents/livekit/agents/llm/llm.py, telemetry/trace_types.py @020428e1, telemetry/gen_ai.py, " +
		"metrics/base.py LLMMetrics; @livekit/agents 1.9.0 src/llm/llm.ts, telemetry/gen_ai.ts, telemetry/utils.ts, voice/agent_activity.ts",
	Notes: "An answer that the user interrupts counts as cancelled. In JavaScript, failures show in the spans of the attempts, " +
		"which wait for the request for up to a minute.",
	Scopes: []string{"livekit-agents*"},
	Quirks: SilenceCancels | Framework | StepSpans,
	Spans: []Span{
		{Name: "llm_request", Class: llm.Inference, Operation: "chat"},
		{Name: "llm_request_run", Class: llm.Supplement},
		// What comes after the end of realtime_inference.
		{Name: "realtime_metrics", Class: llm.Supplement},
	},
	Attributes: []Attribute{
		{Key: "lk.llm_metrics", Encoding: JSON, JSONFields: []JSONField{
			{Path: "request_id", Fact: fact.RequestID},
			{Path: "ttft", Fact: fact.TTFT, Encoding: Seconds},
			{Path: "cancelled", Fact: fact.ErrorType, Encoding: CancelledFlag},
			{Path: "prompt_cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "metadata.model_provider", Fact: fact.Provider},
			// In JavaScript, where 0 can be an unknown number.
			{Path: "requestId", Fact: fact.RequestID},
			{Path: "ttftMs", Fact: fact.TTFT, Encoding: Milliseconds},
			{Path: "promptCachedTokens", Fact: fact.CacheReadTokens, Encoding: NonZeroCount},
			{Path: "cacheCreationTokens", Fact: fact.CacheWriteTokens, Encoding: NonZeroCount},
			{Path: "metadata.modelProvider", Fact: fact.Provider},
		}},
		{Key: "lk.realtime_model_metrics", Encoding: JSON, JSONFields: []JSONField{
			{Path: "cancelled", Fact: fact.ErrorType, Encoding: CancelledFlag},
		}},
	},
}
