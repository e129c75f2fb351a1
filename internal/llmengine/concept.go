// SPDX-License-Identifier: Apache-2.0

package llmengine

// Concept is one quantity of the vocabulary.
type Concept uint8

// The quantities. Asleep and Unhealthy are states of an endpoint and no metrics of their own.
const (
	Running Concept = iota
	Waiting
	Limit
	Requests
	KVUtilization
	KVUsage
	KVLimit
	PrefixQueries
	PrefixHits
	PrefixHitRatio
	Preemptions
	BatchSize
	Batches
	InputTokens
	OutputTokens
	CachedInputTokens
	DraftTokens
	AcceptedTokens
	AcceptanceRatio
	ModelLoaded
	ModelMemory
	LoadDuration
	LoRAAdapters
	LoRALimit
	QueueDuration
	RequestDuration
	TimeToFirstToken
	TimePerOutputToken
	Asleep
	Unhealthy
	NumConcepts
)

// Kind says how values of a concept behave.
type Kind uint8

// State adds up over ranks, models and engines and goes up and down. Counter only grows. Ratio lies between 0 and 1. Gauge does
// not add up. Distribution is a histogram. Flag is a state of the endpoint.
const (
	State Kind = iota
	Counter
	Ratio
	Gauge
	Distribution
	Flag
)

// Info describes a concept.
type Info struct {
	// Metric is the name of the metric; empty for flags.
	Metric string
	Kind   Kind
	// Attributes are the attributes that a reading's Attrs hold, besides model and index.
	Attributes [2]string
}

// Concepts describes each concept.
var Concepts = [NumConcepts]Info{
	Running:            {Metric: "llm.engine.requests.running", Kind: State},
	Waiting:            {Metric: "llm.engine.requests.waiting", Kind: State, Attributes: [2]string{"llm.engine.waiting.reason"}},
	Limit:              {Metric: "llm.engine.requests.limit", Kind: State},
	Requests:           {Metric: "llm.engine.requests", Kind: Counter, Attributes: [2]string{"llm.outcome", "llm.finish_reason"}},
	KVUtilization:      {Metric: "llm.engine.kv_cache.utilization", Kind: Ratio},
	KVUsage:            {Metric: "llm.engine.kv_cache.usage", Kind: State},
	KVLimit:            {Metric: "llm.engine.kv_cache.limit", Kind: State},
	PrefixQueries:      {Metric: "llm.engine.prefix_cache.queries", Kind: Counter, Attributes: [2]string{"llm.engine.cache.tier"}},
	PrefixHits:         {Metric: "llm.engine.prefix_cache.hits", Kind: Counter, Attributes: [2]string{"llm.engine.cache.tier"}},
	PrefixHitRatio:     {Metric: "llm.engine.prefix_cache.hit_ratio", Kind: Ratio},
	Preemptions:        {Metric: "llm.engine.preemptions", Kind: Counter},
	BatchSize:          {Metric: "llm.engine.batch.size", Kind: Gauge},
	Batches:            {Metric: "llm.engine.batches", Kind: Counter, Attributes: [2]string{"llm.engine.phase"}},
	InputTokens:        {Metric: "llm.engine.usage.input_tokens", Kind: Counter},
	OutputTokens:       {Metric: "llm.engine.usage.output_tokens", Kind: Counter},
	CachedInputTokens:  {Metric: "llm.engine.usage.cache_read.input_tokens", Kind: Counter},
	DraftTokens:        {Metric: "llm.engine.speculation.draft_tokens", Kind: Counter},
	AcceptedTokens:     {Metric: "llm.engine.speculation.accepted_tokens", Kind: Counter},
	AcceptanceRatio:    {Metric: "llm.engine.speculation.acceptance_ratio", Kind: Ratio},
	ModelLoaded:        {Metric: "llm.engine.model.loaded", Kind: State},
	ModelMemory:        {Metric: "llm.engine.model.memory.usage", Kind: State, Attributes: [2]string{"llm.engine.memory.location", "llm.engine.memory.part"}},
	LoadDuration:       {Metric: "llm.engine.model.load.duration", Kind: Gauge, Attributes: [2]string{"llm.engine.load.phase"}},
	LoRAAdapters:       {Metric: "llm.engine.lora.adapters", Kind: State, Attributes: [2]string{"llm.engine.lora.state", "llm.engine.lora.adapter"}},
	LoRALimit:          {Metric: "llm.engine.lora.limit", Kind: State},
	QueueDuration:      {Metric: "llm.engine.request.queue.duration", Kind: Distribution},
	RequestDuration:    {Metric: "gen_ai.server.request.duration", Kind: Distribution},
	TimeToFirstToken:   {Metric: "gen_ai.server.time_to_first_token", Kind: Distribution},
	TimePerOutputToken: {Metric: "gen_ai.server.time_per_output_token", Kind: Distribution},
	Asleep:             {Kind: Flag},
	Unhealthy:          {Kind: Flag},
}

// Reading is one value of a concept.
type Reading struct {
	Concept Concept
	// Model is the served model's name; empty where nobody names it.
	Model string
	// Index is the data-parallel rank; empty where an endpoint has one only.
	Index string
	// Attrs are the values of the concept's attributes; empty where they are not known.
	Attrs [2]string
	// Value is in the metric's unit.
	Value float64
	// Histogram is set for distributions, instead of Value.
	Histogram *Histogram
}

// Histogram is a distribution with the engine's own bounds.
type Histogram struct {
	// Bounds are the upper bounds of all buckets but the last one, rising.
	Bounds []float64
	// Counts are those of single buckets, one more than there are bounds.
	Counts []uint64
	Sum    float64
}

// Count is the number of all observations.
func (h *Histogram) Count() (n uint64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// States of an endpoint, the values of llm.engine.state.
const (
	Ready       = "ready"
	Loading     = "loading"
	Sleeping    = "sleeping"
	Sick        = "unhealthy"
	Unreachable = "unreachable"
)

// States are all of them.
var States = []string{Ready, Loading, Sleeping, Sick, Unreachable}
