// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"maps"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
)

// Lack is the number of requests of an emitter that lack something.
type Lack struct {
	What Missing
	// Emitter is the name of the emitter family, empty if unknown.
	Emitter string
	Count   uint64
}

// Stats is a reading of an engine's counters. Numbers only grow, but for the live ones.
type Stats struct {
	// Spans were seen; Described of them describe requests, of which Requests were counted. The rest of Described are Duplicates, wait
	// still, or were found to be of a layer that is not counted.
	Spans, Described, Requests uint64
	// Waiting is what waits for what still describes it, zero if nothing does.
	Waiting settling.Stats
	// Late counts the spans that described a request that had been counted, by llm.Rule.
	Late [llm.Rules]uint64
	// BadTimes are requests without a duration, since their span's times make no sense.
	BadTimes uint64
	// Skipped counts LLM spans that are no requests, by llm.Skip.
	Skipped [llm.Skips]uint64
	// Records are the log records that were seen, SkippedRecords those of known emitters that describe no request, by logreader.Skip.
	Records        uint64
	SkippedRecords [logreader.Skips]uint64
	// Dismissed counts those of them that nothing shows to be calls, by who wrote them.
	Dismissed map[Dismissal]uint64
	// Duplicates counts spans of requests that another span describes, by llm.Rule.
	Duplicates [llm.Rules]uint64
	// Missing counts successful requests that lack something, and spans whose tokens came too late.
	Missing []Lack
	// RefusedValues counts requests whose value was replaced since a dimension was full, by each dimension that can be.
	RefusedValues map[string]uint64
	// Overflowed are requests that went to an overflow set; RefusedResources went to the overflow
	// resource.
	Overflowed, RefusedResources uint64
	// Unpriced are requests with tokens whose model has no price, if there are prices at all.
	Unpriced uint64
	// Assumed counts requests whose computed cost rests on an assumption, by llm.Assumption.
	Assumed [llm.Assumptions]uint64
	// Expired are the sets that were forgotten.
	Expired uint64
	// LiveSets and LiveResources are those kept now.
	LiveSets, LiveResources int64
}

// WantedSets estimates the sets that there would be without limits. They are those kept, and the different ones that were refused
// within the last one or two Limits.IdleExpiry.
func (e *Engine) WantedSets() int64 { return e.sets.Load() + int64(e.demand.refused()) }

// MaxSets returns Limits.DimensionSets.
func (e *Engine) MaxSets() int64 { return int64(e.options.Limits.DimensionSets) }

// Stats reads the counters.
func (e *Engine) Stats() Stats {
	c := &e.stats
	s := Stats{
		Spans: c.spans.Load(), Described: c.described.Load(), Requests: c.requests.Load(),
		BadTimes: c.badTimes.Load(), Records: c.records.Load(),
		Overflowed: c.overflowed.Load(), RefusedResources: e.resources.refusals.Load(),
		Expired: c.expired.Load(), Unpriced: c.unpriced.Load(), LiveSets: e.sets.Load(), LiveResources: int64(e.resources.live()),
		RefusedValues: e.values.refusals(e.plan),
	}
	c.mu.Lock()
	s.Dismissed = maps.Clone(c.dismissed)
	c.mu.Unlock()
	for i := range s.Skipped {
		s.Skipped[i] = c.skipped[i].Load()
	}
	for i := range s.Assumed {
		s.Assumed[i] = c.assumed[i].Load()
	}
	for i := range s.SkippedRecords {
		s.SkippedRecords[i] = c.skippedRecords[i].Load()
	}
	for i := range s.Duplicates {
		s.Duplicates[i], s.Late[i] = c.duplicates[i].Load(), c.late[i].Load()
	}
	if e.held != nil {
		s.Waiting = e.held.table.Stats()
	}
	for what := range missings {
		for i := range c.missing[what] {
			if n := c.missing[what][i].Load(); n > 0 {
				s.Missing = append(s.Missing, Lack{what, e.reader.EmitterName(int16(i - 1)), n})
			}
		}
	}
	return s
}

func (v *values) refusals(p *plan) map[string]uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	refused := map[string]uint64{}
	for i, n := range v.refused {
		if !p.columns[i].Closed {
			refused[p.columns[i].Key] += n
		}
	}
	return refused
}
