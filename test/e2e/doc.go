// SPDX-License-Identifier: Apache-2.0

// Package e2e tests the collector as it ships: the built binary, run as a process, with real emitters' spans
// in front of it and a backend behind it that can misbehave.
//
// OTELCOL_LLM_BINARY holds the path of the binary, and VICTORIA_METRICS_BINARY that of the database that its
// metrics go to in some tests; 'make test' builds both and sets that. All ports are free ones on the loopback,
// so that the tests disturb nobody. Configs are in testdata/config, configs with mistakes and what the
// collector must say to them in testdata/bad, captured spans and their ground truth in testdata/captures at
// the top of the repository, and some made spans in testdata/spans.
package e2e
