// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// machine describes what the measurements ran on.
func machine() string {
	model := "unknown processor"
	cpuinfo, _ := os.ReadFile("/proc/cpuinfo") // without it, the model stays unknown
	for line := range strings.Lines(string(cpuinfo)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%s, %d cores, %s %s/%s", model, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// write writes the tables in Markdown.
func (r *results) write(out io.Writer, e effort) error {
	w := &writer{out: out}
	w.row("the same outcome, 1,000 sets", "CPU per span, ns (median)", "to ours (median of ratios)")
	w.rule(3)
	for _, name := range []string{ours, spanMetrics, byDeltaAlone, byRecipe, byTwo} {
		w.row(name, fmt.Sprintf("%.0f", r.outcome.cost(name)), fmt.Sprintf("%.1f", r.outcome.ratio(name, ours)))
	}

	w.line()
	w.row("CPU per span, ns (median)", "10 sets", "1,000 sets", fmt.Sprintf("%d sets", e.manySets), "no LLM spans")
	w.rule(5)
	for _, name := range []string{ours, immediate, forgetting, reading, spanMetrics, bare, inlined, comparing, decoding} {
		cells := []string{name}
		for _, c := range []rounds{r.few, r.some, r.many, r.plain} {
			cells = append(cells, fmt.Sprintf("%.0f", c.cost(name)))
		}
		w.row(cells...)
	}

	w.line()
	w.row("llm_span_metrics against (median of ratios)", "10 sets", "1,000 sets", fmt.Sprintf("%d sets", e.manySets), "no LLM spans")
	w.rule(5)
	for _, name := range []string{spanMetrics, bare, inlined, comparing, decoding} {
		cells := []string{name}
		for _, c := range []rounds{r.few, r.some, r.many, r.plain} {
			cells = append(cells, fmt.Sprintf("%.2f", c.ratio(ours, name)))
		}
		w.row(cells...)
	}

	w.line()
	w.row("other settings, 1,000 sets", "CPU per span, ns", "against the default")
	w.rule(3)
	for _, c := range choices {
		w.row(c.name, fmt.Sprintf("%.0f", r.chosen.cost(c.name)), fmt.Sprintf("%+.0f %%", 100*(r.chosen.ratio(c.name, defaults)-1)))
	}

	w.line()
	w.row("senders at once", "ours: wall, CPU ns/span", "span_metrics: wall, CPU ns/span", "ratio of wall", "ratio of CPU")
	w.rule(5)
	for _, n := range []int{1, e.senders} {
		times := func(name string) string {
			return fmt.Sprintf("%.0f, %.0f", r.senders.cost(sendersKey(name, n, "wall")), r.senders.cost(sendersKey(name, n, "cpu")))
		}
		ratio := func(what string) string {
			return fmt.Sprintf("%.2f", r.senders.ratio(sendersKey(spanMetrics, n, what), sendersKey(ours, n, what)))
		}
		w.row(fmt.Sprint(n), times(ours), times(spanMetrics), ratio("wall"), ratio("cpu"))
	}

	w.line()
	w.row(fmt.Sprintf("%d dimension sets", e.manySets), "ours", "span_metrics")
	w.rule(3)
	a, b := r.collections[ours], r.collections[spanMetrics]
	w.row("heap bytes per set", fmt.Sprintf("%.0f", r.memory[ours]), fmt.Sprintf("%.0f", r.memory[spanMetrics]))
	w.row("data points of a collection", fmt.Sprint(a.points), fmt.Sprint(b.points))
	w.row("CPU of a collection, ms", fmt.Sprint(a.cpu.Milliseconds()), fmt.Sprint(b.cpu.Milliseconds()))
	w.row("CPU per data point, ns", fmt.Sprintf("%d", int(a.cpu)/max(a.points, 1)), fmt.Sprintf("%d", int(b.cpu)/max(b.points, 1)))
	w.row("longest wait of a sender meanwhile, ms", millis(a.wait), millis(b.wait))
	w.row("longest wait without a collection, ms", millis(a.quiet), millis(b.quiet))

	if r.whole != nil {
		w.line()
		w.row("whole collector", "CPU s per million spans", "against none", "peak memory, MiB")
		w.rule(4)
		for _, p := range pipelines {
			w.row(p.name, fmt.Sprintf("%.2f", r.whole.costs.cost(p.name)),
				fmt.Sprintf("%+.1f %%", 100*(r.whole.costs.ratio(p.name, without)-1)), fmt.Sprint(r.whole.peaks[p.name]>>20))
		}
	}

	if r.tiers != nil {
		w.line()
		w.row("two tiers", "CPU s per million spans", "spans per second and core")
		w.rule(3)
		for _, tier := range []string{agentTier, gatewayTier} {
			cost := r.tiers.cost(tier)
			w.row(tier, fmt.Sprintf("%.2f", cost), fmt.Sprintf("%.0f", 1e6/cost))
		}
	}

	w.line()
	w.row("gates and goals", "gate", "goal", "measured", "")
	w.rule(5)
	for _, t := range r.targets() {
		w.row(t.what, t.format(t.gate), t.format(t.goal), t.format(t.measured), t.verdict())
	}
	return w.err
}

// writer writes a table and keeps the first error.
type writer struct {
	out io.Writer
	err error
}

func (w *writer) line(text ...string) {
	if w.err == nil {
		_, w.err = fmt.Fprintln(w.out, strings.Join(text, ""))
	}
}

func (w *writer) row(cells ...string) { w.line("| ", strings.Join(cells, " | "), " |") }
func (w *writer) rule(columns int)    { w.line(strings.Repeat("| --- ", columns), "|") }
