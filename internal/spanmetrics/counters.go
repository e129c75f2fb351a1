// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// counters count what happens in an engine.
type counters struct {
	spans, described, requests, badTimes atomic.Uint64
	skipped                              [llm.Skips]atomic.Uint64
	duplicates                           [llm.Rules]atomic.Uint64
	late                                 [llm.Rules]atomic.Uint64
	records                              atomic.Uint64
	skippedRecords                       [logreader.Skips]atomic.Uint64
	// missing counts by emitter, of which the first is the unknown one.
	missing                       [missings][]atomic.Uint64
	overflowed, expired, unpriced atomic.Uint64
	assumed                       [llm.Assumptions]atomic.Uint64

	mu sync.Mutex
	// dismissed are the spans that nothing shows to be calls, by scope and reason.
	dismissed map[Dismissal]uint64
}

// Dismissal is why spans of a scope are not counted that nothing shows to be calls.
type Dismissal struct {
	// Scope is empty for those beyond maxScopes.
	Scope  string
	Reason llm.Skip
}

// maxScopes bounds the scopes that dismissed spans are counted by.
const maxScopes = 64

// dismiss counts spans that nothing shows to be calls.
func (c *counters) dismiss(all []llm.Dismissal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range all {
		of := Dismissal{d.Scope, d.Reason}
		if _, known := c.dismissed[of]; !known {
			if len(c.dismissed) >= maxScopes {
				of.Scope = ""
			} else {
				of.Scope = strings.Clone(d.Scope)
			}
		}
		if c.dismissed == nil {
			c.dismissed = map[Dismissal]uint64{}
		}
		c.dismissed[of] += uint64(d.Count)
	}
}

// Missing is what requests lacked.
type Missing uint8

// What can be missing.
const (
	MissingTokens Missing = iota
	MissingTTFT
	// MissingTarget is a value that a target needs.
	MissingTarget
	// MissingLateTokens are tokens that came after their request was counted without any, and may have been counted with another one.
	MissingLateTokens
	missings
)

var missingNames = [missings]string{MissingTokens: "tokens", MissingTTFT: "time_to_first_token", MissingTarget: "target", MissingLateTokens: "late_tokens"}

// String returns the name in self telemetry.
func (m Missing) String() string { return missingNames[m] }

// priced counts how a request that is counted was priced.
func (c *counters) priced(q *llm.Request) {
	if q.Unpriced {
		c.unpriced.Add(1)
	}
	if q.Assumed == 0 {
		return
	}
	for a := range llm.Assumptions {
		if q.Assumed.Has(a) {
			c.assumed[a].Add(1)
		}
	}
}

// read notes what a batch brought.
func (c *counters) read(b *spanreader.Batch) {
	c.spans.Add(uint64(b.Spans))
	c.badTimes.Add(uint64(b.BadTimes))
	c.described.Add(uint64(len(b.Described)))
	for i, n := range b.Skipped {
		c.skipped[i].Add(uint64(n))
	}
	c.records.Add(uint64(b.Events.Records))
	for i, n := range b.Events.Skipped {
		c.skippedRecords[i].Add(uint64(n))
	}
	if len(b.Dismissed) > 0 {
		c.dismiss(b.Dismissed)
	}
}

// count notes a request that counts.
func (c *counters) count(q *llm.Request) {
	c.requests.Add(1)
	if q.Outcome != llm.Success {
		return
	}
	if q.Number[fact.InputTokens] == llm.Absent && q.Number[fact.OutputTokens] == llm.Absent {
		c.missing[MissingTokens][q.Emitter+1].Add(1)
	}
	if q.Number[fact.TTFT] == llm.Absent && (q.Stream == llm.Streamed || q.Layer == llm.Server) {
		c.missing[MissingTTFT][q.Emitter+1].Add(1)
	}
}
