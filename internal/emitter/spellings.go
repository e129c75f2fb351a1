// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"maps"
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

// borrowed returns rows for the keys of counts that have a meaning of their own to one family. To all others they mean what their
// words say.
func borrowed(families []Family) (rows []Attribute) {
	shared := map[string]bool{}
	for i := range families {
		for _, a := range families[i].Attributes {
			shared[a.Key] = shared[a.Key] || !a.EmitterSpecific || a.Encoding == JSON
		}
	}
	for i := range families {
		for _, a := range families[i].Attributes {
			if of, ok := CountOf(a.Key); ok && !shared[a.Key] {
				shared[a.Key] = true
				rows = append(rows, Attribute{Key: a.Key, Fact: of.Fact, Encoding: Count, Parts: of.Parts, Generic: true})
			}
		}
	}
	return rows
}

// firstTokenPrefixes and firstTokenNames make keys of the time to the first token whose names say the unit.
var (
	firstTokenPrefixes = []string{
		"", "gen_ai.", "gen_ai.response.", "gen_ai.server.", "gen_ai.stream.", "gen_ai.streaming.", "gen_ai.latency.", "llm.", "llm.response.",
		"llm.latency.", "llm.stream.",
	}
	firstTokenNames = map[string]Encoding{
		"ttft_ms": Milliseconds, "time_to_first_token_ms": Milliseconds, "time_to_first_chunk_ms": Milliseconds, "first_token_ms": Milliseconds,
		"first_token_latency_ms": Milliseconds, "ttft_seconds": Seconds, "time_to_first_token_seconds": Seconds,
		"time_to_first_token_us": Microseconds, "time_to_first_token_ns": Nanoseconds,
	}
)

// firstTokenEvents are the names of events that stand for the first token or the first part of an answer. They are people's own.
var firstTokenEvents = []string{
	"first token", "First token", "First Token", "FirstToken", "first_token", "first_token_received", "first_chunk", "first_token_generated",
	"gen_ai.first_token", "gen_ai.first_chunk", "gen_ai.response.first_token", "gen_ai.stream.first_token", "gen_ai.stream.first_chunk",
	"llm.first_token", "llm.first_chunk", "llm.stream.first_token", "llm.response.first_token", "response.first_token", "stream.first_token",
	"stream.first_chunk", "time_to_first_token",
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
			Event{Name: name, Attribute: "error.message", Fact: fact.Failed, Encoding: NotEmpty, Last: true},
			Event{Name: name, Attribute: "error.message", Fact: fact.ErrorMessage, Last: true})
	}
	return rows
}

// firstTokens returns the rows of all these keys.
func firstTokens() (rows []Attribute) {
	for _, name := range slices.Sorted(maps.Keys(firstTokenNames)) {
		for _, prefix := range firstTokenPrefixes {
			rows = append(rows, Attribute{Key: prefix + name, Fact: fact.TTFT, Encoding: firstTokenNames[name], Generic: prefix == ""})
		}
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
// outcome, spans that people write themselves. llm.outcome is missing: enrichment writes it for what several spans show together.
var statusKeys = []string{
	"outcome", "status", "result", "llm.status", "llm.response.status", "gen_ai.status", "gen_ai.response.status", "gen_ai.outcome",
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

// endPrefixes are the prefixes under which people say how a call ended. The names are below, by what they say.
var endPrefixes = []string{"", "llm.", "llm.response.", "gen_ai.", "gen_ai.response."}

// endNames are the names under these prefixes, by what they say. Source: spans that people write themselves; error.kind and
// error.message of OpenTracing, error.name of errors in Node.js.
var endNames = []struct {
	fact     fact.Fact
	encoding Encoding
	names    []string
}{
	{fact.Failed, FalseOnly, []string{"success", "is_success", "ok"}},
	{fact.Failed, TrueOnly, []string{"failed", "is_error", "has_error"}},
	{fact.Failed, NotEmpty, []string{"error", "error.message", "error_message", "exception.type", "exception.message"}},
	{fact.ErrorType, Text, []string{"error.type", "error_type", "error.kind", "error.name", "error.code", "error_code"}},
	{fact.ErrorType, TimedOutFlag, []string{"timed_out", "timeout"}},
	{fact.ErrorType, CancelledFlag, []string{"cancelled_by_user", "canceled_by_user", "stopped_by_user", "client_disconnected"}},
	{fact.ErrorMessage, Text, []string{"error", "error.message", "error_message", "exception.message"}},
	{fact.HTTPStatus, Count, []string{"status_code", "http_status_code", "http.status_code"}},
}

// ends returns the rows of all these keys.
func ends() (rows []Attribute) {
	for _, e := range endNames {
		for _, name := range e.names {
			for _, prefix := range endPrefixes {
				rows = append(rows, Attribute{Key: prefix + name, Fact: e.fact, Encoding: e.encoding, Generic: true})
			}
		}
	}
	return rows
}
