// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheRulesAreUpToDate(t *testing.T) {
	kept, err := os.ReadFile("../../../examples/engine-rules/rules.yaml")
	require.NoError(t, err)
	assert.Equal(t, string(kept), rules(), "run go generate ./internal/llmengine")

	kept, err = os.ReadFile("../../../examples/engine-rules/rules_test.yaml")
	require.NoError(t, err)
	tests, err := tests("../testdata/pages")
	require.NoError(t, err)
	assert.Equal(t, string(kept), tests, "run go generate ./internal/llmengine")
}
