// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// processorTime returns the CPU time that a process has taken so far, all of its threads together. The kernel
// gives it to the nanosecond, while /proc/<pid>/stat counts ticks of 10 ms. A pid of 0 means this process.
func processorTime(pid int) time.Duration {
	// See clock_getcpuclockid(3): the clock of another process has its pid, inverted, above these bits.
	const ofProcess = 2
	clock := int32(unix.CLOCK_PROCESS_CPUTIME_ID)
	if pid != 0 {
		clock = int32(^pid<<3 | ofProcess)
	}
	return read(clock) // fails if the process has ended, which its owner would have noticed
}

// threadTime returns the CPU time that the calling thread has taken so far.
func threadTime() time.Duration { return read(unix.CLOCK_THREAD_CPUTIME_ID) }

func read(clock int32) time.Duration {
	var t unix.Timespec
	must(unix.ClockGettime(clock, &t))
	return time.Duration(t.Nano())
}

// settle waits until the process does nothing. So a garbage collection that one contestant has caused does not count as work of
// the next.
func settle() {
	const nap = 10 * time.Millisecond
	for before := processorTime(0); ; {
		time.Sleep(nap)
		now := processorTime(0)
		if now-before < nap/20 {
			return
		}
		before = now
	}
}

// rounds are the costs that several contestants had, round by round, in one unit.
type rounds map[string][]float64

func (r rounds) add(name string, cost float64) { r[name] = append(r[name], cost) }

// cost returns the median cost of a contestant.
func (r rounds) cost(name string) float64 { return median(r[name]) }

// ratio returns the median over the rounds of how many times the cost of one contestant is that of another.
func (r rounds) ratio(name, other string) float64 {
	ratios := make([]float64, len(r[name]))
	for i := range ratios {
		ratios[i] = r[name][i] / r[other][i]
	}
	return median(ratios)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
