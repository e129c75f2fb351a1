// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestThePageAboutEmittersIsUpToDate(t *testing.T) {
	written, err := os.ReadFile(filepath.Join(tracetest.Root(), "docs", "emitters.md"))
	require.NoError(t, err)
	assert.Equal(t, page(), string(written), "run go generate ./internal/inference/dialect")
}

func TestThePageNamesEveryKey(t *testing.T) {
	text := page()
	for _, d := range dialect.All() {
		for _, a := range d.Attributes {
			assert.True(t, strings.Contains(text, "`"+a.Key+"`") || strings.Contains(text, "`"+a.Key+"#"), a.Key)
		}
	}
}
