// SPDX-License-Identifier: Apache-2.0

//go:generate mdatagen metadata.yaml

// Package llmengineprocessor adds metrics of one vocabulary to those of inference engines. Engines show them under different
// names, and the Prometheus receiver scraped them.
package llmengineprocessor
