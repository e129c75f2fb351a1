// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/pagetest"
)

func TestTheRulesAreUpToDate(t *testing.T) {
	const command = "go generate ./internal/llmengine"
	pagetest.UpToDate(t, "../../../examples/engine-rules/rules.yaml", rules(), command)
	tests, err := tests("../testdata/pages")
	require.NoError(t, err)
	pagetest.UpToDate(t, "../../../examples/engine-rules/rules_test.yaml", tests, command)
}
