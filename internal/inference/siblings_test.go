// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

func TestEndsAgesApartAreNotTheSame(t *testing.T) {
	client := &Request{Layer: Client, Class: dialect.Inference, ParentID: [8]byte{1}, Start: 1e9, End: 2e9, scope: "client"}
	framework := *client
	framework.ParentID, framework.scope = [8]byte{2}, "framework"
	assert.True(t, framework.mayBeCousin(client))
	framework.End = 1<<63 + client.End + 1
	assert.False(t, framework.mayBeCousin(client))
}
