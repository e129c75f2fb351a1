// SPDX-License-Identifier: Apache-2.0

//go:generate mdatagen metadata.yaml

// Package llmengineprocessor adds metrics of one vocabulary to those that inference engines show under names of their own and that the
// Prometheus receiver scraped.
package llmengineprocessor
