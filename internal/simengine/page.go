// SPDX-License-Identifier: Apache-2.0

package simengine

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// stats are the totals since the start.
type stats struct {
	inputTokens, outputTokens, cacheQueries, cacheHits, preemptions, aborted int
	finished                                                                 map[string]int
	queueTime, ttft, interToken, perToken, duration, iterations              histogram
}

func newStats() stats {
	seconds := []float64{0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60}
	first := []float64{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	token := []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1}
	return stats{
		finished:  map[string]int{"stop": 0, "length": 0, "abort": 0, "error": 0},
		queueTime: newHistogram(seconds), ttft: newHistogram(first), interToken: newHistogram(token), perToken: newHistogram(token),
		duration: newHistogram(seconds), iterations: newHistogram([]float64{1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}),
	}
}

type histogram struct {
	bounds []float64
	counts []int // cumulative
	count  int
	sum    float64
}

func newHistogram(bounds []float64) histogram {
	return histogram{bounds: bounds, counts: make([]int, len(bounds))}
}

func (h *histogram) observe(value float64) {
	for i, bound := range h.bounds {
		if value <= bound {
			h.counts[i]++
		}
	}
	h.count++
	h.sum += value
}

// page writes the text format. labels are those of all series, in braces already.
type page struct {
	w      io.Writer
	prefix string
	labels string
}

func (p page) head(name, kind string) {
	fmt.Fprintf(p.w, "# HELP %s%s Simulated.\n# TYPE %s%s %s\n", p.prefix, name, p.prefix, name, kind)
}

func (p page) sample(name, labels string, value float64) {
	fmt.Fprintf(p.w, "%s%s{%s} %s\n", p.prefix, name, joined(p.labels, labels), strconv.FormatFloat(value, 'g', -1, 64))
}

func joined(labels ...string) string {
	return strings.Join(slices.DeleteFunc(labels, func(l string) bool { return l == "" }), ",")
}

func (p page) one(name, kind string, value float64) {
	p.head(name, kind)
	p.sample(name, "", value)
}

func (p page) histogram(name string, h *histogram) {
	p.head(name, "histogram")
	for i, bound := range h.bounds {
		p.sample(name+"_bucket", fmt.Sprintf(`le="%g"`, bound), float64(h.counts[i]))
	}
	p.sample(name+"_bucket", `le="+Inf"`, float64(h.count))
	p.sample(name+"_count", "", float64(h.count))
	p.sample(name+"_sum", "", h.sum)
}

// writePage writes the metrics page of the engine's kind.
func (e *Engine) writePage(w io.Writer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := page{w: w}
	p.one("process_start_time_seconds", "gauge", float64(e.started.UnixMilli())/1000)
	if e.config.Kind == "sglang" {
		e.writeSGLang(w)
	} else {
		e.writeVLLM(w)
	}
}

func (e *Engine) writeVLLM(w io.Writer) {
	p := page{w: w, prefix: "vllm:", labels: fmt.Sprintf(`engine="0",model_name=%q`, e.config.Model)}
	s := &e.stats
	used := e.config.Blocks - e.free
	p.one("num_requests_running", "gauge", float64(len(e.running)))
	p.one("num_requests_waiting", "gauge", float64(len(e.waiting)))
	p.head("num_requests_waiting_by_reason", "gauge")
	p.sample("num_requests_waiting_by_reason", `reason="capacity"`, float64(len(e.waiting)))
	p.sample("num_requests_waiting_by_reason", `reason="deferred"`, 0)
	p.head("engine_sleep_state", "gauge")
	for _, state := range []string{"awake", "weights_offloaded", "discard_all"} {
		p.sample("engine_sleep_state", fmt.Sprintf("sleep_state=%q", state), oneIf(state == "awake"))
	}
	p.one("kv_cache_usage_perc", "gauge", float64(used)/float64(e.config.Blocks))
	p.one("prefix_cache_queries_total", "counter", float64(s.cacheQueries))
	p.one("prefix_cache_hits_total", "counter", float64(s.cacheHits))
	p.one("num_preemptions_total", "counter", float64(s.preemptions))
	p.one("prompt_tokens_total", "counter", float64(s.inputTokens))
	p.one("prompt_tokens_cached_total", "counter", float64(s.cacheHits))
	p.one("generation_tokens_total", "counter", float64(s.outputTokens))
	p.head("request_success_total", "counter")
	for _, reason := range []string{"stop", "length", "abort", "error"} {
		p.sample("request_success_total", fmt.Sprintf("finished_reason=%q", reason), float64(s.finished[reason]))
	}
	p.histogram("iteration_tokens_total", &s.iterations)
	p.histogram("time_to_first_token_seconds", &s.ttft)
	p.histogram("inter_token_latency_seconds", &s.interToken)
	p.histogram("request_time_per_output_token_seconds", &s.perToken)
	p.histogram("e2e_request_latency_seconds", &s.duration)
	p.histogram("request_queue_time_seconds", &s.queueTime)
	p.head("cache_config_info", "gauge")
	p.labels = `engine="0"`
	p.sample("cache_config_info", fmt.Sprintf(`block_size="%d",num_gpu_blocks="%d"`, e.config.BlockSize, e.config.Blocks), 1)
}

func (e *Engine) writeSGLang(w io.Writer) {
	p := page{w: w, prefix: "sglang:", labels: fmt.Sprintf(`engine_type="unified",model_name=%q,pp_rank="0",tp_rank="0"`, e.config.Model)}
	s := &e.stats
	used := e.config.Blocks - e.free
	p.one("num_running_reqs", "gauge", float64(len(e.running)))
	p.one("num_queue_reqs", "gauge", float64(len(e.waiting)))
	p.one("token_usage", "gauge", float64(used)/float64(e.config.Blocks))
	p.one("kv_used_tokens", "gauge", float64(used*e.config.BlockSize))
	p.one("max_total_num_tokens", "gauge", float64(e.config.Blocks*e.config.BlockSize))
	p.one("num_retracted_requests_total", "counter", float64(s.preemptions))
	p.one("num_aborted_requests_total", "counter", float64(s.aborted))
	p.head("prompt_tokens_total", "counter")
	p.sample("prompt_tokens_total", `is_streaming="false"`, float64(s.inputTokens))
	p.head("generation_tokens_total", "counter")
	p.sample("generation_tokens_total", `is_streaming="false"`, float64(s.outputTokens))
	p.head("cached_tokens_total", "counter")
	p.sample("cached_tokens_total", `cache_source="device"`, float64(s.cacheHits))
	p.head("num_requests_total", "counter")
	p.sample("num_requests_total", `is_streaming="false"`, float64(s.finished["stop"]+s.finished["length"]))
	p.head("cuda_graph_passes_total", "counter")
	p.sample("cuda_graph_passes_total", `mode="decode_cuda_graph"`, float64(s.iterations.count))
	p.histogram("time_to_first_token_seconds", &s.ttft)
	p.histogram("inter_token_latency_seconds", &s.interToken)
	p.histogram("e2e_request_latency_seconds", &s.duration)
	p.histogram("queue_time_seconds", &s.queueTime)
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
