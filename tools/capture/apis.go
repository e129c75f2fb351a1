// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
)

// api is how an interface writes its answers.
type api struct {
	// streams is the content type of streams.
	streams string
	// embeddings interfaces answer with vectors, writes interfaces count tokens that were written to a cache.
	embeddings, writes bool
	failure            func(status int) string
	whole              func(model string, u *corpus.Usage) string
	// chunk is the part of a stream with that number, last what ends it.
	chunk func(model string, number int) string
	last  func(model string, u *corpus.Usage) string
}

const (
	eventStream = "text/event-stream"
	lines       = "application/x-ndjson"
	text        = "Hello"
)

type object = map[string]any

func document(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // of what this file writes
	}
	return string(raw)
}

func event(v any) string { return "data: " + document(v) + "\n\n" }

func named(name string, v object) string {
	v["type"] = name
	return "event: " + name + "\n" + event(v)
}

func openAIFailure(status int) string {
	return document(object{"error": object{"message": "made up", "type": "server_error", "code": fmt.Sprint(status)}})
}

func chatUsage(u *corpus.Usage) object {
	return object{
		"prompt_tokens": u.Input, "completion_tokens": u.Output, "total_tokens": u.Input + u.Output,
		"prompt_tokens_details":     object{"cached_tokens": u.CacheRead},
		"completion_tokens_details": object{"reasoning_tokens": u.Reasoning},
	}
}

func chatChunk(model string, delta object, finish any) object {
	return object{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model, "service_tier": "default",
		"choices": []object{{"index": 0, "delta": delta, "finish_reason": finish}},
	}
}

var openAIChat = api{
	streams: eventStream, failure: openAIFailure,
	whole: func(model string, u *corpus.Usage) string {
		return document(object{
			"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model, "service_tier": "default",
			"choices": []object{{
				"index": 0, "finish_reason": "stop",
				"message": object{"role": "assistant", "content": strings.Repeat(text, chunks)},
			}},
			"usage": chatUsage(u),
		})
	},
	chunk: func(model string, _ int) string {
		return event(chatChunk(model, object{"role": "assistant", "content": text}, nil))
	},
	last: func(model string, u *corpus.Usage) string {
		usage := chatChunk(model, object{}, nil)
		usage["choices"], usage["usage"] = []object{}, chatUsage(u)
		return event(chatChunk(model, object{}, "stop")) + event(usage) + "data: [DONE]\n\n"
	},
}

func response(model, status string, u *corpus.Usage) object {
	r := object{
		"id": "resp_1", "object": "response", "created_at": 1, "model": model, "status": status, "service_tier": "default",
		"parallel_tool_calls": true, "tool_choice": "auto", "tools": []any{}, "output": []any{},
		"error": nil, "incomplete_details": nil, "instructions": nil, "metadata": object{}, "temperature": 1, "top_p": 1,
	}
	if u != nil {
		r["usage"] = object{
			"input_tokens": u.Input, "output_tokens": u.Output, "total_tokens": u.Input + u.Output,
			"input_tokens_details":  object{"cached_tokens": u.CacheRead},
			"output_tokens_details": object{"reasoning_tokens": u.Reasoning},
		}
		r["output"] = []object{{
			"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
			"content": []object{{"type": "output_text", "text": strings.Repeat(text, chunks), "annotations": []any{}}},
		}}
	}
	return r
}

var openAIResponses = api{
	streams: eventStream, failure: openAIFailure,
	whole: func(model string, u *corpus.Usage) string { return document(response(model, "completed", u)) },
	chunk: func(model string, number int) string {
		start := ""
		if number == 0 {
			item := object{"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []any{}}
			part := object{"type": "output_text", "text": "", "annotations": []any{}}
			start = named("response.created", object{"sequence_number": 0, "response": response(model, "in_progress", nil)}) +
				named("response.output_item.added", object{"sequence_number": 1, "output_index": 0, "item": item}) +
				named("response.content_part.added", object{"sequence_number": 2, "item_id": "msg_1", "output_index": 0, "content_index": 0, "part": part})
		}
		return start + named("response.output_text.delta", object{
			"sequence_number": number + 3, "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": text, "logprobs": []any{},
		})
	},
	last: func(model string, u *corpus.Usage) string {
		done := response(model, "completed", u)
		items := done["output"].([]object)
		return named("response.output_item.done", object{"sequence_number": chunks + 3, "output_index": 0, "item": items[0]}) +
			named("response.completed", object{"sequence_number": chunks + 4, "response": done})
	},
}

var openAIEmbeddings = api{
	embeddings: true, failure: openAIFailure,
	whole: func(model string, u *corpus.Usage) string {
		return document(object{
			"object": "list", "model": model, "data": []object{{"object": "embedding", "index": 0, "embedding": []float64{0.1, 0.2}}},
			"usage": object{"prompt_tokens": u.Input, "total_tokens": u.Input},
		})
	},
}

// messagesUsage leaves cached tokens out of the input, as the Messages API does.
func messagesUsage(u *corpus.Usage, output int64) object {
	return object{
		"input_tokens": u.Input - u.CacheRead - u.CacheWrite, "output_tokens": output,
		"cache_read_input_tokens": u.CacheRead, "cache_creation_input_tokens": u.CacheWrite,
		"cache_creation": object{"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": u.CacheWrite}, "service_tier": "standard",
	}
}

func message(model string, u *corpus.Usage) object {
	return object{
		"id": "msg_1", "type": "message", "role": "assistant", "model": model, "stop_reason": "end_turn", "stop_sequence": nil,
		"content": []object{{"type": "text", "text": strings.Repeat(text, chunks)}}, "usage": messagesUsage(u, u.Output),
	}
}

var anthropic = api{
	streams: eventStream, writes: true,
	failure: func(status int) string {
		kind := "api_error"
		if status == 429 {
			kind = "rate_limit_error"
		}
		return document(object{"type": "error", "error": object{"type": kind, "message": "made up"}})
	},
	whole: func(model string, u *corpus.Usage) string { return document(message(model, u)) },
	chunk: func(model string, number int) string {
		start := ""
		if number == 0 {
			begun := message(model, &corpus.Usage{Input: inputTokens})
			begun["content"], begun["stop_reason"] = []any{}, nil
			start = named("message_start", object{"message": begun}) +
				named("content_block_start", object{"index": 0, "content_block": object{"type": "text", "text": ""}})
		}
		return start + named("content_block_delta", object{"index": 0, "delta": object{"type": "text_delta", "text": text}})
	},
	last: func(_ string, u *corpus.Usage) string {
		return named("content_block_stop", object{"index": 0}) +
			named("message_delta", object{"delta": object{"stop_reason": "end_turn", "stop_sequence": nil}, "usage": messagesUsage(u, u.Output)}) +
			named("message_stop", object{})
	},
}

// candidates is an answer of Gemini, whose output leaves out the thoughts.
func candidates(model, part string, u *corpus.Usage) object {
	candidate := object{"index": 0, "content": object{"role": "model", "parts": []object{{"text": part}}}}
	answer := object{"modelVersion": model, "responseId": "r1", "candidates": []object{candidate}}
	if u != nil {
		candidate["finishReason"] = "STOP"
		answer["usageMetadata"] = object{
			"promptTokenCount": u.Input, "candidatesTokenCount": u.Output - u.Reasoning, "totalTokenCount": u.Input + u.Output,
			"cachedContentTokenCount": u.CacheRead, "thoughtsTokenCount": u.Reasoning,
		}
	}
	return answer
}

var gemini = api{
	streams: eventStream,
	failure: func(status int) string {
		return document(object{"error": object{"code": status, "message": "made up", "status": "INTERNAL"}})
	},
	whole: func(model string, u *corpus.Usage) string { return document(candidates(model, text, u)) },
	chunk: func(model string, _ int) string { return event(candidates(model, text, nil)) },
	last:  func(model string, u *corpus.Usage) string { return event(candidates(model, "", u)) },
}

var bedrock = api{
	writes:  true,
	failure: func(int) string { return document(object{"message": "made up"}) },
	whole: func(_ string, u *corpus.Usage) string {
		return document(object{
			"output":     object{"message": object{"role": "assistant", "content": []object{{"text": text}}}},
			"stopReason": "end_turn", "metrics": object{"latencyMs": 160},
			"usage": object{
				"inputTokens": u.Input - u.CacheRead - u.CacheWrite, "outputTokens": u.Output, "totalTokens": u.Input + u.Output,
				"cacheReadInputTokens": u.CacheRead, "cacheWriteInputTokens": u.CacheWrite,
			},
		})
	},
}

func ollamaLine(model, part string, u *corpus.Usage) object {
	line := object{"model": model, "created_at": "2026-01-01T00:00:00Z", "message": object{"role": "assistant", "content": part}, "done": u != nil}
	if u != nil {
		line["done_reason"], line["prompt_eval_count"], line["eval_count"] = "stop", u.Input, u.Output
		line["total_duration"], line["load_duration"], line["prompt_eval_duration"], line["eval_duration"] = 160_000_000, 1_000_000, 80_000_000, 80_000_000
	}
	return line
}

var ollama = api{
	streams: lines,
	failure: func(int) string { return document(object{"error": "made up"}) },
	whole:   func(model string, u *corpus.Usage) string { return document(ollamaLine(model, text, u)) },
	chunk:   func(model string, _ int) string { return document(ollamaLine(model, text, nil)) + "\n" },
	last:    func(model string, u *corpus.Usage) string { return document(ollamaLine(model, "", u)) + "\n" },
}
