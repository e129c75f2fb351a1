// SPDX-License-Identifier: Apache-2.0

package emitter

import "github.com/otelcol-llm/otelcol-llm/internal/llm"

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
	toolRun     = Meaning{Class: llm.NoRequest, Operation: "execute_tool"}
	agentRun    = Meaning{Class: llm.NoRequest, Operation: "invoke_agent"}
	supplement  = Meaning{Class: llm.Supplement}
)

// operations are the spellings met in gen_ai.operation.name and its like, in lower case, by what they mean.
// Source: gen_ai.operation.name of open-telemetry/semantic-conventions-genai, and what the emitters of the tables write.
var operations = []struct {
	meaning Meaning
	words   []string
}{
	{chat, []string{
		"acompletion", "anthropic_messages", "aresponses", "call_llm", "chat", "chat.completions", "chat_completion",
		"chat_completions", "chat_model", "complete", "converse", "generation", "invoke_model", "llm", "llm_call",
		"llm_response", "messages", "responses",
	}},
	{chat.streamed(), []string{
		"chat.streaming_completions", "chat_completion_stream", "chat_streaming", "converse_stream",
		"invoke_model_with_response_stream", "responses_stream",
	}},
	{generate, []string{"agenerate_content", "generate_content", "generatecontent"}},
	{generate.streamed(), []string{"agenerate_content_stream", "generate_content_stream"}},
	{completion, []string{
		"atext_completion", "completion", "completions", "generate", "text.completions", "text_completion", "textcompletion",
	}},
	{completion.streamed(), []string{"text.streaming_completions", "text_completion_stream"}},
	{embeddings, []string{"aembedding", "embed", "embed_content", "embedding", "embeddings", "text.embeddings"}},
	{rerank, []string{"arerank", "rerank", "rerank_documents", "reranker"}},
	{image, []string{
		"aimage_edit", "aimage_generation", "image", "image_edit", "image_generation", "image_variation", "images",
		"images_edit", "images_generate",
	}},
	{image.streamed(), []string{"image_generation_stream"}},
	{speech, []string{"aspeech", "speech", "text_to_speech", "tts"}},
	{speech.streamed(), []string{"speech_stream"}},
	{transcript, []string{"atranscription", "speech_to_text", "transcription"}},
	{transcript.streamed(), []string{"transcription_stream"}},
	{translation, []string{"speech_to_text_translate", "translation"}},
	{audio, []string{"audio"}}, // OpenLIT's name of both directions between text and speech
	{agentRun, []string{"invoke_agent"}},
	{toolRun, []string{"execute_tool"}},
	// What agents and frameworks do around requests.
	{none, []string{
		"agent", "agent_step", "chain", "chat_turn", "create_agent", "evaluation", "evaluator", "fetch_response", "framework", "graph_execution",
		"guardrail", "handle_conversation_turn", "invoke_workflow", "llm_setup", "llm_tool_call", "llm_tool_result", "model_chunk",
		"model_generation", "model_inference", "model_step", "moderation", "parser", "plan", "prompt", "run_guardrail", "task",
		"team", "tokenize", "tool", "tool_coordination", "user_input", "user_prompt_processing", "user_speech", "workflow",
	}},
	// Memory and retrieval.
	{none, []string{
		"create_memory", "create_memory_store", "delete_memory", "delete_memory_store", "memory", "retrieval", "retrieve_documents",
		"retriever", "search_memory", "update_memory", "upsert_memory", "vectordb",
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

// Operations maps those words to their meanings.
var Operations = func() map[string]Meaning {
	meanings := map[string]Meaning{}
	for _, o := range operations {
		for _, word := range o.words {
			meanings[word] = o.meaning
		}
	}
	return meanings
}()

// NoRequestPrefixes are the beginnings of names of further operations of agents and tools, in lower case. They are the
// conventions' verbs for both, as in invoke_swarm and execute_task.
var NoRequestPrefixes = []string{"execute_", "invoke_"}

// kinds are the values that many class attributes share.
var kinds = map[string]Meaning{
	"llm": chat, "chat_model": chat, "generation": chat, "embedding": embeddings, "reranker": rerank,
	"agent": agentRun, "chain": none, "tool": toolRun, "retriever": none, "guardrail": none, "evaluator": none, "prompt": none,
	"task": none, "workflow": none, "entry": none, "step": none, "parser": none, "memory": none, "rag": none,
}
