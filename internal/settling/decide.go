// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// mostTries is the time, in Options.Unfinished, for which a request is held whose attempts follow each other.
const mostTries = 5

// Decide sets Held on all requests of groups that were taken whose neighbourhood has to wait for longer. The forest has related
// them.
func (t *Table) Decide(now time.Duration, taken *Taken, forest *correlate.Forest) {
	var settled [Reasons]uint64
	taken.neighbourhoods = append(taken.neighbourhoods[:0], make([]neighbourhood, len(taken.Described))...)
	for i, arrived := range taken.arrived {
		n := &taken.neighbourhoods[forest.Neighbourhood(int32(i))]
		if n.requests == 0 {
			n.oldest, n.youngest = arrived, arrived
		}
		n.requests++
		n.oldest, n.youngest = min(n.oldest, arrived), max(n.youngest, arrived)
		n.unfinished = n.unfinished || taken.Described[i].Unfinished()
		n.tries = n.tries || taken.Described[i].Duplicate == llm.Attempt
		// What lies around a request has not come by itself: its caller's span, from another process, comes later.
		forest.Around(int32(i), func(connector int32) { n.youngest = max(n.youngest, taken.around[connector]) })
	}
	for i, arrived := range taken.staged {
		if of := forest.Staged(i); of >= 0 {
			n := &taken.neighbourhoods[forest.Neighbourhood(of)]
			n.youngest = max(n.youngest, arrived)
		}
	}
	for g := range taken.groups {
		group := &taken.groups[g]
		for i := group.from; i < group.to; i++ {
			n := &taken.neighbourhoods[forest.Neighbourhood(int32(i))]
			until, reason := n.youngest+t.options.Wait, Due
			since, latest := n.oldest, n.oldest+t.options.Unfinished+t.options.Wait
			if n.tries {
				since, latest = n.youngest, latest+(mostTries-1)*t.options.Unfinished
			}
			if n.unfinished && since+t.options.Unfinished > until {
				until, reason = since+t.options.Unfinished, Waited
			}
			if until > latest {
				until, reason = latest, Waited
			}
			switch {
			case taken.reason != Due:
				settled[taken.reason]++
			case until <= now:
				settled[reason]++
			default:
				taken.Described[i].Held = true
				if group.look == 0 || until < group.look {
					group.look = until
				}
			}
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for reason, n := range settled {
		t.stats.Settled[reason] += n
	}
	for g := range taken.groups {
		group := &taken.groups[g]
		for i := group.from; i < group.to; i++ {
			taken.kinds = append(taken.kinds, t.kindOf(taken, i))
		}
	}
}

// kindOf returns the kind of a request of a group that is no longer held.
func (t *Table) kindOf(taken *Taken, i int) Kind {
	q := &taken.Described[i]
	if q.Held || !taken.lonely(i) {
		return Kind{}
	}
	return t.kinds.still(t.nodes.at(taken.nodes[i]).kind, q)
}
