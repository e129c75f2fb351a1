// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"
)

// What the fake provider answers. The numbers differ, so that none can be taken for another one.
const (
	inputTokens     = 17
	outputTokens    = 20
	cachedTokens    = 100
	writtenTokens   = 40
	reasoningTokens = 8

	firstTokenAfter = 80 * time.Millisecond
	betweenChunks   = 8 * time.Millisecond
	chunks          = 10
	// endless is the number of chunks of a stream that its caller leaves.
	endless = 2_000
)

// The cases that the provider knows.
const (
	caseChat        = "chat"
	caseStream      = "stream"
	caseCached      = "cached"
	caseServerError = "server_error"
	caseRateLimited = "rate_limited"
	caseDropped     = "dropped"
	caseCancelled   = "cancelled"
	caseEmbeddings  = "embeddings"
)
