package dialect

import (
	"slices"
	"strings"
)

var (
	chat        = Meaning{Class: Inference, Operation: "chat"}
	completion  = Meaning{Class: Inference, Operation: "text_completion"}
	generate    = Meaning{Class: Inference, Operation: "generate_content"}
	embeddings  = Meaning{Class: Embeddings, Operation: "embeddings"}
	rerank      = Meaning{Class: Rerank, Operation: "rerank"}
	image       = Meaning{Class: Media, Operation: "image_generation"}
	speech      = Meaning{Class: Media, Operation: "speech"}
	transcript  = Meaning{Class: Media, Operation: "transcription"}
	translation = Meaning{Class: Media, Operation: "translation"}
	none        = Meaning{Class: NoRequest}
	toolRun     = Meaning{Class: NoRequest, Operation: "execute_tool"}
	agentRun    = Meaning{Class: NoRequest, Operation: "invoke_agent"}
	supplement  = Meaning{Class: Supplement}
)

// Operations maps the spellings met in gen_ai.operation.name and its like, in lower case.
// Source: gen_ai.operation.name of open-telemetry/semantic-conventions-genai, and what emitters
// were seen to write.
var Operations = map[string]Meaning{
	"chat": chat, "acompletion": chat, "messages": chat, "responses": chat, "llm_call": chat, "llm": chat,
	"chat_model": chat, "generation": chat, "chat.completions": chat, "chat_completion": chat, "chat_completions": chat,
	"text_completion": completion, "completion": completion, "text.completions": completion, "atext_completion": completion,
	"completions": completion,
	// Azure.AI.Inference 1.0.0-beta.1.
	"complete":         chat,
	"generate_content": generate,
	// OpenTelemetry's first version for Google Gen AI.
	"generatecontent": generate,
	// Semantic Kernel's names of streams.
	"chat.streaming_completions": chat.streamed(), "text.streaming_completions": completion.streamed(),
	// Rig's name of streams, and any-agent's of all calls.
	"chat_streaming": chat.streamed(), "call_llm": chat,
	// Bedrock's names of its calls.
	"converse": chat, "converse_stream": chat.streamed(), "invoke_model": chat,
	"invoke_model_with_response_stream": chat.streamed(),
	"embeddings":                        embeddings, "embedding": embeddings, "embed": embeddings, "aembedding": embeddings,
	"embed_content":   embeddings,
	"text.embeddings": embeddings, "rerank": rerank, "arerank": rerank, "reranker": rerank,
	"image": image, "image_generation": image, "speech": speech, "transcription": transcript, "translation": translation,
	"text_to_speech": speech, "speech_to_text": transcript, "speech_to_text_translate": translation,
	// Langtrace's, LangWatch's and LoongSuite's names.
	"images_generate": image, "images_edit": image, "images": image, "generate": completion, "rerank_documents": rerank,
	"retrieve_documents": none,
	// OpenLIT's name of both directions between text and speech.
	"audio": {Class: Media, Operation: "audio"},
	// LiteLLM's names of its calls.
	"aresponses": chat, "anthropic_messages": chat, "agenerate_content": generate,
	"generate_content_stream": generate.streamed(), "agenerate_content_stream": generate.streamed(),
	"aimage_generation": image, "image_edit": image, "image_variation": image, "aimage_edit": image,
	"atranscription": transcript, "aspeech": speech, "moderation": none, "amoderation": none,
	"litellm.vector_store_management": none, "litellm.vector_store_file_management": none,
	"litellm.responses_management": none, "litellm.moderation": none,
	// Bifrost's.
	"chat_completion_stream": chat.streamed(), "responses_stream": chat.streamed(),
	"text_completion_stream": completion.streamed(), "speech_stream": speech.streamed(),
	"transcription_stream": transcript.streamed(), "image_generation_stream": image.streamed(),
	"list_models": none, "count_tokens": none, "batch_create": none, "batch_list": none, "batch_retrieve": none,
	"batch_cancel": none, "batch_results": none, "file_upload": none, "file_list": none, "file_retrieve": none,
	"file_delete": none, "file_content": none,

	"create_agent": none, "invoke_agent": agentRun, "execute_tool": toolRun, "invoke_workflow": none, "plan": none,
	"retrieval": none, "fetch_response": none, "create_memory_store": none, "search_memory": none, "create_memory": none,
	"update_memory": none, "upsert_memory": none, "delete_memory": none, "delete_memory_store": none,
	"agent": none, "agent_step": none, "model_generation": none, "model_step": none, "model_inference": none, "model_chunk": none,
	"chain": none, "task": none,
	"tool": none, "workflow": none, "framework": none, "tokenize": none, "retriever": none, "prompt": none,
	"guardrail": none, "evaluator": none, "parser": none, "memory": none, "handle_conversation_turn": none, "user_input": none,
	// Azure AI Agents' calls about runs that the service makes: each repeats the usage of the whole run.
	"start_thread_run": none, "get_thread_run": none, "process_thread_run": none, "create_thread_run": none,
	"submit_tool_outputs": none,
	// Pipecat's names of synthesis and of what its services in real time do.
	"tts": speech, "llm_response": chat, "llm_setup": none, "llm_tool_call": none, "llm_tool_result": none,
	// The conventions' name of a guardrail, not released yet, and the RubyLLM instrumentation's of a whole turn.
	"run_guardrail": none, "chat_turn": none,
	// OpenLIT's names of what agent frameworks do.
	"graph_execution": none, "user_prompt_processing": none, "tool_coordination": none, "team": none, "vectordb": none,
}

// NoRequestPrefixes are the beginnings of names of operations that are not listed, in lower case, by which agents and tools
// are told: the conventions' verbs for both, as in invoke_swarm and execute_task.
var NoRequestPrefixes = []string{"execute_", "invoke_"}

// kinds are the values that many class attributes share.
var kinds = map[string]Meaning{
	"llm": chat, "chat_model": chat, "generation": chat, "embedding": embeddings, "reranker": rerank,
	"agent": agentRun, "chain": none, "tool": toolRun, "retriever": none, "guardrail": none, "evaluator": none, "prompt": none,
	"task": none, "workflow": none, "entry": none, "step": none, "parser": none, "memory": none, "rag": none,
}

// CacheApart are the providers whose input counts leave out the tokens that a cache served or took.
// Source: usage of Anthropic's Messages API, TokenUsage of Bedrock's Converse API.
var CacheApart = map[string]bool{"anthropic": true, "aws.bedrock": true}

// MessagesFinishes are the finish reasons of Anthropic's Messages API, none of which is one of OpenAI's.
// Source: stop_reason of Anthropic's Messages API.
var MessagesFinishes = map[string]bool{
	"end_turn": true, "max_tokens": true, "stop_sequence": true, "tool_use": true, "pause_turn": true, "refusal": true,
	"model_context_window_exceeded": true,
}

// Providers maps spellings of the provider, in lower case, to the convention's
// gen_ai.provider.name. A framework's name is no provider and maps to nothing. What is not listed
// stays as it is written, but for a path before it, as in langgenius/openai/openai, and one of ProviderSuffixes at its
// end.
var Providers = map[string]string{
	"openai": "openai", "open_ai": "openai",
	"az.ai.openai": "azure.ai.openai", "azure.openai": "azure.ai.openai",
	"azure_openai": "azure.ai.openai", "azure_open_ai": "azure.ai.openai", "azure-openai": "azure.ai.openai",
	"az.ai.inference": "azure.ai.inference", "azure_ai": "azure.ai.inference",
	"anthropic": "anthropic", "cohere": "cohere", "groq": "groq", "deepseek": "deepseek", "perplexity": "perplexity",
	"aws.anthropic": "aws.bedrock", "aws.bedrock": "aws.bedrock", "aws": "aws.bedrock", "bedrock": "aws.bedrock",
	"amazon-bedrock": "aws.bedrock", "amazon_bedrock": "aws.bedrock", "awsbedrock": "aws.bedrock", "bedrock_converse": "aws.bedrock",
	"gemini": "gcp.gemini", "google": "gcp.gen_ai", "google_genai": "gcp.gen_ai", "vertex_ai": "gcp.vertex_ai", "vertex": "gcp.vertex_ai",
	// OpenRouter's display names.
	"google ai studio": "gcp.gemini", "google vertex": "gcp.vertex_ai", "amazon bedrock": "aws.bedrock", "moonshot ai": "moonshot_ai",
	"vertexai": "gcp.vertex_ai", "google.vertex": "gcp.vertex_ai", "gcp.vertex": "gcp.vertex_ai",
	"gcp.anthropic":        "gcp.vertex_ai",
	"google.generative-ai": "gcp.gemini", "googleai": "gcp.gemini", "googlegeminiai": "gcp.gemini", "google_ai_gemini": "gcp.gemini",
	"google_vertexai": "gcp.vertex_ai", "vertex_ai_beta": "gcp.vertex_ai", "google_vertex_ai_gemini": "gcp.vertex_ai",
	"google_vertex_ai_anthropic": "gcp.vertex_ai", "google-gla": "gcp.gemini", "google-vertex": "gcp.vertex_ai",
	// LiveKit's, for OpenAI's clients the host; the other two are Langtrace's, too.
	"api.openai.com": "openai", "aws bedrock": "aws.bedrock", "vertex ai": "gcp.vertex_ai",
	// TensorZero's.
	"aws_bedrock": "aws.bedrock", "google_ai_studio_gemini": "gcp.gemini", "gcp_vertex_gemini": "gcp.vertex_ai",
	"gcp_vertex_anthropic": "gcp.vertex_ai",
	"mistral":              "mistral_ai", "mistralai": "mistral_ai", "mistral_ai": "mistral_ai",
	"xai": "x_ai", "x_ai": "x_ai", "watsonx": "ibm.watsonx.ai", "ibm.watsonx.ai": "ibm.watsonx.ai",
	// What OpenLLMetry for Python spells with capitals, as others do: traceloop/openllmetry openai/shared/__init__.py @00d044f7,
	// langchain/vendor_detection.py @20e4d8ce, and its instrumentations of these.
	"azure": "azure", "ollama": "ollama", "openrouter": "openrouter", "replicate": "replicate",
	"huggingface": "huggingface", "fireworks": "fireworks_ai", "fireworks_ai": "fireworks_ai",
	"together": "together_ai", "togetherai": "together_ai", "together_ai": "together_ai", "alephalpha": "aleph_alpha", "aleph_alpha": "aleph_alpha",
	"watsonx_ai": "ibm.watsonx.ai", "moonshot": "moonshot_ai", "moonshotai": "moonshot_ai", "moonshot_ai": "moonshot_ai",

	"gcp.vertex.agent": "", "strands-agents": "", "spring_ai": "", "langchain": "", "crewai": "", "llama_index": "",
	"llamaindex": "", "haystack": "", "semantic_kernel": "", "agno": "", "microsoft.agent_framework": "",
	"langgraph": "", "litellm": "", "pydantic_ai": "", "pydantic-ai": "", "smolagents": "", "autogen": "", "dspy": "",
	"google_adk": "", "openai_agents": "", "mastra": "", "dify": "", "genkit": "", "strands": "", "spring-ai": "",
	// LangChain4j's word for a provider that it has no word for.
	"other": "",
	// Braintrust's for Java.
	"generic-ai-provider": "",
	"eino":                "", "trpc.go.agent": "", "instructor": "", "google-adk": "",
}

// ProviderSuffixes are the endings with which some emitters name the interface beside the provider, as in
// openai.chat.
var ProviderSuffixes = []string{
	".chat", ".responses", ".completion", ".completions", ".embedding", ".embeddings", ".messages", ".image",
	".speech", ".transcription", ".generative-ai",
}

// ModelMeanings are the parts of models' names, in lower case, that tell what a request to them is for; see ModelForOperation.
var ModelMeanings = []struct {
	Part string
	Meaning
}{
	{"embed", embeddings}, {"rerank", rerank}, {"image", image}, {"canvas", image}, {"stability.", image},
}

// CountedApart are the providers whose interfaces count some tokens on neither side but in the total, with the side that
// these belong to: the cached input of Anthropic and Bedrock, the thoughts of Google's Gemini.
// Source: getsentry/sentry-javascript packages/core/src/tracing/ai/utils.ts @c60ca614, google-genai/streaming.ts @28208bc7;
// UsageMetadata of the Gemini API, totalTokenCount; maximhq/bifrost core/providers/bedrock/types.go, pull request 1872.
var CountedApart = map[string]Field{
	"anthropic": InputTokens, "aws.bedrock": InputTokens, "gcp.gemini": OutputTokens, "gcp.gen_ai": OutputTokens, "gcp.vertex_ai": OutputTokens,
}

// FinishMeaning is what a finish reason says of the request's outcome.
type FinishMeaning uint8

// The meanings; a reason that is not listed is a success.
const (
	FinishSuccess FinishMeaning = iota
	// FinishNothing reasons are states of a running request.
	FinishNothing
	FinishError
	FinishCancelled
)

// FinishReasons maps the finish reasons that are no success, in lower case.
var FinishReasons = map[string]FinishMeaning{
	"in_progress": FinishNothing, "queued": FinishNothing,
	"error": FinishError, "failed": FinishError,
	"abort": FinishCancelled, "aborted": FinishCancelled, "cancelled": FinishCancelled, "canceled": FinishCancelled,
	// AgentScope's.
	"interrupted": FinishCancelled,
	"timeout":     FinishCancelled,
}

// FailureWords are the words, in lower case, by which attributes of their own tell that a request failed.
var FailureWords = map[string]bool{"error": true, "failed": true, "failure": true}

// PlaceholderIDs are response ids that clients make up when not a single chunk of an answer came.
var PlaceholderIDs = map[string]bool{"0": true}

// Cancellations are the names of errors that say that the caller gave up, in lower case and
// without their package or namespace.
var Cancellations = map[string]bool{
	"cancellederror": true, "cancelederror": true, "generatorexit": true, "aborterror": true, "apiuseraborterror": true,
	"jobcancellationexception":   true,
	"operationcanceledexception": true, "taskcanceledexception": true, "cancellationexception": true,
	"context canceled": true, "cancelled": true, "canceled": true, "request_cancelled": true, "499": true, "aborted": true, "clientdisconnect": true,
}

// CancelPhrases are what messages contain, in lower case, when the caller gave up.
var CancelPhrases = []string{
	"context canceled", "operation was aborted", "request was aborted", "operation was canceled",
	"operation was cancelled", "client disconnected", "run aborted", "request_canceled",
}

// VagueErrors are error names that say nothing, in lower case; they give way to any other source.
var VagueErrors = map[string]bool{
	"": true, "error": true, "exception": true, "unknown": true, "_other": true, "baseexception": true, "undefined": true,
	"*fmt.wraperror": true, "*errors.errorstring": true, "*fmt.wraperrors": true, "*errors.joinerror": true,
}

// MessageOpenings are the words in capital letters with which messages open and that name no error: the request's method, as
// in openai-go's, the protocol, and what says no more than that there is an error.
// Source: openai/openai-go internal/apierror/apierror.go @19830bb3.
var MessageOpenings = map[string]bool{"POST": true, "HTTP": true, "ERROR": true, "FAILED": true}

// timeouts are what names of errors contain, in lower case, that tell that time ran out; timeoutStatus are HTTP
// statuses of that meaning.
var (
	timeouts      = []string{"timeout", "timed out", "timed_out", "deadline"}
	timeoutStatus = []string{"408", "504", "524"}
)

// TimesOut reports whether an error's name says that time ran out.
func TimesOut(name string) bool {
	for _, part := range timeouts {
		for i := 0; i+len(part) <= len(name); i++ {
			if strings.EqualFold(name[i:i+len(part)], part) {
				return true
			}
		}
	}
	return slices.Contains(timeoutStatus, name)
}
