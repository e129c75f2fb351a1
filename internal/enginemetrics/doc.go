// SPDX-License-Identifier: Apache-2.0

// The generated test of a factory is removed: this package has none, and what uses it has its own.
//go:generate sh -c "mdatagen metadata.yaml && rm generated_component_test.go"

// Package enginemetrics turns readings of inference engines into metrics of the vocabulary in metadata.yaml. Receiver and
// processor llm_engine build on it, so that both give the same.
package enginemetrics
