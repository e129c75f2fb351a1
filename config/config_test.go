// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otelcol-llm/otelcol-llm/config"
)

// TestBadSettings runs each file of testdata/bad: settings, and under "error" a part of the error that they must give.
func TestBadSettings(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "bad", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			conf, err := confmaptest.LoadConf(file)
			require.NoError(t, err)
			written := conf.ToStringMap()
			want := written["error"].(string)
			delete(written, "error")

			cfg := config.Default()
			err = confmap.NewFromStringMap(written).Unmarshal(cfg)
			if err == nil {
				err = confmap.Validate(cfg)
			}
			require.Error(t, err)
			assert.Contains(t, err.Error(), want)
			told := strings.TrimPrefix(err.Error(), "decoding failed due to the following error(s):\n\n")
			assert.NotContains(t, told, "\n", "one mistake is named once")
		})
	}
}

func TestTheDefaultsAreValid(t *testing.T) {
	assert.NoError(t, confmap.Validate(config.Default()))
}

func TestSettingsChangeTheCatalogue(t *testing.T) {
	cfg := config.Default()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"metrics": map[string]any{
			"llm.requests":                     map[string]any{"name": "requests", "description": "Calls."},
			"gen_ai.client.token.usage":        map[string]any{"enabled": false},
			"gen_ai.client.operation.duration": map[string]any{"buckets": []any{0.5, 1}},
		},
	}).Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	names := map[string]string{}
	for _, in := range cfg.Compile().Options.Instruments {
		names[in.Name] = in.Description
		if in.Name == "gen_ai.client.operation.duration" {
			assert.Equal(t, []float64{0.5, 1}, in.Bounds)
		}
	}
	assert.Equal(t, "Calls.", names["requests"])
	assert.NotContains(t, names, "llm.requests")
	assert.NotContains(t, names, "gen_ai.client.token.usage")
}
