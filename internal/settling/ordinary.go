// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// ordinary is an ordinary span beside a request that is alone in its trace. With these alone, a request needs no forest. Those
// around it decide how long it waits. Its caller's span, from another process, comes later.
type ordinary struct {
	span, parent pcommon.SpanID
	// after is how long after its request the span came, in microseconds. It is at most 71 minutes.
	after uint32
	before
}

// before leads to the ordinary span of the request that came before. It is
//
//	 31       30       29               0
//	+--------+--------+------------------+
//	| Remote | Serves | place, 0 is none |
//	| of the span's hop |                |
//	+--------+--------+------------------+
type before uint32

const (
	hopRemote before = 1 << 31
	hopServes before = 1 << 30
	beforeBit before = hopServes - 1
)

func (b before) place() uint32 { return uint32(b & beforeBit) }

func (b before) hop() correlate.Hop {
	return correlate.Hop{Serves: b&hopServes != 0, Remote: b&hopRemote != 0}
}

// arrival is when an ordinary span beside a request came.
func (o *ordinary) arrival(n *node) time.Duration {
	return n.arrived + time.Duration(o.after)*time.Microsecond
}
