// SPDX-License-Identifier: Apache-2.0

//go:generate mdatagen metadata.yaml

// Package llmspanmetricsprocessor reads LLM requests out of the spans that pass. It hands the spans on, unchanged unless
// enrichment is on. The connector of the same id delivers the metrics.
package llmspanmetricsprocessor
