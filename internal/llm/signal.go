// SPDX-License-Identifier: Apache-2.0

package llm

// Signal is what a request was read from.
type Signal uint8

// The signals.
const (
	// Spans of traces.
	Spans Signal = iota
	// Logs are the log events of emitters.
	Logs
	// Signals is the number of signals.
	Signals
)

// String returns the name in running text.
func (s Signal) String() string { return [Signals]string{Spans: "spans", Logs: "log events"}[s] }

// Pipeline returns the name of the signal's pipelines in a collector.
func (s Signal) Pipeline() string { return [Signals]string{Spans: "traces", Logs: "logs"}[s] }

// Other returns the other signal.
func (s Signal) Other() Signal { return Spans + Logs - s }
