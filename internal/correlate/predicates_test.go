// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestEndsAgesApartAreNotTheSame(t *testing.T) {
	one := llm.Request{Layer: llm.Client, Class: llm.Inference, ParentID: [8]byte{1}, Start: 1e9, End: 2e9}
	other := one
	client := &Request{Request: &one, Evidence: Evidence{Scope: "client"}}
	framework := &Request{Request: &other, Evidence: Evidence{Scope: "framework"}}
	framework.ParentID = [8]byte{2}
	client.Ended = true
	assert.True(t, isTimedAlike(framework, client))
	framework.End = 1<<63 + client.End + 1
	assert.False(t, isTimedAlike(framework, client))
}
