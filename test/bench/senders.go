// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// between is how long no metrics come between two deliveries at least, by their interval. A busy machine may stop for a while
// within one.
func between(interval time.Duration) time.Duration { return interval * 3 / 10 }

// fast is a flush interval for measurements that wait for deliveries.
const fast = time.Second

// throughput lets a number of senders hand over spans at once. It returns the wall time and the CPU time of a span in
// nanoseconds.
func throughput(c *contestant, inputs []*input, spansEach int) (wall, cpu float64) {
	for _, in := range inputs {
		in.renew()
	}
	var group sync.WaitGroup
	start, from := time.Now(), processorTime(0)
	for _, in := range inputs {
		group.Go(func() {
			for sent := 0; sent < spansEach; sent += in.spans() {
				for _, traces := range in.batches {
					must(c.traces.ConsumeTraces(context.Background(), traces))
				}
				in.renew()
			}
		})
	}
	group.Wait()
	spans := float64(spansEach * len(inputs))
	return float64(time.Since(start)) / spans, float64(processorTime(0)-from) / spans
}

// newInputs returns one input for each of a number of senders.
func newInputs(senders, sets int) []*input {
	all := make([]*input, senders)
	for i := range all {
		all[i] = newInput(sets, false)
	}
	return all
}

// manySenders measures numbers of senders at once. The time includes giving the spans new ids, which costs both contestants
// the same.
func manySenders(numbers []int, count, spansEach int) rounds {
	a, b := newOurs(never), newSpanMetrics(never)
	defer a.stop()
	defer b.stop()
	costs := rounds{}
	inputs := newInputs(slices.Max(numbers), 1000)
	for range count {
		for _, n := range numbers {
			for _, c := range []struct {
				name string
				*contestant
			}{{ours, a}, {spanMetrics, b}} {
				settle()
				wall, cpu := throughput(c.contestant, inputs[:n], spansEach)
				costs.add(sendersKey(c.name, n, "wall"), wall)
				costs.add(sendersKey(c.name, n, "cpu"), cpu)
			}
		}
	}
	return costs
}

// sendersKey is the name of the wall or cpu time of a contestant with n senders at once.
func sendersKey(name string, n int, what string) string {
	return fmt.Sprintf("%s, %d senders, %s", name, n, what)
}

// countedOnce checks the totals of spans that several senders hand over at once, while metrics are collected.
// The contestant must flush fast.
func countedOnce(c *contestant, metric string, senders, spansEach int) error {
	throughput(c, newInputs(senders, 1000), spansEach)
	nextDelivery(c, fast)
	c.metrics.watch()
	nextDelivery(c, fast)
	if want, got := float64(senders*spansEach), c.metrics.total(metric); want != got {
		return fmt.Errorf("%s: %.0f spans were sent, %.0f counted", metric, want, got)
	}
	return nil
}

// nextDelivery waits until the contestant has delivered its metrics once more, which it does at an interval.
func nextDelivery(c *contestant, interval time.Duration) {
	_, before := c.metrics.delivered()
	for {
		time.Sleep(between(interval) / 10)
		_, at := c.metrics.delivered()
		if at.After(before) && time.Since(at) > between(interval) {
			return
		}
	}
}
