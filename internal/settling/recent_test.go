// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Some emitters count up in a byte or two of the ids of a trace's spans. The window must hold them like any others.
func TestSpansWhoseIDsCountUpSpreadOverTheWindow(t *testing.T) {
	const size = 4096
	for at := range 7 {
		w := newWindow(size, time.Hour)
		now := w.ticks(time.Unix(1e9, 0))
		within := scopeOf(0x1234_5678_9ABC_DEF0, llm.Client, correlate.Service{})
		hash := func(i int) uint64 {
			id := pcommon.SpanID{1, 2, 3, 4, 5, 6, 7, 8}
			id[at], id[at+1] = byte(i>>8), byte(i)
			return within.span(llm.Inference, id)
		}
		for i := range size {
			w.add(hash(i), countedSpan, now)
		}
		known := 0
		for i := range size {
			if w.known(hash(i), now) != 0 {
				known++
			}
		}
		assert.Greater(t, known, size*99/100, "from byte %d", at)
	}
}
