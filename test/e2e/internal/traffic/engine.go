// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"slices"
	"time"
)

// patience is how long clients wait for the first token before they give up.
const patience = 15 * time.Second

// engine is one replica at work. It decides about a request when it arrives. Nothing that comes later changes it, since requests
// are served in the order in which they arrive.
type engine struct {
	deployment *deployment
	replica    replica
	// free is when each slot will be free.
	free []time.Time
	// jobs are the requests that have not ended, or only just.
	jobs []job
	// The totals are of the jobs that are gone from jobs.
	done totals
	// preempted counts requests that were put back into the queue for want of cache.
	preempted int
}

// job is one request in an engine.
type job struct {
	arrived, started, first, ended time.Time
	input, cached, output          float64
}

// totals are an engine's counters.
type totals struct {
	finished, input, cached, output float64
	queued, firstToken              histogram
	perToken, duration              histogram
}

func newEngine(d *deployment, r replica) *engine {
	return &engine{deployment: d, replica: r, free: make([]time.Time, r.slots)}
}

// serve answers what becomes of a request, which is given up if its first token takes too long. slow is the factor by
// which all takes longer.
func (e *engine) serve(arrived time.Time, input, cached, output, slow float64) (j job, served bool) {
	slot := 0
	for i, at := range e.free {
		if at.Before(e.free[slot]) {
			slot = i
		}
	}
	j = job{arrived: arrived, started: arrived, input: input, cached: cached, output: output}
	if e.free[slot].After(arrived) {
		j.started = e.free[slot]
	}
	j.first = j.started.Add(seconds(slow * (0.03 + (input-cached)/e.replica.prefill)))
	if j.first.Sub(arrived) > patience {
		return j, false
	}
	// Requests that run beside others take longer.
	beside := float64(e.running(j.started)) / float64(e.replica.slots)
	j.ended = j.first.Add(seconds(slow * (1 + beside) * (output - 1) * e.replica.step.Seconds()))
	if e.cacheUse(j.started) > 0.9 {
		e.preempted++
	}
	e.free[slot] = j.ended
	e.jobs = append(e.jobs, j)
	return j, true
}

// running is how many requests are being worked at.
func (e *engine) running(now time.Time) (n int) {
	for _, j := range e.jobs {
		if !now.Before(j.started) && now.Before(j.ended) {
			n++
		}
	}
	return n
}

// waiting is how many requests have arrived and wait for a slot.
func (e *engine) waiting(now time.Time) (n int) {
	for _, j := range e.jobs {
		if !now.Before(j.arrived) && now.Before(j.started) {
			n++
		}
	}
	return n
}

// busy is the share of slots in use.
func (e *engine) busy(now time.Time) float64 {
	return float64(e.running(now)) / float64(e.replica.slots)
}

// cacheUse is the share of the KV cache that the running requests hold.
func (e *engine) cacheUse(now time.Time) float64 {
	var held float64
	for _, j := range e.jobs {
		if !now.Before(j.started) && now.Before(j.ended) {
			held += j.input + j.generated(now)
		}
	}
	return min(1, held/e.replica.cache)
}

// generated is how many tokens of the output are there at a time.
func (j job) generated(now time.Time) float64 {
	switch {
	case now.Before(j.first):
		return 0
	case !now.Before(j.ended):
		return j.output
	default:
		return 1 + (j.output-1)*now.Sub(j.first).Seconds()/j.ended.Sub(j.first).Seconds()
	}
}

// totals are the counters at a time.
func (e *engine) totals(now time.Time) totals {
	t := e.done
	for _, j := range e.jobs {
		t.add(j, now)
	}
	return t
}

// forget moves what ended before a time into the totals.
func (e *engine) forget(before time.Time) {
	e.jobs = slices.DeleteFunc(e.jobs, func(j job) bool {
		if j.ended.After(before) {
			return false
		}
		e.done.add(j, before)
		return true
	})
}

func (t *totals) add(j job, now time.Time) {
	if !now.Before(j.started) {
		t.queued.add(j.started.Sub(j.arrived).Seconds())
	}
	if now.Before(j.first) {
		return
	}
	t.input += j.input
	t.cached += j.cached
	t.output += j.generated(now)
	t.firstToken.add(j.first.Sub(j.arrived).Seconds())
	if now.Before(j.ended) {
		return
	}
	t.finished++
	t.duration.add(j.ended.Sub(j.arrived).Seconds())
	if j.output > 1 {
		t.perToken.add(j.ended.Sub(j.first).Seconds() / (j.output - 1))
	}
}

// bounds are the buckets of the engine's histograms, in seconds.
var bounds = [...]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80}

// histogram counts values by bucket; the last one is for what is above all bounds.
type histogram struct {
	buckets [len(bounds) + 1]float64
	sum     float64
}

func (h *histogram) add(v float64) {
	at, _ := slices.BinarySearch(bounds[:], v)
	h.buckets[at]++
	h.sum += v
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
