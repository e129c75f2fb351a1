// SPDX-License-Identifier: Apache-2.0

package traffic

import "time"

// shape is the instrumentation whose spans a service exports.
type shape int

const (
	// bare services export no spans: only the gateway and the engine report their requests.
	bare shape = iota
	openAIPython
	openAINode
	anthropicSDK
	vercelAI
)

// service is an application that calls models.
type service struct {
	name, namespace string
	shape           shape
	// perSecond is how many tasks begin a second; a task is one request, or an agent's run of several.
	perSecond float64
	// tenants share the tasks evenly.
	tenants []string
	// people are those who use it, evenly; nil where nobody is named.
	people []string
	// agent is the name of the agent whose runs the tasks are; empty where a task is one request.
	agent string
	// tools are what the agent calls between its requests.
	tools []string
	calls []call
}

// call is one kind of request of a service.
type call struct {
	// weight is its share in the tasks of the service.
	weight float64
	// embeddings have no output and are not streamed.
	embeddings bool
	// streamed is the share of requests whose response is streamed.
	streamed float64
	// input and output are medians, in tokens.
	input, output float64
	// cached is the share of the input that a prompt cache serves.
	cached float64
	// hosted names the provider's model. Where it is empty the request goes through the gateway to an engine.
	hosted string
	// pool is the engine's deployment; canary another one that gets canaryShare of the requests.
	pool, canary string
}

// canaryShare is the share of requests that goes to a canary.
const canaryShare = 0.1

// model is one that a provider hosts.
type model struct {
	provider, address string
	// responds is the model's name in responses.
	responds string
	// firstToken and perToken are medians.
	firstToken, perToken time.Duration
}

// models are the hosted ones by the name in requests.
var models = map[string]model{
	"claude-sonnet-4-5":      {"anthropic", "api.anthropic.com", "claude-sonnet-4-5-20250929", 620 * time.Millisecond, 14 * time.Millisecond},
	"gpt-5":                  {"openai", "api.openai.com", "gpt-5-2025-08-07", 900 * time.Millisecond, 16 * time.Millisecond},
	"gpt-5-mini":             {"openai", "api.openai.com", "gpt-5-mini-2025-08-07", 380 * time.Millisecond, 8 * time.Millisecond},
	"text-embedding-3-small": {"openai", "api.openai.com", "text-embedding-3-small", 70 * time.Millisecond, 0},
}

var tenants = []string{"acme", "globex", "initech"}

var services = []service{
	{
		name: "shop-assistant", namespace: "shop", shape: vercelAI, perSecond: 1.4, tenants: tenants,
		calls: []call{{weight: 1, streamed: 0.9, input: 900, output: 170, cached: 0.4, pool: "vllm-llama-70b", canary: "vllm-llama-70b-fp8"}},
	},
	{
		name: "support-agent", namespace: "support", shape: anthropicSDK, perSecond: 0.35, tenants: tenants[:2],
		agent: "support", tools: []string{"search_orders", "refund"},
		calls: []call{{weight: 1, streamed: 1, input: 5200, output: 240, cached: 0.75, hosted: "claude-sonnet-4-5"}},
	},
	{
		name: "search", namespace: "shop", shape: openAINode, perSecond: 1.6, tenants: tenants,
		calls: []call{
			{weight: 0.6, embeddings: true, input: 60, hosted: "text-embedding-3-small"},
			{weight: 0.4, input: 1400, output: 90, cached: 0.2, hosted: "gpt-5-mini"},
		},
	},
	{
		name: "code-review", namespace: "platform", shape: openAIPython, perSecond: 0.2, tenants: tenants[2:],
		agent: "reviewer", tools: []string{"read_file", "run_tests"},
		calls: []call{{weight: 1, streamed: 1, input: 7800, output: 420, cached: 0.5, hosted: "gpt-5"}},
	},
	{
		name: "claude-code", namespace: "platform", shape: anthropicSDK, perSecond: 0.4, tenants: tenants, people: []string{"ada", "grace", "linus"},
		calls: []call{{weight: 1, streamed: 1, input: 9000, output: 260, cached: 0.85, hosted: "claude-sonnet-4-5"}},
	},
	{
		name: "batch-summaries", namespace: "batch", shape: bare, perSecond: 0.35, tenants: []string{"globex"},
		calls: []call{{weight: 1, input: 3000, output: 260, pool: "vllm-llama-70b"}},
	},
}

// deployment is an engine that serves one model in some replicas.
type deployment struct {
	name, model string
	// price is what the gateway reports, in US dollars per million tokens of input and output.
	priceIn, priceOut float64
	// failing is the share of requests that the engine fails.
	failing  float64
	replicas []replica
}

// replica is one pod of an engine.
type replica struct {
	pod string
	// gpus are the driver's indices of its GPUs.
	gpus []int
	// slots is how many requests run at the same time.
	slots int
	// prefill is how fast the prompt is read, in tokens a second. step is the time of one output token of a request that runs
	// alone.
	prefill float64
	step    time.Duration
	// cache is the size of the KV cache in tokens.
	cache float64
}

var deployments = []deployment{
	{
		name: "vllm-llama-70b", model: "meta-llama/Llama-3.3-70B-Instruct", priceIn: 0.6, priceOut: 0.9,
		replicas: []replica{
			{pod: "vllm-llama-70b-0", gpus: []int{0, 1}, slots: 8, prefill: 9000, step: 11 * time.Millisecond, cache: 17_000},
			{pod: "vllm-llama-70b-1", gpus: []int{2, 3}, slots: 8, prefill: 9000, step: 11 * time.Millisecond, cache: 17_000},
		},
	},
	{
		name: "vllm-llama-70b-fp8", model: "meta-llama/Llama-3.3-70B-Instruct-FP8", priceIn: 0.4, priceOut: 0.6, failing: 0.12,
		replicas: []replica{
			{pod: "vllm-llama-70b-fp8-0", gpus: []int{4}, slots: 8, prefill: 3500, step: 24 * time.Millisecond, cache: 12_000},
		},
	},
}

// GPUs is how many GPUs the node has. The one before the last is held by a program that does nothing, the last is free.
const GPUs = 7

const (
	cluster = "demo"
	// Node is the name of the host on which the engines and GPUs are. It says that they do not exist.
	Node    = "simulated-gpu-node"
	gateway = "llm-gateway"
)
