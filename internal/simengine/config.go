// SPDX-License-Identifier: Apache-2.0

package simengine

import (
	"cmp"
	"time"
)

// Config says how large and how fast the engine is. The zero value of a field stands for its default.
type Config struct {
	// Kind is the engine whose metrics page is served: vllm (default) or sglang.
	Kind string
	// Model is the served model name. Default: sim-8b.
	Model string
	// MaxRunning limits the requests in a batch. Default: 8.
	MaxRunning int
	// Blocks is the size of the KV cache. Default: 256.
	Blocks int
	// BlockSize is the tokens of one block. Default: 16.
	BlockSize int
	// Step is the time of one decode step, which generates one token for each running request. Default: 20 ms.
	Step time.Duration
	// Prefill is the time for one input token that no cache serves. Default: 0.2 ms.
	Prefill time.Duration
	// ServiceName is on exported spans. Default: Kind.
	ServiceName string
	// Traces is the OTLP/HTTP endpoint for spans, such as http://127.0.0.1:4318. Empty: no spans.
	Traces string
	// Loading is how long the engine answers 503 after its start.
	Loading time.Duration
}

func (c Config) withDefaults() Config {
	c.Kind = cmp.Or(c.Kind, "vllm")
	c.Model = cmp.Or(c.Model, "sim-8b")
	c.MaxRunning = cmp.Or(c.MaxRunning, 8)
	c.Blocks = cmp.Or(c.Blocks, 256)
	c.BlockSize = cmp.Or(c.BlockSize, 16)
	c.Step = cmp.Or(c.Step, 20*time.Millisecond)
	c.Prefill = cmp.Or(c.Prefill, 200*time.Microsecond)
	c.ServiceName = cmp.Or(c.ServiceName, c.Kind)
	return c
}
