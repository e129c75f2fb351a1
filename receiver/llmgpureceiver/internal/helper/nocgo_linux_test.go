// SPDX-License-Identifier: Apache-2.0

//go:build !cgo

package helper

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

func TestBuildWithoutCgoSaysSo(t *testing.T) {
	c := NewClient(Options{Present: func() bool { return true }})
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := c.Collect(ctx, gpu.Request{})
	assert.Equal(t, ReasonUnsupportedBuild, AsCollectError(err).Reason)
}
