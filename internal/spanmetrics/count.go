// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// count counts a request of a batch, by its index, unless it was found to describe another one. Known is where those of its kind are
// counted, if it has one.
func (e *Engine) count(s *scratch, batch *correlate.Batch, index int, known []known) {
	q := &batch.Described[index]
	if q.Duplicate == llm.LeftOut || q.Duplicate == llm.Unique && !e.layers[q.Layer] {
		e.stats.skipped[llm.SkipLayer].Add(1)
		return
	}
	if q.Duplicate != llm.Unique {
		e.stats.duplicates[q.Duplicate].Add(1)
		if q.LostTokens {
			e.stats.missing[MissingLateTokens][q.Emitter+1].Add(1)
		}
		if batch.Continues(index) && e.layers[q.Layer] {
			e.takePart(&s.sample, batch, q.Request)
			e.observe(s, batch, known)
		}
		return
	}
	e.sources.Begin(q.Request, time.Unix(0, s.now))
	if !e.sources.IsUnbilled(q.Request) {
		e.price(batch, q.Request)
	}
	e.stats.priced(q.Request)
	e.takeRequest(&s.sample, batch, q.Request)
	e.observe(s, batch, known)
	e.stats.count(q.Request)
}
