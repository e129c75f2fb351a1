// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"fmt"
	"slices"
	"time"
)

// The H100's limits, as in the fake driver's profile.
const (
	memory    = 85_520_809_984 // bytes
	idlePower = 75.0           // watts
	fullPower = 690.0
	slowClock = 1095 // megahertz
	fastClock = 1980
)

// GPULines are what the fake driver's control file says of the devices now, on top of its profile for H100. It is to be
// asked often: energy and throttled time grow from one call to the next.
func (w *World) GPULines(now time.Time) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines := []string{
		fmt.Sprintf("count %d", GPUs),
		"name NVIDIA H100 80GB HBM3 (simulated)",
	}
	if w.gpuSince.IsZero() {
		w.gpuSince = now
	}
	if now.Sub(w.gpuSince) > 15*time.Second { // the notebook reads memory that it does not have
		lines = append(lines, fmt.Sprintf("event.0 %d 8 31", GPUs-2))
	}
	for i := range GPUs {
		load, held, hot := w.load(i, now)
		g := &w.gpus[i]
		power := idlePower + (fullPower-idlePower)*load
		temperature := 34 + 36*load
		clock := fastClock
		reasons := 0
		if load > 0 {
			reasons = 4 // power cap
		}
		if hot {
			power, temperature, clock, reasons = 0.6*power, 89, slowClock, 0x40
		}
		if !g.seen.IsZero() {
			passed := now.Sub(g.seen)
			g.energy += power * passed.Seconds()
			if hot {
				g.throttled += passed
			}
		}
		g.seen = now
		used := 0.004
		if held {
			used = 0.91
		}
		percent := 0
		if load > 0 {
			percent = int(70 + 30*load)
		}
		set := func(name, format string, values ...any) {
			lines = append(lines, fmt.Sprintf("%d.%s ", i, name)+fmt.Sprintf(format, values...))
		}
		set("memory.used", "%d", int(used*memory))
		lines = append(lines, processLines(i, int(used*memory), percent)...)
		set("utilization.gpu", "%d", percent)
		set("utilization.memory", "%d", percent*6/10)
		set("samples.1", "%d %d", percent, percent)
		set("samples.2", "%d %d", percent*6/10, percent*6/10)
		// Performance counters: kernels run as soon as one request is decoded, the multiprocessors work with the size of batches.
		set("gpm.2", "%.1f", 85*load)
		set("gpm.3", "%.1f", 45*load)
		set("gpm.5", "%.1f", 40*load)
		set("gpm.10", "%.1f", float64(percent)*0.6)
		set("samples.0", "%d %d", int(power*1000), int(power*1000))
		set("power", "%d", int(power*1000))
		set("field.185", "uint %d", int(power*1000))
		set("energy", "%d", int(g.energy*1000))
		set("temperature", "%d", int(temperature))
		set("field.82", "uint %d", int(temperature)-8)
		set("temperature.margin", "%d", max(0, 87-int(temperature)))
		set("clock.0", "%d", clock)
		set("clock.1", "%d", clock)
		set("throttle.reasons", "%#x", reasons)
		// Counters of throttling by power, heat (as the driver's policy and as the hardware see it) and software.
		set("field.74", "ull %d", 0)
		set("field.75", "ull %d", g.throttled.Nanoseconds())
		set("throttle.time.software_thermal", "ull %d", g.throttled.Nanoseconds())
		set("throttle.time.hardware_thermal", "ull %d", g.throttled.Nanoseconds())
		set("field.3", "ull 0")
		set("field.5", "ull 0")
		set("field.6", "ull 0")
	}
	return lines
}

// load is how busy a device is, from 0 to 1. It also says whether a program holds its memory, and whether heat slows it down.
func (w *World) load(device int, now time.Time) (load float64, held, hot bool) {
	for _, e := range w.engines {
		if slices.Contains(e.replica.gpus, device) {
			return e.busy(now), true, w.Scene(now).hot == e.replica.pod
		}
	}
	// A program that was left running, and a device that nobody has.
	return 0, device == GPUs-2, false
}
