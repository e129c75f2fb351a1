// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package helper

import (
	"context"
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Client would collect through a helper process; on this system there is none.
type Client struct{}

// NewClient returns a client that only says that it cannot collect.
func NewClient(Options) *Client { return &Client{} }

// Collect fails with ReasonUnsupportedBuild.
func (*Client) Collect(context.Context, gpu.Request) (Result, error) {
	return Result{}, &CollectError{Reason: ReasonUnsupportedBuild}
}

// Renew does nothing.
func (*Client) Renew() {}

// Release does nothing.
func (*Client) Release(time.Duration) {}

// Hung reports that no helper process is stuck.
func (*Client) Hung() int { return 0 }

// Close does nothing.
func (*Client) Close() {}
