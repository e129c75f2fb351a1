// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// footprint is what a process holds.
type footprint struct{ goroutines, threads, files, children, kibibytes int }

func measure(t *testing.T) footprint {
	t.Helper()
	runtime.GC()
	f := footprint{goroutines: runtime.NumGoroutine(), children: len(children())}
	files, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	f.files = len(files)
	content, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		switch fields[0] {
		case "Threads:":
			f.threads, err = strconv.Atoi(fields[1])
		case "VmRSS:":
			f.kibibytes, err = strconv.Atoi(fields[1])
		}
		require.NoError(t, err)
	}
	return f
}

// children returns the process ids of this process's children that have not ended.
func children() (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		content, err := os.ReadFile(stat)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
		if fields[0] != "Z" && fields[1] == strconv.Itoa(os.Getpid()) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// Ten thousand collections as fast as they go, with a fault in every hundredth, leave nothing behind. Most of what
// fails does so in the pause before the next helper.
func TestSoak(t *testing.T) {
	if os.Getenv("SOAK") == "" {
		t.Skip("takes a quarter of a minute: make soak")
	}
	const collections, faultEvery = 10_000, 100
	s, driver := live(t, "l4", func(cfg *Config) {
		cfg.Helper.RestartDelay, cfg.Helper.MaxRestartDelay = time.Millisecond, 5*time.Millisecond
		cfg.Helper.StartTimeout = 2 * time.Second
	})
	signal := func(signal syscall.Signal) func() {
		return func() {
			for _, pid := range children() {
				_ = syscall.Kill(pid, signal)
			}
		}
	}
	control := func(lines ...string) func() { return func() { driver.Set(lines...) } }
	faults := []func(){
		control("crash.nvmlDeviceGetCount_v2 segv"), control("crash.nvmlDeviceGetMemoryInfo_v2 abort"),
		control("crash.nvmlDeviceGetCount_v2 garbage"), control("crash.nvmlDeviceGetCount_v2 oversized"),
		control("ret.nvmlDeviceGetCount_v2 9"), control("ret.nvmlDeviceGetCount_v2 18"), control("lost 15"),
		control("hang.nvmlDeviceGetCount_v2 1"), control("ret.nvmlDeviceGetPowerUsage 999", "field.185 -"),
		signal(syscall.SIGKILL), signal(syscall.SIGSTOP), driver.Unload, control("count 0"),
		control("memory.used 18446744073709551615", "energy 5"),
	}
	succeeded := 0
	collect := func() {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		metrics, err := s.scrape(ctx)
		require.NoError(t, err)
		if metrics.DataPointCount() > 10 {
			succeeded++
		}
	}
	var before footprint
	for i := range collections {
		switch i % faultEvery {
		case 0:
			faults[i/faultEvery%len(faults)]()
		case 2:
			driver.Set()
			driver.Load()
		}
		if i == collections/10 {
			before = measure(t)
		}
		collect()
	}
	for end := time.Now().Add(5 * time.Second); len(children()) > 1 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	after := measure(t)
	t.Logf("after %d collections: %+v; after %d, of which %d gave metrics: %+v", collections/10, before, collections, succeeded, after)
	assert.Greater(t, succeeded, collections*3/4)
	assert.LessOrEqual(t, after.goroutines, before.goroutines+2)
	assert.LessOrEqual(t, after.threads, before.threads+3)
	assert.LessOrEqual(t, after.files, before.files+2)
	assert.LessOrEqual(t, after.children, 1)
	assert.Less(t, after.kibibytes, before.kibibytes+before.kibibytes/4+4096)
}
