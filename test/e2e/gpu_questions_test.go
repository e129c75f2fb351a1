// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// Each query of the page about a GPU fleet has an answer in a database. Behind it is one collector with spans, engines' pages,
// GPUs, and processes and pods. The last one joins all of one engine.
func TestTenQuestionsAboutAGPUFleet(t *testing.T) {
	path, err := repo.Path("docs", "gpus.md")
	require.NoError(t, err)
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```promql\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.Len(t, blocks, 10)
	d := startDemo(t, traffic.Settings{Seed: 1, Cycle: time.Minute, Rate: 2})
	time.Sleep(45 * time.Second)

	ctx, cancel := context.WithTimeout(context.Background(), 5*harness.Patience)
	defer cancel()
	// The demo lasts for less than a minute.
	windows := regexp.MustCompile(`\[\d+[mhd]\]`)
	answers := make([]map[string]float64, len(blocks))
	for i, block := range blocks {
		samples, err := d.Database.Query(ctx, windows.ReplaceAllString(block[1], "[30s]"))
		require.NoError(t, err, block[1])
		require.NotEmpty(t, samples, "%d: %s", i+1, block[1])
		answers[i] = map[string]float64{}
		for _, s := range samples {
			answers[i][s.Labels["k8s_pod_name"]+s.Labels["of"]] = s.Value
		}
	}
	assert.Contains(t, answers[1], "notebook-0", "it has a GPU and does nothing")
	assert.Greater(t, answers[1]["notebook-0"], answers[1]["vllm-llama-70b-0"])
	assert.NotContains(t, answers[4], "notebook-0", "it has no tokens")
	assert.Contains(t, answers[8], "notebook-0", "its program made the XID")
	const engine = "vllm-llama-70b-0"
	for of, least := range map[string]float64{
		"requests per second": 0.01, "requests in the queue": 0, "KV cache in use": 0, "bytes of GPU memory": 100e9, "watts": 100,
	} {
		value, there := answers[9][engine+of]
		assert.True(t, there, of)
		assert.GreaterOrEqual(t, value, least, of)
	}
}
