// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// collecting is what a collection of many dimension sets costs.
type collecting struct {
	// points are handed out.
	points int
	// cpu is the CPU time, the garbage collector's included.
	cpu time.Duration
	// wait is the longest time that handing over ten spans took while metrics were collected, the median over the collections.
	// quiet is the longest without a collection.
	wait, quiet time.Duration
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }

// collect measures the collections of a contestant that flushes at an interval and holds a number of sets.
func collect(c *contestant, sets, count int, interval time.Duration) collecting {
	defer c.stop()
	in := newInput(sets, false)
	in.feed(sets, c.consume)
	nextDelivery(c, interval)
	nextDelivery(c, interval)

	var all collecting
	var cpu []float64
	for range count {
		// From one pause between two collections to the next there is one collection.
		c.metrics.watch()
		c.metrics.totals = false
		from := processorTime(0)
		nextDelivery(c, interval)
		cpu = append(cpu, float64(processorTime(0)-from))
		all.points, _ = c.metrics.delivered()
	}
	all.cpu = time.Duration(median(cpu))
	all.wait, all.quiet = c.longestWaits(count, interval)
	return all
}

// longestWaits sends ten spans each millisecond over a number of collections. It returns the longest wait while metrics were
// collected, as the median over the collections. It also returns the longest wait of all without a collection.
func (c *contestant) longestWaits(count int, interval time.Duration) (collecting, quiet time.Duration) {
	in := newInput(10, false)
	in.batches = in.batches[:1]
	shrink(in)
	nextDelivery(c, interval)
	var longest []float64
	for range count {
		var wait time.Duration
		_, before := c.metrics.delivered()
		for {
			_, at := c.metrics.delivered()
			since := time.Since(at)
			if at.After(before) && since > between(interval) {
				break // this collection is over
			}
			took := c.send(in)
			if at.Equal(before) && since < interval/2 {
				quiet = max(quiet, took)
			} else {
				wait = max(wait, took)
			}
		}
		longest = append(longest, float64(wait))
	}
	return time.Duration(median(longest)), quiet
}

// send hands over the first batch, after a pause, and returns how long that took.
func (c *contestant) send(in *input) time.Duration {
	time.Sleep(time.Millisecond)
	in.renew()
	start := time.Now()
	must(c.traces.ConsumeTraces(context.Background(), in.batches[0]))
	return time.Since(start)
}

// shrink leaves two spans in each resource.
func shrink(in *input) {
	for _, rs := range in.batches[0].ResourceSpans().All() {
		kept := 0
		rs.ScopeSpans().At(0).Spans().RemoveIf(func(ptrace.Span) bool {
			kept++
			return kept > 2
		})
	}
}
