// SPDX-License-Identifier: Apache-2.0

package llmengineprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestWrongSettingsAreNamed(t *testing.T) {
	for says, written := range map[string]map[string]any{
		"keep_sources: there is no such setting; did you mean keep_source? there are engine_attribute, histograms, keep_others, keep_source, metrics, resource_attributes": {"keep_sources": true},
		`keep_source: must be true or false, got "maybe"`: {"keep_source": "maybe"},
		"metrics::llm.engine.batch.sizes: there is no such setting; did you mean llm.engine.batch.size? there are llm.engine.batch.size,": {"metrics": map[string]any{"llm.engine.batch.sizes": nil}},
		"metrics: must be a mapping of keys to values, got [llm.engine.batches]":                                                          {"metrics": []any{"llm.engine.batches"}},
		"engine_attribute: must be a text, got {key: x}":                                                                                  {"engine_attribute": map[string]any{"key": "x"}},
	} {
		assert.ErrorContains(t, confmap.NewFromStringMap(written).Unmarshal(createDefaultConfig()), says)
	}
	config := createDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"keep_source": false, "metrics": map[string]any{"llm.engine.batch.size": map[string]any{"enabled": false}},
	}).Unmarshal(config))
	assert.False(t, config.KeepSource)
	assert.False(t, config.Metrics.LlmEngineBatchSize.Enabled)
}
