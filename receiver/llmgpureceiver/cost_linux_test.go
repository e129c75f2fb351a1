// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// One collection of a machine with eight GPUs and the default metrics, with a driver that answers at once.
func BenchmarkCollectEightGPUs(b *testing.B) {
	s, _ := live(b, "h100", nil)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	points := 0
	b.ReportAllocs()
	for b.Loop() {
		metrics, err := s.scrape(ctx)
		if err != nil {
			b.Fatal(err)
		}
		points = metrics.DataPointCount()
	}
	b.ReportMetric(float64(points), "points")
}

// The same with processes, pods and every metric. There are eight engines, each with a worker on one device, and a kubelet that
// is absent.
func BenchmarkCollectEverythingOfEightGPUs(b *testing.B) {
	s, driver := live(b, "h100", func(cfg *Config) {
		cfg.MetricsBuilderConfig = everyMetric()
		cfg.Metrics.NvidiaGpuPcieThroughput.Enabled = false // it takes 20 ms for each direction of each device
		cfg.Processes.Enabled, cfg.Pods.Enabled, cfg.Pods.Socket = true, true, cfg.RootPath+"/none.sock"
		cfg.CodecUtilization, cfg.PowerLimitRange = true, true
	})
	lines := make([]string, 8)
	for i := range lines {
		lines[i] = fmt.Sprintf("%d.process.0 %d 60000000000 -1 -1 90 50 0 0", i, os.Getpid())
	}
	driver.Set(lines...)
	require.NoError(b, os.Symlink(fmt.Sprintf("/proc/%d", os.Getpid()), fmt.Sprintf("%s/proc/%d", driver.Root, os.Getpid())))
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	points := 0
	b.ReportAllocs()
	for b.Loop() {
		metrics, err := s.scrape(ctx)
		if err != nil {
			b.Fatal(err)
		}
		points = max(points, metrics.DataPointCount())
	}
	b.ReportMetric(float64(points), "points")
	b.ReportMetric(float64(childrenTime(b).Microseconds())/float64(b.N), "helper-µs/op")
}

// childrenTime is the processor time of the helper so far.
func childrenTime(b *testing.B) (used time.Duration) {
	b.Helper()
	for _, pid := range children() {
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		require.NoError(b, err)
		fields := strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
		for _, field := range fields[11:13] { // in hundredths of a second
			ticks, err := strconv.Atoi(field)
			require.NoError(b, err)
			used += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return used
}

// What is left when the driver's answers are taken as given: tracking and recording.
func BenchmarkRecordEightGPUs(b *testing.B) {
	s, _ := live(b, "h100", nil)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := s.client.Collect(ctx, s.tracker.Request(s.want, time.Now()))
	if err != nil {
		b.Fatal(err)
	}
	s.client.Close()
	s.client = &fakeClient{result: result}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.scrape(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// On a machine without NVIDIA devices the receiver is next to nothing: no process, and little memory.
func TestWithoutDriverCostsNothing(t *testing.T) {
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sink := &consumertest.MetricsSink{}
		before := heap()
		cfg := createDefaultConfig().(*Config)
		cfg.RootPath = root
		r, err := NewFactory().CreateMetrics(t.Context(), receiverSettings(), cfg, sink)
		require.NoError(t, err)
		require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
		allocated := totalAllocated()
		time.Sleep(time.Hour)
		synctest.Wait()
		const collections = 240
		each := (totalAllocated() - allocated) / collections
		kept := heap() - before
		t.Logf("keeps %d bytes; allocates %d for a collection", kept, each)
		assert.Less(t, kept, int64(1<<20))
		assert.NotZero(t, each, "it looks for devices")
		assert.Less(t, each, uint64(64<<10))
		assert.Empty(t, sink.AllMetrics())
		assert.Empty(t, children())
		require.NoError(t, r.Shutdown(t.Context()))
	})
}

// heap returns the bytes that are in use after a garbage collection.
func heap() int64 {
	var m runtime.MemStats
	for range 3 { // what has a finalizer takes more than one
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func totalAllocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
