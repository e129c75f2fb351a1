// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestEndsAgesApartAreNotTheSame(t *testing.T) {
	client := &node{Request: &llm.Request{Layer: llm.Client, Class: llm.Inference, ParentID: [8]byte{1}, Start: 1e9, End: 2e9}, scope: "client"}
	beside := *client.Request
	framework := node{Request: &beside, scope: "framework"}
	framework.ParentID = [8]byte{2}
	assert.True(t, framework.mayBeCousin(client))
	framework.End = 1<<63 + client.End + 1
	assert.False(t, framework.mayBeCousin(client))
}
