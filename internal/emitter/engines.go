// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// vllm is the vLLM engine. Keys of its latencies are written by SGLang and TensorRT-LLM as well.
var vllm = Family{
	Name:  "vllm",
	Title: "vLLM",
	Source: "vllm-project/vllm vllm/tracing/utils.py @0bf3270f, vllm/v1/engine/output_processor.py @40eeb0c5; " +
		"model_executor/model_loader/base_loader.py @01f62d3e for the start; V0 vllm/engine/llm_engine.py; Datadog's vLLM integration " +
		"for vllm.latency.*",
	Notes: "A span per finished request, or per output where a request asks for several. These are counted as one request, unless " +
		"the caller sent no trace context. Then each is in a trace of its own. " +
		"An aborted request leaves no span, and errors are not marked. V1 names no model. It is taken from a span around, of a " +
		"caller or a scheduler, or from a resource attribute (`reading::default_model`).",
	Scopes:   []string{"vllm.*"},
	Layer:    llm.Server,
	Provider: "vllm",
	Quirks:   SpanPerOutput | LoneRoots,
	Spans: []Span{
		{Name: "llm_request", Class: llm.Inference},
		// Start-up and other internal functions are traced under the same scope.
		{Name: "*load_model", Class: llm.NoRequest, Alone: fact.ModelLoad},
		{Name: "Load model", Class: llm.NoRequest, Alone: fact.ModelLoad},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		// The engine's own clock is closer to the token than any client's.
		{Key: "gen_ai.latency.time_to_first_token", Fact: fact.TTFT, Encoding: Seconds, Layer: llm.Server},
		{Key: "gen_ai.latency.time_in_queue", Fact: fact.Queue, Encoding: Seconds, Layer: llm.Server},
		{Key: "gen_ai.latency.time_in_model_prefill", Fact: fact.Prefill, Encoding: FractionalSeconds, Layer: llm.Server},
		{Key: "gen_ai.latency.time_in_model_decode", Fact: fact.Decode, Encoding: FractionalSeconds, Layer: llm.Server},
		{Key: "gen_ai.request.id", Fact: fact.RequestID},
		{Key: "vllm.latency.ttft", Fact: fact.TTFT, Encoding: Seconds, Layer: llm.Server},
		{Key: "vllm.latency.queue", Fact: fact.Queue, Encoding: Seconds, Layer: llm.Server},
		{Key: "vllm.latency.prefill", Fact: fact.Prefill, Encoding: Seconds, Layer: llm.Server},
		{Key: "vllm.latency.decode", Fact: fact.Decode, Encoding: Seconds, Layer: llm.Server},
	},
}

// sglang writes a root per request and a span per thread and stage. With prefill and decode apart, each side
// has a root of its own under one rid.
var sglang = Family{
	Name:  "sglang",
	Title: "SGLang",
	Source: "sgl-project/sglang python/sglang/srt/tracing/trace.py @b8e5a7c3 and its callers, " +
		"managers/tokenizer_manager.py; sgl-router/py_src/sglang_router/mini_lb.py @d81deabe",
	Notes: "The queue time is the stage span `prefill_waiting`, read if it comes within a minute before. The reported prefill time begins " +
		"at dispatch and contains that wait. With prefill and decode on different instances the decode side is counted.",
	Scopes:   []string{"sglang server", "sglang*"},
	Layer:    llm.Server,
	Provider: "sglang",
	Quirks:   GlobalIDs,
	Spans: []Span{
		{Name: "prefill Req *", Class: llm.Supplement},
		// Of the small load balancer before the two, under an id of its own.
		{Name: "router Req *", Class: llm.NoRequest},
		{Name: "prefill_waiting", Class: llm.NoRequest, Lasts: fact.Queue},
		{Name: "*Req *", Class: llm.Inference},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "rid", Fact: fact.RequestID, EmitterSpecific: true},
	},
}

// tensorRTLLM writes what vLLM writes. What has neither tokens nor a first token is no request of its own. Before engines with
// separate prefill and decode, the server writes to the same scope.
var tensorRTLLM = Family{
	Name:  "tensorrt-llm",
	Title: "NVIDIA TensorRT-LLM",
	Source: "NVIDIA/TensorRT-LLM tensorrt_llm/llmapi/otel_tracing.py @3b904c6a; llmapi/llm.py and serve/openai_disagg_server.py " +
		"for the scope; the span's name was not read in source",
	Scopes:   []string{"trt.llm", "tensorrt_llm*"},
	Resource: []Pair{{"service.name", "trtllm*"}, {"service.name", "tensorrt*llm*"}},
	Layer:    llm.Server,
	Notes:    "With prefill and decode on different instances the decode side is counted.",
	Provider: "tensorrt_llm",
	Quirks:   PrefillsApart | LoneRoots,
	Attributes: []Attribute{
		{Key: "gen_ai.latency.kv_cache_transfer_time", Fact: fact.PrefilledElsewhere, Encoding: NotEmpty, Identifies: true, Layer: llm.Server},
	},
}

// tgi is read by its service name or keys. Its scope is that of any Rust program with the tracing bridge.
var tgi = Family{
	Name:  "tgi",
	Title: "Hugging Face Text Generation Inference",
	Source: "huggingface/text-generation-inference router/src/server.rs, router/src/logging.rs, backends/v3/src " +
		"@db931fcf (3.3.6-dev0)",
	Notes: "No model, no token counts and no time to the first token. Batch sizes come from the `batch` spans.",
	Resource: []Pair{
		{"service.name", "text-generation-inference*"},
	},
	Layer:    llm.Server,
	Provider: "tgi",
	Spans: []Span{
		{Name: "generate", Class: llm.Inference, Operation: "text_completion"},
		{Name: "generate_stream", Class: llm.Inference, Operation: "text_completion", Streamed: true},
		{Name: "compat_generate", Class: llm.Inference, Operation: "text_completion"},
		{Name: "vertex_compatibility", Class: llm.Inference, Operation: "text_completion"},
		{Name: "sagemaker_compatibility", Class: llm.Inference, Operation: "text_completion"},
		{Name: "completions", Class: llm.Inference, Operation: "text_completion"},
		{Name: "chat_completions", Class: llm.Inference, Operation: "chat"},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		// Below the span of a call are others with the names of calls: what the router does to serve it.
		{Key: "code.namespace", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"text_generation_router::infer": supplement}},
		{Key: "time_per_token", Fact: fact.TimePerOutputToken, Encoding: Duration, Identifies: true},
		{Key: "validation_time", Fact: fact.None, Identifies: true},
		{Key: "queue_time", Fact: fact.Queue, Encoding: Duration, EmitterSpecific: true},
		{Key: "batch_size", Fact: fact.BatchSize, Encoding: Count, EmitterSpecific: true},
	},
}

// tei names its spans after the functions that serve the routes; those inside have the names of some of them.
var tei = Family{
	Name:   "tei",
	Title:  "Hugging Face Text Embeddings Inference",
	Source: "huggingface/text-embeddings-inference router/src/http/server.rs @bc0fa321, logging.rs @0c5dbef3, core/src/infer.rs",
	Notes:  "No model, no tokens and no errors. Classification and similarity are not counted.",
	Resource: []Pair{
		{"service.name", "text-embeddings-inference*"},
	},
	Layer:    llm.Server,
	Provider: "tei",
	Spans: []Span{
		{Name: "embed", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "embed_all", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "embed_sparse", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "openai_embed", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "rerank", Class: llm.Rerank, Operation: "rerank"},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "code.namespace", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"text_embeddings_core::infer": none}},
		{Key: "tokenization_time", Identifies: true},
		// The mean of a request's inputs.
		{Key: "queue_time", Fact: fact.Queue, Encoding: Duration, EmitterSpecific: true},
	},
}

// triton writes its times as events; the model's span is the request.
var triton = Family{
	Name:   "triton",
	Title:  "NVIDIA Triton Inference Server",
	Source: "triton-inference-server/server src/tracer.cc @e1db8a603 (2.73.0dev)",
	Notes:  "No tokens and no errors. The steps of an ensemble belong to one request.",
	Scopes: []string{"triton-server"},
	Layer:  llm.Server, Provider: "triton",
	Spans: []Span{
		{Name: "InferRequest", Class: llm.NoRequest},
		{Name: "compute", Class: llm.NoRequest, Ends: fact.Queue},
		{Name: "*", Class: llm.Inference},
	},
	Attributes: []Attribute{
		{Key: "triton.model_name", Fact: fact.RequestModel},
		{Key: "triton.request_id", Fact: fact.RequestID},
	},
	Events: []Event{
		{Name: "QUEUE_START", Fact: fact.Queue, Begins: true},
		{Name: "COMPUTE_START", Fact: fact.Queue, Since: "QUEUE_START"},
	},
}

// xinference is traced by the instrumentation of its HTTP framework.
var xinference = Family{
	Name:   "xinference",
	Title:  "Xinference",
	Source: "xorbitsai/inference @7ecec16b6",
	Notes:  "Only HTTP spans, which are no LLM spans; the model's name is read where other keys make them one.",
	Attributes: []Attribute{
		{Key: "xinference.model_uid", Fact: fact.RequestModel, Generic: true},
	},
}

// alibabaEngines are RTP-LLM and engines behind LoongSuite. Whole numbers under vLLM's keys are nanoseconds. The rule for whole
// numbers finds that by itself unless the scope is known. The frontend's HTTP span is the request, but names its operation only
// when the request succeeds. The calls between its processes have tokens of their own.
var alibabaEngines = Family{
	Name:     "rtp-llm",
	Title:    "Alibaba RTP-LLM",
	Source:   "alibaba/rtp-llm rtp_llm/telemetry/attributes.py, tracing.py @537e984c, rtp_llm/cpp/telemetry",
	Notes:    "Only chat completions are traced.",
	Scopes:   []string{"rtp_llm*", "rtp-llm*"},
	Resource: []Pair{{"service.name", "rtp_llm*"}, {"service.name", "rtp-llm*"}},
	Layer:    llm.Server,
	Provider: "rtp_llm",
	Spans: []Span{
		{Name: "POST *", Class: llm.Inference, Operation: "chat"},
		{Name: "rtp_llm.*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		// Written for streams alone, with a fraction.
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.Stream, Encoding: NotEmpty, EmitterSpecific: true},
		{Key: "rtp_llm.frontend.time_per_output_token_ms", Fact: fact.TimePerOutputToken, Encoding: Milliseconds},
		{Key: "rtp_llm.cache.total_reuse_len", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.latency.time_in_model_prefill", Fact: fact.Prefill, Encoding: Nanoseconds, EmitterSpecific: true, Layer: llm.Server},
		{Key: "gen_ai.latency.time_in_model_decode", Fact: fact.Decode, Encoding: Nanoseconds, EmitterSpecific: true, Layer: llm.Server},
	},
}

// aphrodite is a fork of vLLM's first engine.
var aphrodite = Family{
	Name:     "aphrodite",
	Title:    "Aphrodite",
	Source:   "aphrodite-engine/aphrodite-engine aphrodite/v1/engine/output_processor.py, aphrodite/tracing/utils.py @b42eeec22",
	Notes:    "As vLLM's, its spans name no model, and neither errors nor aborted requests.",
	Scopes:   []string{"aphrodite.*"},
	Layer:    llm.Server,
	Provider: "aphrodite",
	Quirks:   SpanPerOutput | LoneRoots,
	Spans: []Span{
		{Name: "llm_request", Class: llm.Inference},
		{Name: "*", Class: llm.NoRequest},
	},
}
