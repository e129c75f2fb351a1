// SPDX-License-Identifier: Apache-2.0

// Command engines measures what it costs to read engines' pages. It does so with the receiver llm_engine, and with contrib's
// Prometheus receiver, alone and before the processor llm_engine. Runs take turns, so that a busy machine slows all of them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	binary := flag.String("binary", "", "the collector")
	endpoints := flag.Int("endpoints", 50, "engines")
	interval := flag.Duration("interval", time.Second, "time between reads")
	length := flag.Duration("for", 15*time.Second, "length of each measurement")
	rounds := flag.Int("rounds", 2, "measurements of each kind")
	flag.Parse()
	if err := run(*binary, *endpoints, *interval, *length, *rounds); err != nil {
		log.Fatal(err)
	}
}

func run(binary string, endpoints int, interval, length time.Duration, rounds int) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends with the program
	if err != nil {
		return err
	}
	text := page()
	fmt.Printf("%d engines, each every %v, %d bytes a page\n", endpoints, interval, len(text))
	go func() {
		log.Print(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { //nolint:gosec // ends with the program
			if r.URL.Path != "/metrics" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/plain; version=0.0.4")
			_, _ = w.Write(text)
		})))
	}()
	for range rounds {
		for _, kind := range []string{"receiver llm_engine", "prometheus", "prometheus and processor llm_engine"} {
			config := configOf(kind, listener.Addr().String(), endpoints, interval)
			cpu, memory, err := measure(binary, config, interval, length)
			if err != nil {
				return err
			}
			reads := float64(endpoints) * length.Seconds() / interval.Seconds()
			fmt.Printf("%-36s %6.2f ms of CPU a page, %5.1f %% of a core, %4d MB\n", kind, 1000*cpu/reads, 100*cpu/length.Seconds(), memory>>20)
		}
	}
	return nil
}

// page is one of vLLM with three engines and its histograms: some 83 kB.
func page() []byte {
	var b strings.Builder
	for _, family := range []string{
		"num_requests_running", "num_requests_waiting", "kv_cache_usage_perc", "prompt_tokens_total", "generation_tokens_total",
		"prefix_cache_queries_total", "prefix_cache_hits_total", "num_preemptions_total",
	} {
		fmt.Fprintf(&b, "# HELP vllm:%s Measured.\n# TYPE vllm:%[1]s gauge\n", family)
		for engine := range 3 {
			fmt.Fprintf(&b, "vllm:%s{engine=\"%d\",model_name=\"meta-llama/Llama-3.1-8B-Instruct\"} 0.5\n", family, engine)
		}
	}
	for _, family := range []string{
		"e2e_request_latency_seconds", "inter_token_latency_seconds", "iteration_tokens_total", "request_decode_time_seconds",
		"request_generation_tokens", "request_inference_time_seconds", "request_params_max_tokens", "request_prefill_time_seconds",
		"request_prompt_tokens", "request_queue_time_seconds", "time_to_first_token_seconds",
	} {
		fmt.Fprintf(&b, "# HELP vllm:%s Measured.\n# TYPE vllm:%[1]s histogram\n", family)
		for engine := range 3 {
			labels := fmt.Sprintf("engine=\"%d\",model_name=\"meta-llama/Llama-3.1-8B-Instruct\"", engine)
			for bound := range 22 {
				fmt.Fprintf(&b, "vllm:%s_bucket{%s,le=\"%d\"} %d\n", family, labels, bound, bound)
			}
			fmt.Fprintf(&b, "vllm:%s_bucket{%s,le=\"+Inf\"} 22\nvllm:%[1]s_sum{%[2]s} 7.5\nvllm:%[1]s_count{%[2]s} 22\n", family, labels)
		}
	}
	return []byte(b.String())
}

func configOf(kind, address string, endpoints int, interval time.Duration) string {
	var b strings.Builder
	receivers, processors := "prometheus", ""
	b.WriteString("receivers:\n")
	if kind == "receiver llm_engine" {
		var ids []string
		for i := range endpoints {
			fmt.Fprintf(&b, "  llm_engine/%d: {endpoint: \"http://%s\", collection_interval: %v, resource: {service.name: engine-%[1]d}}\n", i, address, interval)
			ids = append(ids, fmt.Sprintf("llm_engine/%d", i))
		}
		receivers = strings.Join(ids, ", ")
	} else {
		fmt.Fprintf(&b, "  prometheus: {config: {scrape_configs: [{job_name: engines, scrape_interval: %v, static_configs: [\n", interval)
		for i := range endpoints {
			fmt.Fprintf(&b, "    {targets: [%q], labels: {n: \"%d\"}},\n", address, i)
		}
		b.WriteString("  ]}]}}\n")
	}
	if strings.HasSuffix(kind, "processor llm_engine") {
		processors = "llm_engine"
		b.WriteString("processors: {llm_engine: {keep_source: false}}\n")
	}
	fmt.Fprintf(&b, "exporters: {debug: {verbosity: basic}}\nservice:\n  telemetry: {metrics: {level: none}, logs: {level: error}}\n"+
		"  pipelines: {metrics: {receivers: [%s], processors: [%s], exporters: [debug]}}\n", receivers, processors)
	return b.String()
}

// measure runs the collector and answers its CPU in seconds over a length. It also answers its memory in bytes at the end.
func measure(binary, config string, interval, length time.Duration) (cpu float64, memory int64, err error) {
	folder, err := os.MkdirTemp("", "engines")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "config.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return 0, 0, err
	}
	command := exec.Command(binary, "--config", file)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	defer func() { _, _ = command.Process.Kill(), command.Wait() }() // it was measured
	time.Sleep(4*time.Second + interval)
	before, _, err := used(command.Process.Pid)
	if err != nil {
		return 0, 0, err
	}
	time.Sleep(length)
	after, memory, err := used(command.Process.Pid)
	return after - before, memory, err
}

// used reads what Linux says about a process.
func used(pid int) (cpu float64, memory int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	pages, err := strconv.ParseInt(fields[21], 10, 64)
	return float64(user+system) / 100, pages * int64(os.Getpagesize()), err
}
