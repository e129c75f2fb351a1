// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/otelcol-llm/otelcol-llm/internal/pagetest"
)

func TestThePageIsUpToDate(t *testing.T) {
	pagetest.UpToDate(t, "../../../docs/engines.md", page(), "go generate ./internal/llmengine")
}
