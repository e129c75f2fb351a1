// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Pods are the simulated engines' replicas.
func Pods() (pods []string) {
	for _, d := range deployments {
		for _, r := range d.replicas {
			pods = append(pods, r.pod)
		}
	}
	return pods
}

// ServiceOf is the service.name that a pod's spans carry; it is empty for a pod that does not exist.
func ServiceOf(pod string) string {
	for _, d := range deployments {
		for _, r := range d.replicas {
			if r.pod == pod {
				return d.name
			}
		}
	}
	return ""
}

// Page is what a replica's /metrics shows, under the names of vLLM's V1 engine (vllm/v1/metrics/loggers.py). It is empty
// for a pod that does not exist.
func (w *World) Page(pod string, now time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.engines, func(e *engine) bool { return e.replica.pod == pod })
	if i < 0 {
		return ""
	}
	e := w.engines[i]
	t := e.totals(now)
	labels := fmt.Sprintf(`engine="0",model_name=%q`, e.deployment.model)
	var p strings.Builder
	family := func(kind, name string) { fmt.Fprintf(&p, "# TYPE vllm:%s %s\n", name, kind) }
	one := func(kind, name string, value float64) {
		family(kind, name)
		fmt.Fprintf(&p, "vllm:%s{%s} %g\n", name, labels, value)
	}
	one("gauge", "num_requests_running", float64(e.running(now)))
	one("gauge", "num_requests_waiting", float64(e.waiting(now)))
	one("gauge", "kv_cache_usage_perc", e.cacheUse(now))
	one("counter", "prefix_cache_queries_total", t.input)
	one("counter", "prefix_cache_hits_total", t.cached)
	one("counter", "num_preemptions_total", float64(e.preempted))
	one("counter", "prompt_tokens_total", t.input)
	one("counter", "generation_tokens_total", t.output)
	family("counter", "request_success_total")
	for _, reason := range []string{"stop", "length", "abort"} {
		value := 0.0
		if reason == "stop" {
			value = t.finished
		}
		fmt.Fprintf(&p, "vllm:request_success_total{%s,finished_reason=%q} %g\n", labels, reason, value)
	}
	family("gauge", "cache_config_info")
	fmt.Fprintf(&p, "vllm:cache_config_info{engine=\"0\",block_size=\"16\",num_gpu_blocks=\"%.0f\"} 1\n", e.replica.cache/16)
	for _, h := range []struct {
		name   string
		values histogram
	}{
		{"request_queue_time_seconds", t.queued},
		{"time_to_first_token_seconds", t.firstToken},
		{"request_time_per_output_token_seconds", t.perToken},
		{"e2e_request_latency_seconds", t.duration},
	} {
		family("histogram", h.name)
		count := 0.0
		for i, n := range h.values.buckets {
			count += n
			bound := "+Inf"
			if i < len(bounds) {
				bound = fmt.Sprintf("%g", bounds[i])
			}
			fmt.Fprintf(&p, "vllm:%s_bucket{%s,le=%q} %g\n", h.name, labels, bound, count)
		}
		fmt.Fprintf(&p, "vllm:%s_sum{%s} %g\nvllm:%s_count{%s} %g\n", h.name, labels, h.values.sum, h.name, labels, count)
	}
	return p.String()
}
