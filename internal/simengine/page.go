// SPDX-License-Identifier: Apache-2.0

package simengine

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Page is what the metrics page of an engine shows. Counters are totals since the start; histograms without bounds are left out.
type Page struct {
	// Model is the served model name.
	Model string
	// Started is when the process began; zero where the page does not say.
	Started time.Time
	// Running and Waiting are requests in the batch and in the queue.
	Running, Waiting int
	// Blocks is the size of the KV cache, and BlockSize the tokens of one block. KVUse is the share that is in use.
	Blocks, BlockSize int
	KVUse             float64

	InputTokens, OutputTokens float64
	// CacheQueries and CacheHits are input tokens that were looked up in the prefix cache, and found there.
	CacheQueries, CacheHits float64
	Preemptions, Aborted    float64
	// Finished are requests by finish reason.
	Finished map[string]float64

	// Times are in seconds; Iterations are tokens of a step.
	QueueTime, FirstToken, BetweenTokens, PerToken, Duration, Iterations Histogram
}

// Histogram counts observations by upper bound. Counts are cumulative.
type Histogram struct {
	Bounds []float64
	Counts []float64
	Count  float64
	Sum    float64
}

func newHistogram(bounds ...float64) Histogram {
	return Histogram{Bounds: bounds, Counts: make([]float64, len(bounds))}
}

func (h *Histogram) observe(value float64) {
	for i, bound := range h.Bounds {
		if value <= bound {
			h.Counts[i]++
		}
	}
	h.Count++
	h.Sum += value
}

// newPage is the page of an engine that has done nothing. It has the bounds of vLLM (vllm/v1/metrics/loggers.py), as far as they
// matter.
func newPage(config Config, started time.Time) Page {
	seconds := []float64{0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60}
	token := []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1}
	return Page{
		Model: config.Model, Started: started, Blocks: config.Blocks, BlockSize: config.BlockSize, Finished: map[string]float64{},
		QueueTime: newHistogram(seconds...), Duration: newHistogram(seconds...), BetweenTokens: newHistogram(token...), PerToken: newHistogram(token...),
		FirstToken: newHistogram(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
		Iterations: newHistogram(1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048),
	}
}

// writer writes the text format. labels are those of all series.
type writer struct {
	io.Writer
	prefix string
	labels string
}

func (w writer) head(name, kind string) {
	fmt.Fprintf(w, "# HELP %s%s Simulated.\n# TYPE %s%s %s\n", w.prefix, name, w.prefix, name, kind)
}

func (w writer) sample(name, labels string, value float64) {
	all := strings.Join(slices.DeleteFunc([]string{w.labels, labels}, func(l string) bool { return l == "" }), ",")
	fmt.Fprintf(w, "%s%s{%s} %s\n", w.prefix, name, all, strconv.FormatFloat(value, 'g', -1, 64))
}

func (w writer) one(name, kind string, value float64) {
	w.head(name, kind)
	w.sample(name, "", value)
}

func (w writer) histogram(name string, h *Histogram) {
	if h.Bounds == nil {
		return
	}
	w.head(name, "histogram")
	for i, bound := range h.Bounds {
		w.sample(name+"_bucket", fmt.Sprintf(`le="%g"`, bound), h.Counts[i])
	}
	w.sample(name+"_bucket", `le="+Inf"`, h.Count)
	w.sample(name+"_count", "", h.Count)
	w.sample(name+"_sum", "", h.Sum)
}

func (p *Page) writeStart(to io.Writer) {
	if !p.Started.IsZero() {
		writer{Writer: to}.one("process_start_time_seconds", "gauge", float64(p.Started.UnixMilli())/1000)
	}
}

// WriteVLLM writes the page under the names of vLLM's V1 engine (vllm/v1/metrics/loggers.py).
func (p *Page) WriteVLLM(to io.Writer) {
	p.writeStart(to)
	w := writer{Writer: to, prefix: "vllm:", labels: fmt.Sprintf(`engine="0",model_name=%q`, p.Model)}
	w.one("num_requests_running", "gauge", float64(p.Running))
	w.one("num_requests_waiting", "gauge", float64(p.Waiting))
	w.head("num_requests_waiting_by_reason", "gauge")
	w.sample("num_requests_waiting_by_reason", `reason="capacity"`, float64(p.Waiting))
	w.sample("num_requests_waiting_by_reason", `reason="deferred"`, 0)
	w.head("engine_sleep_state", "gauge")
	for _, state := range []string{"awake", "weights_offloaded", "discard_all"} {
		w.sample("engine_sleep_state", fmt.Sprintf("sleep_state=%q", state), oneIf(state == "awake"))
	}
	w.one("kv_cache_usage_perc", "gauge", p.KVUse)
	w.one("prefix_cache_queries_total", "counter", p.CacheQueries)
	w.one("prefix_cache_hits_total", "counter", p.CacheHits)
	w.one("num_preemptions_total", "counter", p.Preemptions)
	w.one("prompt_tokens_total", "counter", p.InputTokens)
	w.one("prompt_tokens_cached_total", "counter", p.CacheHits)
	w.one("generation_tokens_total", "counter", p.OutputTokens)
	w.head("request_success_total", "counter")
	for _, reason := range []string{"stop", "length", "abort", "error"} {
		w.sample("request_success_total", fmt.Sprintf("finished_reason=%q", reason), p.Finished[reason])
	}
	w.histogram("iteration_tokens_total", &p.Iterations)
	w.histogram("time_to_first_token_seconds", &p.FirstToken)
	w.histogram("inter_token_latency_seconds", &p.BetweenTokens)
	w.histogram("request_time_per_output_token_seconds", &p.PerToken)
	w.histogram("e2e_request_latency_seconds", &p.Duration)
	w.histogram("request_queue_time_seconds", &p.QueueTime)
	w.head("cache_config_info", "gauge")
	w.labels = `engine="0"`
	w.sample("cache_config_info", fmt.Sprintf(`block_size="%d",num_gpu_blocks="%d"`, p.BlockSize, p.Blocks), 1)
}

// WriteSGLang writes the page under the names of SGLang (python/sglang/srt/observability/metrics_collector.py).
func (p *Page) WriteSGLang(to io.Writer) {
	p.writeStart(to)
	w := writer{Writer: to, prefix: "sglang:", labels: fmt.Sprintf(`engine_type="unified",model_name=%q,pp_rank="0",tp_rank="0"`, p.Model)}
	size := float64(p.Blocks * p.BlockSize)
	w.one("num_running_reqs", "gauge", float64(p.Running))
	w.one("num_queue_reqs", "gauge", float64(p.Waiting))
	w.one("token_usage", "gauge", p.KVUse)
	w.one("kv_used_tokens", "gauge", p.KVUse*size)
	w.one("max_total_num_tokens", "gauge", size)
	w.one("num_retracted_requests_total", "counter", p.Preemptions)
	w.one("num_aborted_requests_total", "counter", p.Aborted)
	w.head("prompt_tokens_total", "counter")
	w.sample("prompt_tokens_total", `is_streaming="false"`, p.InputTokens)
	w.head("generation_tokens_total", "counter")
	w.sample("generation_tokens_total", `is_streaming="false"`, p.OutputTokens)
	w.head("cached_tokens_total", "counter")
	w.sample("cached_tokens_total", `cache_source="device"`, p.CacheHits)
	w.head("num_requests_total", "counter")
	w.sample("num_requests_total", `is_streaming="false"`, p.Finished["stop"]+p.Finished["length"])
	w.head("cuda_graph_passes_total", "counter")
	w.sample("cuda_graph_passes_total", `mode="decode_cuda_graph"`, p.Iterations.Count)
	w.histogram("time_to_first_token_seconds", &p.FirstToken)
	w.histogram("inter_token_latency_seconds", &p.BetweenTokens)
	w.histogram("e2e_request_latency_seconds", &p.Duration)
	w.histogram("queue_time_seconds", &p.QueueTime)
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
