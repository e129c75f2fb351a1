// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Hop is what a span shows of its way into a process.
type Hop struct {
	// Serves is set if the span is of kind SERVER.
	Serves bool
	// Remote is set if its parent is in another process.
	Remote bool
}

const (
	// flagParentKnown and flagParentRemote are bits of a span's flags. They say whether it is known that the parent is remote,
	// and whether it is. Source: opentelemetry-proto v1.4, trace.proto, SpanFlags.
	flagParentKnown  = 0x100
	flagParentRemote = 0x200
)

// HopOf returns what a span shows of its way into a process.
func HopOf(span ptrace.Span) Hop {
	const remote = flagParentKnown | flagParentRemote
	return Hop{Serves: span.Kind() == ptrace.SpanKindServer, Remote: span.Flags()&remote == remote}
}

func (h Hop) any() bool { return h.Serves || h.Remote }

func (h Hop) and(other Hop) Hop { return Hop{h.Serves || other.Serves, h.Remote || other.Remote} }
