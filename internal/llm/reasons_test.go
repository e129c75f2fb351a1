// SPDX-License-Identifier: Apache-2.0

package llm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestEverythingThatKeepsASpanFromCountingHasAReason(t *testing.T) {
	for skip := range llm.Skips {
		assert.NotEmpty(t, skip.Reason(), "%s has no reason in reasons.go", skip)
	}
	for rule := llm.Unique + 1; rule < llm.Rules; rule++ {
		assert.NotEmpty(t, rule.Reason(), "%s has no reason in reasons.go", rule)
	}
}
