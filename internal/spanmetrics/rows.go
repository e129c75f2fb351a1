// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// Catalogue lists the instruments of the profiles.
func Catalogue(profiles Profile) []Instrument {
	var chosen []Instrument
	for _, in := range rows() {
		if in.Profile == 0 || in.Profile&profiles != 0 && !contains(chosen, in.Name, in.Profile) {
			chosen = append(chosen, in)
		}
	}
	return chosen
}

// contains reports whether a metric of that name was chosen for another profile. Where two profiles are wanted, a name that both
// have keeps the meaning of the earlier one.
func contains(chosen []Instrument, name string, profile Profile) bool {
	return slices.ContainsFunc(chosen, func(in Instrument) bool { return in.Name == name && in.Profile != profile })
}

// rows are all instruments.
func rows() []Instrument { return slices.Concat(clientRows(), usageRows(), otherRows()) }

// clientRows are the metrics of clients of both profiles, but for the development profile's counters of tokens.
func clientRows() []Instrument {
	return []Instrument{
		{
			Name: "gen_ai.client.operation.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of GenAI operations as the client sees them.",
			Layers:      clientOnly, Measure: fact.Duration, Extra: []Dimension{errorType}, Profile: V141,
		},
		{
			Name: "gen_ai.client.operation.time_to_first_chunk", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Time from the request to the first chunk of a streamed response, for successful operations.",
			Layers:      clientOnly, Measure: fact.TTFT, When: Succeeded | Streamed, Profile: V141,
		},
		{
			Name: "gen_ai.client.operation.time_per_output_chunk", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Time between each two chunks of a streamed response, where the span has an event for each.",
			Layers:      clientOnly, Measure: fact.TimePerOutputChunk, Profile: V141, Off: true,
		},
		{
			Name: "gen_ai.client.token.usage", Kind: Histogram, Unit: "{token}", Bounds: fact.TokenBounds,
			Description: "Tokens of an operation; input includes cached tokens, output includes reasoning.",
			Layers:      clientOnly, Measure: fact.InputTokens, Fixed: Attribute{"gen_ai.token.type", "input"}, Profile: V141,
		},
		{
			Name: "gen_ai.client.token.usage", Kind: Histogram, Unit: "{token}", Bounds: fact.TokenBounds,
			Description: "Tokens of an operation; input includes cached tokens, output includes reasoning.",
			Layers:      clientOnly, Measure: fact.OutputTokens, Fixed: Attribute{"gen_ai.token.type", "output"}, Profile: V141,
		},
		{
			Name: "gen_ai.client.operation.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of GenAI operations other than inference and embeddings as the client sees them.",
			Layers:      clientOnly, Measure: fact.Duration, When: Others, Extra: []Dimension{errorType}, Profile: Development,
		},
		{
			Name: "gen_ai.client.embeddings.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of embeddings operations as the client sees them.",
			Layers:      clientOnly, Measure: fact.Duration, When: Embeddings, Extra: []Dimension{errorType}, Profile: Development,
		},
		{
			Name: "gen_ai.client.inference.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of inference as the client sees it.",
			Layers:      clientOnly, Measure: fact.Duration, When: Completions, Extra: []Dimension{errorType}, Profile: Development,
		},
		{
			Name: "gen_ai.client.inference.time_to_first_chunk", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Time from the request to the first chunk of a streamed response, for successful inference.",
			Layers:      clientOnly, Measure: fact.TTFT, When: Succeeded | Streamed | Completions, Profile: Development,
		},
		{
			Name: "gen_ai.client.inference.time_per_output_chunk", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Time between each two chunks of a streamed response, where the span has an event for each.",
			Layers:      clientOnly, Measure: fact.TimePerOutputChunk, When: Completions, Profile: Development, Off: true,
		},
	}
}

// otherRows are the metrics beside these: those of engines, gateways and all layers, and of runs.
func otherRows() []Instrument {
	return []Instrument{
		{
			Name: "gen_ai.client.inference.operation.input_tokens", Kind: Histogram, Unit: "{token}", Bounds: fact.TokenBounds,
			Description: "Input tokens of one inference, cached ones included.",
			Layers:      clientOnly, Measure: fact.InputTokens, When: Completions, Extra: []Dimension{errorType}, Profile: Development,
		},
		{
			Name: "gen_ai.client.inference.operation.output_tokens", Kind: Histogram, Unit: "{token}", Bounds: fact.TokenBounds,
			Description: "Output tokens of one inference, reasoning included.",
			Layers:      clientOnly, Measure: fact.OutputTokens, When: Completions, Extra: []Dimension{errorType}, Profile: Development,
		},
		{
			Name: "gen_ai.client.embeddings.operation.input_tokens", Kind: Histogram, Unit: "{token}", Bounds: fact.TokenBounds,
			Description: "Input tokens of one embeddings operation.",
			Layers:      clientOnly, Measure: fact.InputTokens, When: Embeddings, Extra: []Dimension{errorType}, Profile: Development,
		},
		{
			Name: "gen_ai.server.request.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of requests as the engine sees them.",
			Layers:      serverOnly, Measure: fact.Duration, Extra: []Dimension{errorType},
		},
		{
			Name: "gen_ai.server.time_to_first_token", Kind: Histogram, Unit: "s", Bounds: fact.FirstBounds,
			Description: "Time from a request's arrival at the engine to its first token, for successful requests.",
			Layers:      serverOnly, Measure: fact.TTFT, When: Succeeded,
		},
		{
			Name: "gen_ai.server.time_per_output_token", Kind: Histogram, Unit: "s", Bounds: fact.OutputBounds,
			Description: "Time per output token after the first, for successful requests.",
			Layers:      serverOnly, Measure: fact.TimePerOutputToken, When: Succeeded,
		},
		{
			Name: "llm.gateway.request.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of requests as the gateway sees them.",
			Layers:      gatewayOnly, Measure: fact.Duration, Extra: own(errorType),
		},
		{
			Name: "llm.gateway.time_to_first_token", Kind: Histogram, Unit: "s", Bounds: fact.FirstBounds,
			Description: "Time from a request's arrival at the gateway to the first token, for successful requests.",
			Layers:      gatewayOnly, Measure: fact.TTFT, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.gateway.time_per_output_token", Kind: Histogram, Unit: "s", Bounds: fact.OutputBounds,
			Description: "Time per output token after the first as the gateway sees it, for successful requests.",
			Layers:      gatewayOnly, Measure: fact.TimePerOutputToken, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.requests", Kind: Counter, Unit: "{request}",
			Description: "Finished requests by outcome.",
			Layers:      allLayers, Measure: fact.Requests, Extra: own(outcome, errorType),
		},
		{
			Name: "llm.usage.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens, cached ones included.",
			Layers:      allLayers, Measure: fact.InputTokens, Extra: own(),
		},
		{
			Name: "llm.usage.output_tokens", Kind: Counter, Unit: "{token}",
			Description: "Output tokens, reasoning included.",
			Layers:      allLayers, Measure: fact.OutputTokens, Extra: own(),
		},
		{
			Name: "llm.usage.cache_read.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens read from a cache; a part of the input tokens.",
			Layers:      allLayers, Measure: fact.CacheReadTokens, Extra: own(),
		},
		{
			Name: "llm.usage.cache_write.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens written to a cache; a part of the input tokens.",
			Layers:      allLayers, Measure: fact.CacheWriteTokens, Extra: own(),
		},
		{
			Name: "llm.usage.reasoning.output_tokens", Kind: Counter, Unit: "{token}",
			Description: "Output tokens spent on reasoning; a part of the output tokens.",
			Layers:      allLayers, Measure: fact.ReasoningTokens, Extra: own(),
		},
		{
			Name: "llm.client.time_per_output_token", Kind: Histogram, Unit: "s", Bounds: fact.OutputBounds,
			Description: "Time per output token after the first as the client sees it, for successful requests.",
			Layers:      clientOnly, Measure: fact.TimePerOutputToken, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.request.output_token_rate", Kind: Histogram, Unit: "{token}/s", Bounds: fact.RateBounds,
			Description: "Output tokens per second of generation, for successful requests.",
			Layers:      allLayers, Measure: fact.OutputTokenRate, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.request.queue.duration", Kind: Histogram, Unit: "s", Bounds: fact.FirstBounds,
			Description: "Time that requests waited in the engine before they were scheduled.",
			Layers:      behindGateway, Measure: fact.Queue, Extra: own(),
		},
		{
			Name: "llm.request.prefill.duration", Kind: Histogram, Unit: "s", Bounds: fact.FirstBounds,
			Description: "Time that the engine spent on the prompt.",
			Layers:      behindGateway, Measure: fact.Prefill, Extra: own(),
		},
		{
			Name: "llm.request.decode.duration", Kind: Histogram, Unit: "s", Bounds: fact.FirstBounds,
			Description: "Time that the engine spent on the tokens after the first.",
			Layers:      behindGateway, Measure: fact.Decode, Extra: own(),
		},
		{
			Name: "llm.cost", Kind: Counter, Unit: "{USD}",
			Description: "Cost in US dollars, as the spans report it or as computed from a price list.",
			Layers:      allLayers, Measure: fact.Cost, Extra: own(costSource),
		},
		{
			Name: "llm.retries", Kind: Counter, Unit: "{retry}",
			Description: "Attempts that failed and were sent again.",
			Layers:      allLayers, Measure: fact.Retries, Extra: own(),
		},
		{
			Name: "llm.slo.requests", Kind: Counter, Unit: "{request}",
			Description: "Requests by whether they met a target; on as soon as there are targets.",
			Layers:      allLayers, Measure: judged, Extra: own(targetName, targetMet), Off: true,
		},
		{
			Name: "llm.finish_reasons", Kind: Counter, Unit: "{choice}",
			Description: "Outputs by the reason why they ended.",
			Layers:      allLayers, Measure: fact.FinishReason, Extra: own(finishReason), Off: true,
		},
		{
			Name: "llm.concurrency.mean", Kind: Gauge, Unit: "{request}",
			Description: "Mean number of requests at the same time, of those that ended since the last delivery. Requests that hang are missing: do not scale by it.",
			Layers:      allLayers, Measure: fact.ConcurrencyMean, Extra: own(), Off: true,
		},
		{
			Name: "llm.concurrency.max", Kind: Gauge, Unit: "{request}",
			Description: "Most requests at the same time, of those that ended since the last delivery. Requests that hang are missing: do not scale by it.",
			Layers:      allLayers, Measure: fact.ConcurrencyMax, Extra: own(), Off: true,
		},
		{
			Name: "llm.batch.size", Kind: Histogram, Unit: "{request}", Bounds: fact.SizeBounds,
			Description: "Requests that an engine ran together.",
			Layers:      serverOnly, Measure: fact.BatchSize, Extra: []Dimension{layer},
		},
		{
			Name: "llm.model.load.duration", Kind: Histogram, Unit: "s", Bounds: fact.LoadBounds,
			Description: "Time that it took to load a model.",
			Layers:      serverOnly, Measure: fact.ModelLoad, Extra: []Dimension{layer},
		},
		{
			Name: "gen_ai.execute_tool.duration", Kind: Histogram, Unit: "s", Bounds: fact.DurationBounds,
			Description: "Duration of a tool's execution.",
			Layers:      clientOnly, Measure: fact.ToolDuration, Extra: []Dimension{toolName, errorType}, Off: true,
		},
		{
			Name: "gen_ai.invoke_agent.duration", Kind: Histogram, Unit: "s", Bounds: fact.AgentBounds,
			Description: "Duration of an agent's run, its requests and tools included.",
			Layers:      clientOnly, Measure: fact.AgentDuration, Extra: []Dimension{agentName, errorType}, Profile: V141, Off: true,
		},
		{
			Name: "gen_ai.invocation.duration", Kind: Histogram, Unit: "s", Bounds: fact.AgentBounds,
			Description: "Duration of an agent's run, its requests and tools included.",
			Layers:      clientOnly, Measure: fact.AgentDuration, Extra: []Dimension{agentName, errorType}, Profile: Development, Off: true,
		},
	}
}

// DimensionKeys returns the names of all attributes that metrics have.
func DimensionKeys() []string {
	var keys []string
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, d := range commonDimensions {
		add(d.Key)
	}
	for _, in := range rows() {
		for _, d := range in.Extra {
			add(d.Key)
		}
		add(in.Fixed.Key)
	}
	return keys
}
