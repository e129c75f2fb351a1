// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// What spans stand for.
var (
	chat        = Meaning{Class: llm.Inference, Operation: "chat"}
	completion  = Meaning{Class: llm.Inference, Operation: "text_completion"}
	generate    = Meaning{Class: llm.Inference, Operation: "generate_content"}
	embeddings  = Meaning{Class: llm.Embeddings, Operation: "embeddings"}
	rerank      = Meaning{Class: llm.Rerank, Operation: "rerank"}
	image       = Meaning{Class: llm.Media, Operation: "image_generation"}
	speech      = Meaning{Class: llm.Media, Operation: "speech"}
	transcript  = Meaning{Class: llm.Media, Operation: "transcription"}
	translation = Meaning{Class: llm.Media, Operation: "translation"}
	audio       = Meaning{Class: llm.Media, Operation: "audio"}
	none        = Meaning{Class: llm.NoRequest}
	cached      = Meaning{Class: llm.NoRequest, Cached: true}
	toolRun     = Meaning{Class: llm.NoRequest, Operation: "execute_tool"}
	agentRun    = Meaning{Class: llm.NoRequest, Operation: "invoke_agent"}
	supplement  = Meaning{Class: llm.Supplement}
	// poll asks whether a response that is made in the background is there. One that finds it carries its tokens.
	poll = Meaning{Class: llm.Supplement, Operation: Poll}
)

// Poll is the conventions' operation of a request for a response that was asked for before.
const Poll = "fetch_response"

// operations are the spellings met in gen_ai.operation.name and its like, in lower case, by what they mean.
// Source: gen_ai.operation.name of open-telemetry/semantic-conventions-genai, and what the emitters of the tables write.
var operations = []struct {
	meaning Meaning
	words   []string
}{
	{chat, []string{
		"acompletion", "anthropic_messages", "aresponses", "call_llm", "call_model", "chat", "chat.completions",
		"chat.completions.create", "chat_completion", "chat_completions", "chat_completions.create", "chat_model",
		"complete", "completions.create", "converse", "execute_chat", "execute_llm", "generate_object", "generate_text",
		"generation", "inference", "invoke_chat", "invoke_chat_model", "invoke_llm", "invoke_model", "llm", "llm.call",
		"llm.chat", "llm.request", "llm_call", "llm_chat", "llm_inference", "llm_request", "llm_response", "messages",
		"interactions", "interactions.create", "messages.create", "model_call", "model_request", "response", "responses",
		"responses.create",
	}},
	{chat.streamed(), []string{
		"chat.stream", "chat.streaming_completions", "chat_completion_stream", "chat_stream", "chat_streaming",
		"converse_stream", "interactions_streaming", "invoke_model_with_response_stream", "responses_stream", "stream_chat", "stream_object",
		"stream_text",
	}},
	{generate, []string{"agenerate_content", "generate_content", "generatecontent"}},
	{generate.streamed(), []string{"agenerate_content_stream", "generate_content_stream"}},
	{completion, []string{
		"atext_completion", "completion", "completions", "generate", "text.completions", "text_completion", "textcompletion",
	}},
	{completion.streamed(), []string{"completion_stream", "stream_completion", "text.streaming_completions", "text_completion_stream"}},
	{embeddings, []string{
		"aembedding", "create_embedding", "create_embeddings", "embed", "embed_batch", "embed_content", "embed_documents", "embed_query",
		"embed_text", "embed_texts",
		"embedding", "embeddings", "embeddings.create", "generate_embedding", "generate_embeddings", "text.embeddings",
		"text_embedding",
	}},
	{rerank, []string{"arerank", "re_rank", "rerank", "rerank_documents", "reranker", "reranking"}},
	{image, []string{
		"aimage_edit", "aimage_generation", "create_image", "generate_image", "image", "image_edit", "image_generate",
		"image_generation", "image_variation", "images", "images.edit", "images.generate", "images_edit", "images_generate",
		"text_to_image",
	}},
	{image.streamed(), []string{"image_generation_stream"}},
	{speech, []string{
		"aspeech", "audio.speech", "generate_speech", "speech", "speech_generation", "speech_synthesis", "text_to_speech",
		"tts",
	}},
	{speech.streamed(), []string{"speech_stream"}},
	{transcript, []string{
		"atranscription", "audio.transcriptions", "speech_recognition", "speech_to_text", "transcribe", "transcription",
	}},
	{transcript.streamed(), []string{"transcription_stream"}},
	{translation, []string{"audio.translations", "speech_to_text_translate", "translation"}},
	{audio, []string{"audio"}}, // OpenLIT's name of both directions between text and speech
	{poll, []string{Poll}},
	{agentRun, []string{"invoke_agent"}},
	{toolRun, []string{"execute_tool"}},
	// What agents and frameworks do around requests.
	{none, []string{
		"agent", "agent_step", "call_tool", "chain", "chat_turn", "content_moderation", "conversation", "create_agent",
		"evaluate", "evaluation", "evaluator", "framework", "graph_execution", "guardrail", "guardrails",
		"hand_off", "handle_conversation_turn", "handoff", "input_guardrail", "invoke_workflow", "llm_setup",
		"llm_tool_call", "llm_tool_result", "model_chunk", "model_generation", "model_inference", "model_step", "moderate",
		"moderation", "output_guardrail", "parser", "plan", "prompt", "routing", "run_agent", "run_guardrail", "run_tool",
		"task", "team", "tokenize", "tool", "tool_call", "tool_coordination", "tool_use", "turn", "user_input",
		"user_prompt_processing", "user_speech", "validate", "validation", "workflow",
	}},
	// Memory and retrieval.
	{none, []string{
		"create_memory", "create_memory_store", "delete_memory", "delete_memory_store", "memory", "retrieval",
		"retrieve_documents", "retriever", "search_memory", "update_memory", "upsert_memory", "vectordb",
	}},
	// What gateways do beside requests: LiteLLM's and Bifrost's names.
	{none, []string{
		"amoderation", "batch_cancel", "batch_create", "batch_list", "batch_results", "batch_retrieve", "count_tokens",
		"file_content", "file_delete", "file_list", "file_retrieve", "file_upload", "list_models", "litellm.moderation",
		"litellm.responses_management", "litellm.vector_store_file_management", "litellm.vector_store_management",
	}},
	// Azure AI Agents' calls about runs that the service makes: each repeats the usage of the whole run.
	{none, []string{
		"create_thread_run", "get_thread_run", "process_thread_run", "start_thread_run", "submit_tool_outputs",
	}},
}

// Operations maps those words to their meanings. They are also written without what is between their parts, as in generateText.
var Operations = func() map[string]Meaning {
	meanings := map[string]Meaning{}
	for _, o := range operations {
		for _, word := range o.words {
			meanings[joined.Replace(word)] = o.meaning
		}
	}
	for _, o := range operations {
		for _, word := range o.words {
			meanings[word] = o.meaning
		}
	}
	return meanings
}()

// joined takes off what is between the parts of an operation's name.
var joined = strings.NewReplacer("_", "", ".", "")

// BesideCalls are names, in lower case, of what programs do with models beside calling them. Counts on such spans are of nothing that
// was generated.
var BesideCalls = map[string]bool{"count_tokens": true, "counttokens": true, "tokenize": true, "list_models": true}

// interfacePaths are the ends of the paths of models' interfaces. Source: the API references of OpenAI, Anthropic, Gemini and Bedrock.
var interfacePaths = []struct {
	end string
	Meaning
}{
	{"/chat/completions", chat},
	{"/completions", completion},
	{"/responses", chat},
	{"/messages", chat},
	{"/embeddings", embeddings},
	{"/rerank", rerank},
	{"/images/generations", image},
	{"/audio/speech", speech},
	{"/audio/transcriptions", transcript},
	{":generateContent", generate},
	{":streamGenerateContent", generate.streamed()},
	{"/converse", chat},
	{"/converse-stream", chat.streamed()},
}

// OfPath returns what a request to a path of a model's interface is.
func OfPath(path string) (meaning Meaning, ok bool) {
	path, _, _ = strings.Cut(path, "?")
	for i := range interfacePaths {
		if strings.HasSuffix(path, interfacePaths[i].end) {
			return interfacePaths[i].Meaning, true
		}
	}
	return meaning, false
}

// NoRequestPrefixes are the beginnings of names of further operations of agents and tools, in lower case. They are the
// conventions' verbs for both, as in invoke_swarm and execute_task.
var NoRequestPrefixes = []string{"execute_", "invoke_"}

// kinds are the values that many class attributes share.
var kinds = map[string]Meaning{
	"llm": chat, "chat_model": chat, "generation": chat, "embedding": embeddings, "reranker": rerank,
	"agent": agentRun, "chain": none, "tool": toolRun, "retriever": none, "guardrail": none, "evaluator": none, "prompt": none,
	"task": none, "workflow": none, "entry": none, "step": none, "parser": none, "memory": none, "rag": none,
}
