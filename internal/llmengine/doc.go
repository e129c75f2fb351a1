// SPDX-License-Identifier: Apache-2.0

//go:generate go run ./enginesdoc ../../docs/engines.md
//go:generate go run ./enginesrules testdata/pages ../../examples/engine-rules/rules.yaml ../../examples/engine-rules/rules_test.yaml

// Package llmengine reads what inference engines say about themselves. Families of the Prometheus text format or JSON go in,
// readings of one vocabulary come out. What an engine and a version writes is a row in a table.
package llmengine
