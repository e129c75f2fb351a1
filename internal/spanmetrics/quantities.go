// SPDX-License-Identifier: Apache-2.0

package spanmetrics

// Quantity is what a metric of the user's own can measure.
type Quantity struct {
	Measure Measure
	// Unit is the unit of the values.
	Unit string
	// Bounds are the bounds of a histogram's explicit buckets, in that unit; nil where there is no usual choice.
	Bounds []float64
}

// Quantities are all that requests, and what lies beside them, can be measured by.
var Quantities = map[string]Quantity{
	"requests":              {Requests, "{request}", nil},
	"duration":              {Duration, "s", durationBounds},
	"model_duration":        {ModelDuration, "s", durationBounds},
	"time_to_first_token":   {TTFT, "s", firstBounds},
	"time_per_output_token": {TimePerOutputToken, "s", perOutputBounds},
	"chunk_gap":             {ChunkGaps, "s", durationBounds},
	"queue_duration":        {Queue, "s", firstBounds},
	"prefill_duration":      {Prefill, "s", firstBounds},
	"decode_duration":       {Decode, "s", firstBounds},
	"output_token_rate":     {OutputTokenRate, "{token}/s", rateBounds},
	"total_token_rate":      {TotalTokenRate, "{token}/s", rateBounds},
	"input_tokens":          {InputTokens, "{token}", tokenBounds},
	"output_tokens":         {OutputTokens, "{token}", tokenBounds},
	"total_tokens":          {TotalTokens, "{token}", tokenBounds},
	"cache_read_tokens":     {CacheReadTokens, "{token}", tokenBounds},
	"cache_write_tokens":    {CacheWriteTokens, "{token}", tokenBounds},
	"reasoning_tokens":      {ReasoningTokens, "{token}", tokenBounds},
	"cost":                  {Cost, "{USD}", nil},
	"concurrency_mean":      {ConcurrencyMean, "{request}", nil},
	"concurrency_max":       {ConcurrencyMax, "{request}", nil},
	"retries":               {Retries, "{retry}", nil},
	"finish_reasons":        {FinishReasons, "{choice}", nil},
	"batches":               {Batches, "{batch}", nil},
	"batch_size":            {BatchSize, "{request}", sizeBounds},
	"model_load_duration":   {ModelLoad, "s", loadBounds},
	"tool_duration":         {ToolRun, "s", durationBounds},
	"agent_duration":        {AgentRun, "s", agentBounds},
}

// OwnDimensions returns the dimensions that the project's metrics have beside the default ones.
func OwnDimensions() []Dimension { return own() }
