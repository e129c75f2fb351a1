// SPDX-License-Identifier: Apache-2.0

package fact

// Type is what values of a fact are.
type Type uint8

// The types.
const (
	// Text is a string.
	Text Type = iota
	// Texts is a list of strings.
	Texts
	// Truth is a boolean.
	Truth
	// Count is a whole number that is not negative.
	Count
	// Rate is a number that is not negative.
	Rate
	// Seconds is a time in seconds.
	Seconds
	// Dollars is an amount of US dollars.
	Dollars
)

// Merge is what a request takes from another span that describes it.
type Merge uint8

// The policies.
const (
	// NotKept facts are no part of a request: others follow from them, or they are of no request.
	NotKept Merge = iota
	// Own facts are decided by the request's own span or by a rule, never taken.
	Own
	// Fill takes a value where there is none.
	Fill
	// FillTime takes a time where there is none, if the request lasted that long.
	FillTime
	// FillCount takes tokens where there are none, and exact ones in place of estimates.
	FillCount
	// Greatest takes the larger value.
	Greatest
)

// Shared says for which of the calls inside one span what that span says holds.
type Shared uint8

// The choices.
const (
	// OnlyCall facts of a wrapper hold for its only call: they are sums, or of one response.
	OnlyCall Shared = iota
	// SameModel facts hold for each of several calls to the model that the wrapper names.
	SameModel
	// EachCall facts hold for each of several calls.
	EachCall
)

// Use is a set of what users may do with a fact.
type Use uint8

// The uses.
const (
	// Readable facts may be read from attributes of the user's own (reading::attributes).
	Readable Use = 1 << iota
	// Measurable facts may be the value of a metric (custom_metrics::<name>::value).
	Measurable
	// Dimensional facts may be a dimension (concept).
	Dimensional
	// Enriching facts may be written back to spans (enrichment::attributes).
	Enriching
)

// Row is what is known of a fact.
type Row struct {
	// Name is the one name by which settings and documents call the fact.
	Name string
	// Title is the name in running text.
	Title string
	// Unit is that of numbers, in UCUM.
	Unit string
	// Type is what its values are.
	Type Type
	// Bounds are the usual upper bounds of a histogram's buckets, in Unit; nil if there are none.
	Bounds []float64
	// Merge and Shared say what becomes of it when several spans describe one request.
	Merge  Merge
	Shared Shared
	// Uses are what users may do with it.
	Uses Use
	// Attribute is the name of the attribute on metrics and spans.
	Attribute string
	// Closed facts have few values by their nature.
	Closed bool
}

// Has reports whether users may do all of that with the fact.
func (r *Row) Has(uses Use) bool { return r.Uses&uses == uses }

// Row returns what is known of the fact.
func (f Fact) Row() *Row { return &rows[f] }

// String returns the fact's name in running text.
func (f Fact) String() string { return rows[f].Title }

// All calls yield for each fact that users may do that with, in order.
func All(use Use) func(yield func(Fact) bool) {
	return func(yield func(Fact) bool) {
		for f := None + 1; f < Facts; f++ {
			if rows[f].Has(use) && !yield(f) {
				return
			}
		}
	}
}

// Names returns the facts that users may do that with, by name.
func Names(use Use) map[string]Fact {
	names := map[string]Fact{}
	for f := range All(use) {
		names[rows[f].Name] = f
	}
	return names
}

// Bucket bounds of the GenAI conventions. Source: open-telemetry/semantic-conventions v1.41.1,
// docs/gen-ai/gen-ai-metrics.md; those of rates, sizes and loading are the project's own.
var (
	DurationBounds = []float64{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
	TokenBounds    = []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
	FirstBounds    = []float64{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	OutputBounds   = []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5}
	RateBounds     = []float64{1, 5, 10, 25, 50, 100, 250, 500, 1000, 2000}
	SizeBounds     = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}
	AgentBounds    = []float64{0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6}
	LoadBounds     = []float64{1, 2.5, 5, 10, 20, 40, 60, 90, 120, 180, 300, 600, 1200}
)

const tokens = "{token}"

var rows = [Facts]Row{
	InputTokens: {
		Name: "input_tokens", Title: "input tokens", Unit: tokens, Type: Count, Bounds: TokenBounds, Merge: FillCount,
		Uses: Readable | Measurable,
	},
	OutputTokens: {
		Name: "output_tokens", Title: "output tokens", Unit: tokens, Type: Count, Bounds: TokenBounds, Merge: FillCount,
		Uses: Readable | Measurable,
	},
	CacheReadTokens: {
		Name: "cache_read_tokens", Title: "cache read tokens", Unit: tokens, Type: Count, Bounds: TokenBounds, Merge: FillCount,
		Uses: Readable | Measurable,
	},
	CacheWriteTokens: {
		Name: "cache_write_tokens", Title: "cache write tokens", Unit: tokens, Type: Count, Bounds: TokenBounds, Merge: FillCount,
		Uses: Readable | Measurable,
	},
	CacheWriteHourTokens: {
		Name: "cache_write_hour_tokens", Title: "cache write tokens for an hour", Unit: tokens, Type: Count, Merge: FillCount,
		Uses: Readable,
	},
	ReasoningTokens: {
		Name: "reasoning_tokens", Title: "reasoning tokens", Unit: tokens, Type: Count, Bounds: TokenBounds, Merge: FillCount,
		Uses: Readable | Measurable,
	},
	Retries: {Name: "retries", Title: "retries", Unit: "{retry}", Type: Count, Merge: Greatest, Uses: Readable | Measurable},
	Cost: {
		Name: "cost", Title: "cost", Unit: "{USD}", Type: Dollars, Merge: Fill, Uses: Readable | Measurable | Enriching,
		Attribute: "llm.cost",
	},
	// It goes with the address.
	ServerPort: {
		Name: "server_port", Title: "server port", Unit: "1", Type: Count, Merge: Own, Shared: SameModel, Uses: Readable | Dimensional,
		Attribute: "server.port",
	},
	Duration: {
		Name: "duration", Title: "duration", Unit: "s", Type: Seconds, Bounds: DurationBounds, Merge: Own, Uses: Measurable,
	},
	TTFT: {
		Name: "time_to_first_token", Title: "time to first token", Unit: "s", Type: Seconds, Bounds: FirstBounds, Merge: FillTime,
		Uses: Readable | Measurable | Enriching, Attribute: "llm.time_to_first_token",
	},
	Queue: {
		Name: "queue_duration", Title: "queue time", Unit: "s", Type: Seconds, Bounds: FirstBounds, Merge: FillTime,
		Uses: Readable | Measurable,
	},
	Prefill: {
		Name: "prefill_duration", Title: "prefill time", Unit: "s", Type: Seconds, Bounds: FirstBounds, Merge: FillTime,
		Uses: Readable | Measurable,
	},
	Decode: {
		Name: "decode_duration", Title: "decode time", Unit: "s", Type: Seconds, Bounds: FirstBounds, Merge: FillTime,
		Uses: Readable | Measurable,
	},
	TimePerOutputToken: {
		Name: "time_per_output_token", Title: "time per output token", Unit: "s", Type: Seconds, Bounds: OutputBounds, Merge: FillTime,
		Uses: Readable | Measurable | Enriching, Attribute: "llm.time_per_output_token",
	},
	TimePerOutputChunk: {
		Name: "time_per_output_chunk", Title: "mean time between chunks", Unit: "s", Type: Seconds, Bounds: DurationBounds, Merge: FillTime,
		Uses: Readable | Measurable,
	},

	TotalTokens: {
		Name: "total_tokens", Title: "total tokens", Unit: tokens, Type: Count, Bounds: TokenBounds, Uses: Readable | Measurable,
	},
	ThoughtTokens:        {Name: "thought_tokens", Title: "reasoning tokens beside the output", Unit: tokens, Type: Count},
	TextInputTokens:      {Name: "text_input_tokens", Title: "text input tokens", Unit: tokens, Type: Count},
	ImageInputTokens:     {Name: "image_input_tokens", Title: "image input tokens", Unit: tokens, Type: Count},
	AudioInputTokens:     {Name: "audio_input_tokens", Title: "audio input tokens", Unit: tokens, Type: Count},
	TextOutputTokens:     {Name: "text_output_tokens", Title: "text output tokens", Unit: tokens, Type: Count},
	ImageOutputTokens:    {Name: "image_output_tokens", Title: "image output tokens", Unit: tokens, Type: Count},
	AudioOutputTokens:    {Name: "audio_output_tokens", Title: "audio output tokens", Unit: tokens, Type: Count},
	TextCacheReadTokens:  {Name: "text_cache_read_tokens", Title: "text cache read tokens", Unit: tokens, Type: Count},
	ImageCacheReadTokens: {Name: "image_cache_read_tokens", Title: "image cache read tokens", Unit: tokens, Type: Count},
	AudioCacheReadTokens: {Name: "audio_cache_read_tokens", Title: "audio cache read tokens", Unit: tokens, Type: Count},
	HTTPStatus:           {Name: "http_status", Title: "HTTP status", Unit: "1", Type: Count, Uses: Readable},
	BatchSize: {
		Name: "batch_size", Title: "batch size", Unit: "{request}", Type: Count, Bounds: SizeBounds, Uses: Readable | Measurable,
	},
	ModelLoad: {
		Name: "model_load_duration", Title: "model load time", Unit: "s", Type: Seconds, Bounds: LoadBounds, Uses: Measurable,
	},
	RetryTime: {Name: "retry_duration", Title: "time of failed attempts", Unit: "s", Type: Seconds},
	ChunkGaps: {Name: "chunk_gaps", Title: "times between chunks", Unit: "s", Type: Seconds, Merge: Fill},

	Kind: {Name: "kind", Title: "class", Type: Text},
	Operation: {
		Name: "operation", Title: "operation", Type: Text, Merge: Own, Uses: Readable | Dimensional, Attribute: "gen_ai.operation.name",
	},
	Provider: {
		Name: "provider", Title: "provider", Type: Text, Merge: Fill, Shared: SameModel, Uses: Readable | Dimensional | Enriching,
		Attribute: "gen_ai.provider.name",
	},
	RequestModel: {
		Name: "request_model", Title: "request model", Type: Text, Merge: Fill, Shared: SameModel, Uses: Readable | Dimensional | Enriching,
		Attribute: "gen_ai.request.model",
	},
	ResponseModel: {
		Name: "response_model", Title: "response model", Type: Text, Merge: Fill, Shared: SameModel, Uses: Readable | Dimensional | Enriching,
		Attribute: "gen_ai.response.model",
	},
	ServerAddress: {
		Name: "server_address", Title: "server address", Type: Text, Merge: Fill, Shared: SameModel, Uses: Readable | Dimensional,
		Attribute: "server.address",
	},
	ErrorType: {
		Name: "error_type", Title: "error type", Type: Text, Merge: Own, Uses: Readable | Dimensional, Attribute: "error.type",
	},
	ErrorMessage: {Name: "error_message", Title: "error message", Type: Text},
	FinishReason: {
		Name: "finish_reason", Title: "finish reason", Unit: "{choice}", Type: Texts, Merge: Fill,
		Uses: Readable | Measurable | Dimensional, Attribute: "llm.finish_reason",
	},
	ServiceTier: {
		Name: "service_tier", Title: "service tier", Type: Text, Merge: Fill, Uses: Readable | Dimensional, Attribute: "llm.service_tier",
	},
	RequestID: {Name: "request_id", Title: "request id", Type: Text, Merge: Fill, Uses: Readable},
	CallID:    {Name: "call_id", Title: "id of all attempts", Type: Text, Merge: Own},
	Endpoint: {
		Name: "endpoint", Title: "endpoint", Type: Text, Merge: Fill, Shared: SameModel, Uses: Readable | Dimensional, Attribute: "llm.endpoint",
	},
	User: {
		Name: "user", Title: "user", Type: Text, Merge: Fill, Shared: EachCall, Uses: Readable | Dimensional, Attribute: "llm.user",
	},
	Tenant: {
		Name: "tenant", Title: "tenant", Type: Text, Merge: Fill, Shared: EachCall, Uses: Readable | Dimensional, Attribute: "llm.tenant",
	},
	Session: {
		Name: "session", Title: "session", Type: Text, Merge: Fill, Shared: EachCall, Uses: Readable | Dimensional, Attribute: "llm.session",
	},
	ToolName:  {Name: "tool", Title: "tool", Type: Text, Uses: Dimensional, Attribute: "gen_ai.tool.name"},
	AgentName: {Name: "agent", Title: "agent", Type: Text, Uses: Dimensional, Attribute: "gen_ai.agent.name"},

	Stream: {
		Name: "stream", Title: "streaming", Type: Truth, Merge: Fill, Shared: EachCall, Uses: Readable | Dimensional,
		Attribute: "gen_ai.request.stream", Closed: true,
	},
	Failed:             {Name: "failed", Title: "failure", Type: Truth},
	Answered:           {Name: "answered", Title: "answer present", Type: Truth},
	PrefilledElsewhere: {Name: "prefilled_elsewhere", Title: "prompt read elsewhere", Type: Truth, Merge: Own},

	Requests:      {Name: "requests", Title: "requests", Unit: "{request}", Type: Count, Uses: Measurable},
	ModelDuration: {Name: "model_duration", Title: "duration without the queue", Unit: "s", Type: Seconds, Bounds: DurationBounds, Uses: Measurable},
	OutputTokenRate: {
		Name: "output_token_rate", Title: "output tokens per second", Unit: "{token}/s", Type: Rate, Bounds: RateBounds, Uses: Measurable,
	},
	TotalTokenRate: {
		Name: "total_token_rate", Title: "total tokens per second", Unit: "{token}/s", Type: Rate, Bounds: RateBounds, Uses: Measurable,
	},
	ConcurrencyMean: {Name: "concurrency_mean", Title: "mean concurrency", Unit: "{request}", Type: Rate, Uses: Measurable},
	ConcurrencyMax:  {Name: "concurrency_max", Title: "greatest concurrency", Unit: "{request}", Type: Count, Uses: Measurable},
	Batches:         {Name: "batches", Title: "batches", Unit: "{batch}", Type: Count, Uses: Measurable},
	ToolDuration:    {Name: "tool_duration", Title: "duration of a tool's run", Unit: "s", Type: Seconds, Bounds: DurationBounds, Uses: Measurable},
	AgentDuration:   {Name: "agent_duration", Title: "duration of an agent's run", Unit: "s", Type: Seconds, Bounds: AgentBounds, Uses: Measurable},

	Model:      {Name: "model", Title: "model", Type: Text, Uses: Dimensional, Attribute: "llm.model"},
	Layer:      {Name: "layer", Title: "layer", Type: Text, Uses: Dimensional | Enriching, Attribute: "llm.layer", Closed: true},
	Outcome:    {Name: "outcome", Title: "outcome", Type: Text, Uses: Dimensional | Enriching, Attribute: "llm.outcome", Closed: true},
	Status:     {Name: "status", Title: "status", Type: Text, Uses: Dimensional, Attribute: "llm.status", Closed: true},
	CostSource: {Name: "cost_source", Title: "source of the cost", Type: Text, Uses: Dimensional, Attribute: "llm.cost.source", Closed: true},
	Emitter:    {Name: "emitter", Title: "emitter", Type: Text, Uses: Dimensional, Attribute: "llm.emitter", Closed: true},
	Duplicate:  {Name: "duplicate", Title: "rule of duplicates", Type: Text, Uses: Enriching, Attribute: "llm.duplicate", Closed: true},
}
