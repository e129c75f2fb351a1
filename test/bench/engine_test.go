// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"testing"
	"time"
)

// BenchmarkEngine measures the engine as a loop runs it, and as a collector does. Cold, each batch has just been decoded, garbage
// is collected and other memory was touched meanwhile; warm, nothing of that. Only Read, Commit and Settle are measured, in
// CPU time of their thread, which leaves out garbage collections on others.
func BenchmarkEngine(b *testing.B) {
	for _, settings := range engineSettings {
		for _, cold := range []bool{false, true} {
			name := settings.name + "/warm"
			if cold {
				name = settings.name + "/cold"
			}
			b.Run(name, func(b *testing.B) {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				r := newEngineRun(settings.change, cold)
				r.spent = make([]time.Duration, 0, b.N)
				b.ReportAllocs()
				b.ResetTimer()
				for range b.N {
					b.StopTimer()
					traces := r.prepare()
					b.StartTimer()
					r.measure(traces)
				}
				b.ReportMetric(r.cost(), "cpu-ns/span")
			})
		}
	}
}
