// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/pmetrictest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

var update = flag.Bool("update", false, "write the metrics.yaml and forwarded.yaml of each case anew")

// TestGolden runs each folder of testdata/golden. It holds the settings in config.yaml and the spans in spans.yaml (one batch).
// metrics.yaml holds what the first flush delivers. Requests count at once unless the settings say otherwise. The spans must pass
// unchanged; if they are to be enriched, as in forwarded.yaml. Time stands still in the test, so that the timestamps belong to
// what is compared.
func TestGolden(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("testdata", "golden", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runGolden(t, folder) })
		})
	}
}

func runGolden(t *testing.T, folder string) {
	settings := map[string]any{}
	if _, err := os.Stat(filepath.Join(folder, "config.yaml")); err == nil {
		conf, err := confmaptest.LoadConf(filepath.Join(folder, "config.yaml"))
		require.NoError(t, err)
		settings = conf.ToStringMap()
	}
	if _, set := settings["decision_wait"]; !set {
		settings["decision_wait"] = "0s"
	}
	spans, err := golden.ReadTraces(filepath.Join(folder, "spans.yaml"))
	require.NoError(t, err)

	p := startPipeline(t, settings)
	defer p.stop(t)
	require.NoError(t, p.processor.ConsumeTraces(context.Background(), spans))
	forwarded := filepath.Join(folder, "spans.yaml")
	if p.processor.Capabilities().MutatesData {
		forwarded = filepath.Join(folder, "forwarded.yaml")
		if *update {
			require.NoError(t, golden.WriteTracesToFile(forwarded, spans))
		}
	}
	want, err := golden.ReadTraces(forwarded)
	require.NoError(t, err)
	require.Equal(t, want, spans, "spans that are handed on")
	time.Sleep(15 * time.Second)
	synctest.Wait()

	got := pmetric.NewMetrics()
	for _, m := range p.metrics.AllMetrics() {
		m.ResourceMetrics().MoveAndAppendTo(got.ResourceMetrics())
	}
	file := filepath.Join(folder, "metrics.yaml")
	if *update {
		require.NoError(t, golden.WriteMetricsToFile(file, got, golden.SkipMetricTimestampNormalization()))
	}
	metrics, err := golden.ReadMetrics(file)
	require.NoError(t, err)
	require.NoError(t, pmetrictest.CompareMetrics(metrics, got,
		pmetrictest.IgnoreResourceMetricsOrder(),
		pmetrictest.IgnoreMetricsOrder(),
		pmetrictest.IgnoreMetricDataPointsOrder()))
}
