// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/helper"
)

// slowClient is a driver that never answers: each collection lasts until its deadline.
type slowClient struct {
	fakeClient
	running, made, overlapping int
	longest                    time.Duration
}

func (c *slowClient) Collect(ctx context.Context, _ gpu.Request) (helper.Result, error) {
	c.made++
	c.running++
	defer func() { c.running-- }()
	if c.running > 1 {
		c.overlapping++
	}
	start := time.Now()
	<-ctx.Done()
	c.longest = max(c.longest, time.Since(start))
	return helper.Result{}, &helper.CollectError{Reason: helper.ReasonDeadline}
}

// Collections come one at a time, at the interval, and none lasts longer than the timeout, whatever the driver does.
func TestCollectionsNeitherOverlapNorExceedTheTimeout(t *testing.T) {
	for name, timeout := range map[string]time.Duration{"short": 300 * time.Millisecond, "as long as the interval": time.Second} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				cfg := createDefaultConfig().(*Config)
				cfg.RootPath, cfg.InitialDelay, cfg.CollectionInterval, cfg.Timeout = root, 0, time.Second, timeout
				s, err := newScraper(cfg, receiverSettings())
				require.NoError(t, err)
				driver := &slowClient{}
				s.newClient = func(helper.Options) client { return driver }
				r := &gpuReceiver{cfg: cfg, settings: receiverSettings(), scraper: s, metrics: consumertest.NewNop()}
				require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
				time.Sleep(time.Minute - time.Millisecond)
				require.NoError(t, r.Shutdown(t.Context()))
				assert.Equal(t, 60, driver.made)
				assert.Zero(t, driver.overlapping)
				assert.Equal(t, timeout, driver.longest)
			})
		})
	}
}

// A driver that hangs does not hold up the end of the collector, however long it may take to answer.
func TestShutdownDoesNotWaitForDriver(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	driver.Set("hang.nvmlDeviceGetCount_v2 1")
	cfg := createDefaultConfig().(*Config)
	cfg.RootPath, cfg.LibraryPath, cfg.InitialDelay = driver.Root, driver.Library, 0
	cfg.CollectionInterval, cfg.Timeout = time.Hour, time.Hour
	r, err := NewFactory().CreateMetrics(t.Context(), receiverSettings(), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	require.Eventually(t, func() bool { return len(children()) == 1 }, 20*time.Second, time.Millisecond)
	begin := time.Now()
	require.NoError(t, r.Shutdown(t.Context()))
	assert.Less(t, time.Since(begin), 2*time.Second)
	assert.Empty(t, children())
}
