// SPDX-License-Identifier: Apache-2.0

package traffic

import "time"

// Scene is a part of the cycle in which something is wrong.
type Scene struct {
	// Title says what is wrong, in a few words.
	Title string
	// Look says where it shows.
	Look string
	// until is where the scene ends, as a share of the cycle.
	until float64
	// hot is the pod whose GPUs slow down from heat, by the factor slow.
	hot  string
	slow float64
	// down is the provider that refuses the share failing of its requests as overloaded.
	down    string
	failing float64
	// greedy is the tenant whose tasks and prompts grow by the factor more.
	greedy string
	more   float64
}

var scenes = []Scene{
	{Title: "All is well", Look: "but for the canary, Llama-3.3-70B-Instruct-FP8, which is slow and fails", until: 0.15},
	{
		Title: "The GPUs of one Llama replica are hot", Look: "vllm-llama-70b-1: time to first token, queue, KV cache, throttling",
		until: 0.4, hot: "vllm-llama-70b-1", slow: 6,
	},
	{Title: "All is well again", Look: "the queue empties", until: 0.6},
	{
		Title: "Anthropic is overloaded", Look: "errors by provider, retries", until: 0.78,
		down: "anthropic", failing: 0.45,
	},
	{
		Title: "Tenant globex sends many long prompts", Look: "tokens and cost by tenant", until: 1,
		greedy: "globex", more: 3,
	},
}

// Scene answers what is going on at a time.
func (w *World) Scene(now time.Time) Scene {
	at := now.Sub(w.began).Seconds() / w.settings.Cycle.Seconds()
	at -= float64(int(at))
	for _, s := range scenes {
		if at < s.until {
			return s
		}
	}
	return scenes[0]
}
