// SPDX-License-Identifier: Apache-2.0

// Package e2e tests the collector as it ships: the built binary, run as a process. Real emitters' spans are in front of it,
// and a backend behind it that can misbehave.
//
// OTELCOL_LLM_BINARY holds the path of the binary. VICTORIA_METRICS_BINARY holds that of the database that its metrics go to in
// some tests. 'make test' builds both and sets them. All ports are free ones on the loopback, so that the tests disturb nobody.
// Configs are in testdata/config, made spans in testdata/spans. Configs with mistakes, and what the collector must say to them,
// are in testdata/bad. Captured spans and their ground truth are in testdata/captures at the top of the repository.
package e2e
