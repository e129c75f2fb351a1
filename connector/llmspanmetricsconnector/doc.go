// SPDX-License-Identifier: Apache-2.0

//go:generate mdatagen metadata.yaml
//go:generate go -C ../../tools/docgen run . -out ../../connector/llmspanmetricsconnector/documentation.md

// Package llmspanmetricsconnector delivers the metrics of LLM requests into metrics pipelines. Where a
// processor of the same id reads the spans, it only delivers; else it reads them itself.
package llmspanmetricsconnector
