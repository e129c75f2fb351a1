// SPDX-License-Identifier: Apache-2.0

package main

import "runtime"

// withoutExemplars switches them off, since their memory is bounded in all, not per dimension set.
var withoutExemplars = yaml{"exemplars": false}

// perSet returns the bytes of live heap that a dimension set takes. What a contestant needs once, such as the window of recent
// requests, is there before the measurement begins. It counts requests at once, so that none waits.
func perSet(c *contestant, sets int) float64 {
	defer c.stop()
	newInput(10, false).feed(20*batchSpans, c.consume)
	full := newInput(max(sets, batchSpans+inputResources), false)
	before := liveHeap()
	full.feed(sets, c.consume)
	// The spans' own memory has not grown: the model names are those of the input in any case.
	bytes := float64(liveHeap() - before)
	runtime.KeepAlive(full)
	return bytes / float64(sets)
}

func liveHeap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
