// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// countPrefixes are the prefixes under which emitters of the conventions' vocabularies count tokens.
var countPrefixes = []string{"gen_ai.usage.", "llm.usage."}

// counts returns the rows of those counts of Precedence that are of no emitter in particular. All others are read by their words, see
// CountOf.
func counts() (rows []Attribute) {
	for says := range CountMeanings {
		for _, key := range Precedence[says.Fact] {
			ours := slices.ContainsFunc(countPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
			if of, ok := CountOf(key); ok && ours && of == says {
				rows = append(rows, Attribute{Key: key, Fact: of.Fact, Encoding: Count, Parts: of.Parts})
			}
		}
	}
	return rows
}

// borrowed returns rows for keys that have a meaning of their own to one family. To all others they mean what their words say.
func borrowed(families []Family) (rows []Attribute) {
	shared := map[string]bool{}
	for i := range families {
		for _, a := range families[i].Attributes {
			shared[a.Key] = shared[a.Key] || !a.EmitterSpecific || a.Encoding == JSON
		}
	}
	for i := range families {
		for _, a := range families[i].Attributes {
			if shared[a.Key] {
				continue
			}
			if of, ok := CountOf(a.Key); ok && !of.Short {
				shared[a.Key] = true
				rows = append(rows, Attribute{Key: a.Key, Fact: of.Fact, Encoding: Count, Parts: of.Parts, Generic: !OfModels(a.Key)})
			} else if of, ok := NameOf(a.Key); ok {
				shared[a.Key] = true
				rows = append(rows, Attribute{Key: a.Key, Fact: of.Fact, Encoding: of.Encoding, Generic: !OfModels(a.Key)})
			}
		}
	}
	return rows
}

// firstTokenEvents are the names of events that stand for the first token or the first part of an answer. They are people's own.
var firstTokenEvents = []string{
	"first token", "First token", "First Token", "FirstToken", "first_token*", "first_chunk*", "*.first_token*", "*.first_chunk*",
	"first_delta*", "*.first_delta*", "firstToken", "*.firstToken", "on_first_token", "on_first_chunk", "gen_ai.choice.first", "time_to_first_token", "ttft",
}

// firstEvents returns the rows of all these events.
func firstEvents() (rows []Event) {
	for _, name := range firstTokenEvents {
		rows = append(rows, Event{Name: name, Fact: fact.TTFT})
	}
	return rows
}

// errorEvents returns the rows of events by which people note an error beside the exception of the conventions.
func errorEvents() (rows []Event) {
	for _, name := range []string{"error", "gen_ai.error", "llm.error"} {
		rows = append(rows,
			Event{Name: name, Attribute: "error.type", Fact: fact.ErrorType, Last: true},
			Event{Name: name, Attribute: "exception.type", Fact: fact.ErrorType, Last: true},
			Event{Name: name, Attribute: "error.kind", Fact: fact.ErrorType, Last: true})
		for _, message := range []string{"error.message", "exception.message", "message"} {
			rows = append(rows,
				Event{Name: name, Attribute: message, Fact: fact.Failed, Encoding: NotEmpty, Last: true},
				Event{Name: name, Attribute: message, Fact: fact.ErrorMessage, Last: true})
		}
	}
	// OpenTracing's bridges write a log under the name log or none, with its kind in an attribute.
	for _, name := range []string{"", "log"} {
		only := Pair{"event", "error"}
		rows = append(rows,
			Event{Name: name, Only: only, Attribute: "event", Fact: fact.Failed, Encoding: NotEmpty, Last: true},
			Event{Name: name, Only: only, Attribute: "error.kind", Fact: fact.ErrorType, Last: true},
			Event{Name: name, Only: only, Attribute: "error.object", Fact: fact.ErrorMessage, Last: true},
			Event{Name: name, Only: only, Attribute: "message", Fact: fact.ErrorMessage, Last: true})
	}
	return rows
}

// tierPrefixes and tierNames make the keys of the service tier. What the response says counts before what was asked for.
// Source: openai.* of the conventions, @anthropic-ai/sdk 0.137.0 for anthropic.*, OpenLLMetry and Bifrost for gen_ai.*.
var (
	tierPrefixes = []string{"", "openai.", "gen_ai.openai.", "anthropic.", "gen_ai.anthropic.", "gen_ai.", "llm.", "aws.bedrock."}
	tierNames    = []string{"response.service_tier", "service_tier", "request.service_tier"}
)

// serviceTiers returns the rows of all these keys.
func serviceTiers() (rows []Attribute) {
	for _, name := range tierNames {
		for _, prefix := range tierPrefixes {
			rows = append(rows, Attribute{Key: prefix + name, Fact: fact.ServiceTier, Generic: prefix == ""})
		}
	}
	return rows
}

// statusKeys are attributes that hold a word for how a call ended. Sources: the Responses API of OpenAI for the words, LangChain4j for
// outcome, spans that people write themselves.
var statusKeys = []string{
	"outcome", "status", "result", "*.status", "*.outcome", "*.result", "*_status", "*_outcome", "*_result",
}

// statusWords returns the rows of all these keys.
func statusWords() (rows []Attribute) {
	for _, key := range statusKeys {
		rows = append(rows,
			Attribute{Key: key, Fact: fact.Failed, Encoding: FailureWord, Generic: true},
			Attribute{Key: key, Fact: fact.ErrorType, Encoding: EndWord, Generic: true})
	}
	return rows
}

// cacheHits returns the rows of flags by which people say that an answer came out of a cache. They stand behind all others that deny.
func cacheHits() (rows []Attribute) {
	for _, key := range []string{
		"cache.hit", "cache_hit", "cacheHit", "cached", "from_cache", "llm.cache_hit", "llm.cached", "llm.from_cache", "ai.cache.hit", "response.cached",
	} {
		rows = append(rows, Attribute{Key: key, Fact: fact.Kind, Encoding: Bool, Generic: true, Meanings: map[string]Meaning{"true": cached}})
	}
	return rows
}

// endPrefixes are the prefixes under which people say how a call ended. The names are below, by what they say. Flags say it under
// any prefix but those of PartWords.
var (
	endPrefixes = []string{"", "llm.", "llm.response.", "gen_ai.", "gen_ai.response."}
	anyPrefixes = []string{"", "*.", "*_"}
)

// endNames are the names under these prefixes, by what they say. Source: spans that people write themselves; error.kind and
// error.message of OpenTracing, error.name of errors in Node.js.
var endNames = []struct {
	fact     fact.Fact
	encoding Encoding
	prefixes []string
	names    []string
}{
	{fact.Failed, FalseOnly, anyPrefixes, []string{"success", "successful", "succeeded", "ok"}},
	{fact.Failed, TrueOnly, anyPrefixes, []string{"failed", "is_error", "has_error"}},
	{fact.Failed, NotEmpty, endPrefixes, []string{"error", "error.message", "error_message", "exception.type", "exception.message"}},
	{fact.ErrorType, Text, endPrefixes, []string{"error.type", "error_type", "error.kind", "error.name", "error.code", "error_code"}},
	{fact.ErrorType, TimedOutFlag, anyPrefixes, []string{"timed_out"}},
	{fact.ErrorType, TimedOutFlag, endPrefixes, []string{"timeout"}},
	{fact.ErrorType, CancelledFlag, anyPrefixes, []string{"cancelled_by_user", "canceled_by_user", "stopped_by_user", "client_disconnected"}},
	{fact.ErrorMessage, Text, endPrefixes, []string{"error", "error.message", "error_message", "exception.message"}},
	{fact.HTTPStatus, Count, anyPrefixes, []string{"status_code"}},
	{fact.HTTPStatus, Count, endPrefixes, []string{"http_status_code", "http.status_code"}},
	{fact.ErrorType, GRPCStatus, []string{""}, []string{
		"rpc.grpc.status_code", "rpc.response.status_code", "rpc.connect_rpc.error_code", "grpc.status_code", "grpc.status", "grpc.code",
	}},
}

// PartWords are words, in lower case, of keys that are about a part of the call. Or they are about what users attach to it. Keys with
// a star do not fit those with such a word.
var PartWords = map[string]bool{
	"account": true, "attempt": true, "attempts": true, "association": true, "cache": true, "callback": true, "customer": true, "db": true,
	"eval": true, "evaluation": true, "evaluator": true, "export": true, "fallback": true, "feedback": true, "filter": true, "function": true,
	"guardrail": true, "guardrails": true, "health": true, "hook": true, "job": true, "mcp": true, "metadata": true, "moderation": true,
	"order": true, "parse": true, "parser": true, "parsing": true, "payment": true, "properties": true, "property": true, "retrieval": true,
	"retry": true, "schema": true, "score": true, "subscription": true, "tag": true, "tags": true, "task": true, "ticket": true, "tool": true,
	"tools": true, "validation": true, "validator": true,
}

// ends returns the rows of all these keys.
func ends() (rows []Attribute) {
	for _, e := range endNames {
		for _, name := range e.names {
			for _, prefix := range e.prefixes {
				rows = append(rows, Attribute{Key: prefix + name, Fact: e.fact, Encoding: e.encoding, Generic: true})
			}
		}
	}
	return rows
}
