// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// never is a flush interval that keeps collections out of a measurement, which takes less.
const never = 10 * time.Minute

// Names of the contestants.
const (
	ours        = "llm_span_metrics"
	reading     = "– of which reading the spans"
	immediate   = "– counting at once (decision_wait: 0)"
	forgetting  = "– and without the window of recent requests"
	spanMetrics = "span_metrics"
	bare        = "– without its own four dimensions"
	inlined     = "bare scan"
	comparing   = "scan that compares the keys"
	decoding    = "OTLP decode"
)

// perSpan measures the CPU time that one sender's spans cost.
func perSpan(in *input, e effort) rounds {
	blockSpans := e.blockSpans / 2
	a, b, c := newOurs(never, unlimited), newSpanMetrics(never), newSpanMetrics(never, withoutItsOwn)
	f := newOurs(never, unlimited, atOnce, withoutWindow)
	g := newOurs(never, unlimited, atOnce)
	defer g.stop()
	defer f.stop()
	defer a.stop()
	defer b.stop()
	defer c.stop()
	d := newDecoder(in)
	return takeTurns(in, e.rounds, []block{
		{ours, blockSpans, a.consume},
		{immediate, blockSpans, g.consume},
		{forgetting, blockSpans, f.consume},
		{spanMetrics, blockSpans, b.consume},
		{bare, blockSpans, c.consume},
		{reading, blockSpans, newReader()},
		{inlined, blockSpans, scanInlined},
		{comparing, blockSpans, scanComparing},
		{decoding, blockSpans, d.decode},
	}, 5)
}

// measureSpan measures the CPU time of a span by numbers of dimension sets. It also measures that of spans that are no LLM spans.
func measureSpan(e effort) (report, error) {
	few, some, plain := perSpan(newInput(10, false), e), perSpan(newInput(1000, false), e), perSpan(newInput(10, true), e)
	columns := []rounds{few, some, plain}
	head := []string{"10 sets", "1,000 sets", "no LLM spans"}
	cpu := newTable(append([]string{"CPU per span, ns (median)"}, head...)...)
	for _, name := range []string{ours, immediate, forgetting, reading, spanMetrics, bare, inlined, comparing, decoding} {
		cells := []string{name}
		for _, c := range columns {
			cells = append(cells, fmt.Sprintf("%.0f", c.cost(name)))
		}
		cpu.row(cells...)
	}
	against := newTable(append([]string{"llm_span_metrics against"}, head...)...)
	for _, name := range []string{spanMetrics, bare, inlined, comparing, decoding} {
		cells := []string{name}
		for _, c := range columns {
			cells = append(cells, fmt.Sprintf("%.2f", c.ratio(ours, name)))
		}
		against.row(cells...)
	}
	return report{tables: []table{*cpu, *against}, targets: []target{
		{what: "LLM span, 1,000 sets: CPU less than `span_metrics`", unit: " times", least: true, gate: 1, goal: 1.5, measured: some.ratio(spanMetrics, ours)},
		{what: "span that is no LLM span: CPU less than `span_metrics`", unit: " times", least: true, gate: 3, goal: 5, measured: plain.ratio(spanMetrics, ours)},
	}}, nil
}

// block is a contestant's turn: what is done with a number of spans.
type block struct {
	name    string
	spans   int
	consume func(ptrace.Traces)
}

// takeTurns measures contestants in turn, in an order that rotates. The first of them meet all dimension sets before.
func takeTurns(in *input, count int, blocks []block, first int) rounds {
	for _, block := range blocks[:first] {
		in.feed(max(in.sets, batchSpans), block.consume)
	}
	runtime.GC()
	costs := rounds{}
	for round := range count {
		for i := range blocks {
			block := blocks[(round+i)%len(blocks)] // none always comes after the same one
			settle()
			costs.add(block.name, in.feed(block.spans, block.consume))
		}
	}
	return costs
}
