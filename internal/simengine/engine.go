// SPDX-License-Identifier: Apache-2.0

// Package simengine is a simulated inference engine. It speaks OpenAI's API and the metrics page of vLLM or SGLang. Its queue and
// KV cache really fill. Tests and the demo use it where no GPU is at hand.
package simengine

import (
	"context"
	"hash/fnv"
	"io"
	"strings"
	"sync"
	"time"
)

// Engine schedules requests as vLLM does: first come, first served, as far as batch and KV cache have room. Whoever came last
// goes back into the queue when the cache is full.
type Engine struct {
	config  Config
	started time.Time

	mu      sync.Mutex
	waiting []*request
	running []*request
	free    int                  // blocks
	cached  map[uint64]time.Time // hashes of blocks that were computed, and when they were last used
	page    Page
	paused  bool
}

// request is one sequence on its way through the engine.
type request struct {
	ctx      context.Context
	prompt   []string
	output   int // tokens to generate
	reason   string
	arrived  time.Time
	admitted time.Time
	first    time.Time
	ready    time.Time // end of prefill
	cached   int       // input tokens that the cache serves
	done     int       // generated tokens
	blocks   int
	tokens   chan int // numbers of generated tokens; closed at the end
	failed   bool
}

// New makes an engine that Run drives.
func New(config Config) *Engine {
	config = config.withDefaults()
	now := time.Now()
	return &Engine{config: config, started: now, free: config.Blocks, cached: map[uint64]time.Time{}, page: newPage(config, now)}
}

// Run steps the engine until the context ends.
func (e *Engine) Run(ctx context.Context) {
	ticker := time.NewTicker(e.config.Step)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			e.step(now)
		}
	}
}

// Pause stops the steps, as if the model took long: requests wait. Resume goes on.
func (e *Engine) Pause(paused bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.paused = paused
}

func (e *Engine) submit(ctx context.Context, prompt string, maxTokens int) *request {
	words := strings.Fields(prompt)
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(prompt)) // never fails
	natural := 16 + int(hash.Sum32()%240)
	r := &request{ctx: ctx, prompt: words, arrived: time.Now(), output: natural, reason: "stop"}
	if maxTokens > 0 && maxTokens < natural {
		r.output, r.reason = maxTokens, "length"
	}
	r.tokens = make(chan int, r.output)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.blocksFor(len(words)+r.output) > e.config.Blocks {
		r.failed, r.reason = true, "error"
		e.page.Finished["error"]++
		close(r.tokens)
		return r
	}
	e.waiting = append(e.waiting, r)
	return r
}

func (e *Engine) blocksFor(tokens int) int {
	return (tokens + e.config.BlockSize - 1) / e.config.BlockSize
}

func (e *Engine) step(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dropAborted()
	if e.paused {
		return
	}
	prefilled := e.admit(now)
	generated := 0
	for i := 0; i < len(e.running); i++ {
		r := e.running[i]
		if now.Before(r.ready) {
			continue
		}
		if need := e.blocksFor(len(r.prompt)+r.done+1) - r.blocks; need > 0 {
			for e.free < need && len(e.running) > i+1 {
				e.preempt(e.running[len(e.running)-1])
			}
			if e.free < need {
				e.preempt(r)
				i--
				continue
			}
			e.free -= need
			r.blocks += need
		}
		r.done++
		generated++
		if r.done == 1 {
			r.first = now
			e.page.FirstToken.observe(now.Sub(r.arrived).Seconds())
		} else {
			e.page.BetweenTokens.observe(e.config.Step.Seconds())
		}
		r.tokens <- r.done
		if r.done == r.output {
			e.finish(r, now)
			i--
		}
	}
	e.page.OutputTokens += float64(generated)
	if prefilled+generated > 0 {
		e.page.Iterations.observe(float64(prefilled + generated))
	}
}

// admit moves requests from the queue into the batch and answers their input tokens.
func (e *Engine) admit(now time.Time) (tokens int) {
	for len(e.waiting) > 0 && len(e.running) < e.config.MaxRunning {
		r := e.waiting[0]
		need := e.blocksFor(len(r.prompt) + r.done + 1)
		if need > e.free {
			break
		}
		e.waiting = e.waiting[1:]
		e.running = append(e.running, r)
		e.free -= need
		r.blocks = need
		if r.admitted.IsZero() {
			r.admitted = now
			e.page.QueueTime.observe(now.Sub(r.arrived).Seconds())
			r.cached = e.lookUp(r.prompt, now)
			e.page.InputTokens += float64(len(r.prompt))
			e.page.CacheQueries += float64(len(r.prompt))
			e.page.CacheHits += float64(r.cached)
		}
		computed := len(r.prompt) - r.cached
		r.ready = now.Add(time.Duration(computed) * e.config.Prefill)
		tokens += computed
	}
	return tokens
}

// lookUp answers how many leading tokens the prefix cache has, and puts the blocks of the prompt into it.
func (e *Engine) lookUp(prompt []string, now time.Time) (hits int) {
	hash, prefix := fnv.New64a(), true
	for i, word := range prompt {
		_, _ = hash.Write([]byte(word)) // never fails
		if (i+1)%e.config.BlockSize != 0 {
			continue
		}
		key := hash.Sum64()
		if _, known := e.cached[key]; known && prefix {
			hits = i + 1
		} else {
			prefix = false
		}
		e.cached[key] = now
	}
	for len(e.cached) > e.config.Blocks { // the oldest goes
		var oldest uint64
		at := now.Add(time.Hour)
		for key, used := range e.cached {
			if used.Before(at) {
				oldest, at = key, used
			}
		}
		delete(e.cached, oldest)
	}
	return hits
}

// preempt puts a running request back to the head of the queue. What it generated stays.
func (e *Engine) preempt(r *request) {
	e.remove(&e.running, r)
	e.free += r.blocks
	r.blocks = 0
	e.waiting = append([]*request{r}, e.waiting...)
	e.page.Preemptions++
}

func (e *Engine) finish(r *request, now time.Time) {
	e.remove(&e.running, r)
	e.free += r.blocks
	e.page.Finished[r.reason]++
	e.page.Duration.observe(now.Sub(r.arrived).Seconds())
	if r.done > 1 {
		e.page.PerToken.observe(now.Sub(r.first).Seconds() / float64(r.done-1))
	}
	close(r.tokens)
}

// dropAborted forgets requests whose caller has gone. vLLM counts none of them in its per-request metrics; SGLang does.
func (e *Engine) dropAborted() {
	for _, list := range []*[]*request{&e.waiting, &e.running} {
		for i := 0; i < len(*list); i++ {
			r := (*list)[i]
			if r.ctx.Err() == nil {
				continue
			}
			e.remove(list, r)
			i--
			e.free += r.blocks
			e.page.Aborted++
			close(r.tokens)
		}
	}
}

func (*Engine) remove(list *[]*request, r *request) {
	for i, other := range *list {
		if other == r {
			*list = append((*list)[:i:i], (*list)[i+1:]...)
			return
		}
	}
}

// writePage writes the metrics page of the engine's kind.
func (e *Engine) writePage(w io.Writer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := &e.page
	p.Running, p.Waiting = len(e.running), len(e.waiting)
	p.KVUse = float64(e.config.Blocks-e.free) / float64(e.config.Blocks)
	if e.config.Kind == "sglang" {
		p.WriteSGLang(w)
	} else {
		p.WriteVLLM(w)
	}
}
