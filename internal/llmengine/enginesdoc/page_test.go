// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThePageIsUpToDate(t *testing.T) {
	kept, err := os.ReadFile("../../../docs/engines.md")
	require.NoError(t, err)
	assert.Equal(t, string(kept), page(), "run go generate ./internal/llmengine")
}
