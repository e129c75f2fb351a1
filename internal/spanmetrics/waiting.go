// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"sync"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
)

// waiting are the requests that are read and not yet counted, and what settling them needs.
type waiting struct {
	table *settling.Table
	// began is the beginning of the table's clock.
	began time.Time

	// settling is held while requests are settled. The table's own lock is held for moments alone.
	settling sync.Mutex
	taken    *settling.Taken
	forest   *correlate.Forest
	memo     memo
}

func newWaiting(options settling.Options, resourceKeys int, p *plan, now time.Time) *waiting {
	return &waiting{
		table: settling.New(options), began: now, taken: settling.NewTaken(resourceKeys), forest: correlate.NewForest(),
		memo: newMemo(p),
	}
}

// clock returns a time as the table's. It follows the monotonic clock, if the time has one.
func (w *waiting) clock(now time.Time) time.Duration { return now.Sub(w.began) }
