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
	assert.True(t, string(kept) == rules(), "the rules are old: run go generate ./internal/llmengine") //nolint:testifylint // a difference fills pages

	kept, err = os.ReadFile("../../../examples/engine-rules/rules_test.yaml")
	require.NoError(t, err)
	tests, err := tests("../testdata/pages")
	require.NoError(t, err)
	assert.True(t, string(kept) == tests, "the tests are old: run go generate ./internal/llmengine") //nolint:testifylint // a difference fills pages
}
