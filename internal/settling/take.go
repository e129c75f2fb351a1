// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// Taken are copies of groups that may be settled: all their requests, as they were read, and the spans between them. It is meant to
// be used again. Texts in it are valid until Release.
type Taken struct {
	copies

	reason Reason
	groups []takenGroup
	// nodes, arrived and the sizes of groups are those of the requests, in their order.
	nodes   []uint32
	arrived []time.Duration
	sizes   []int32

	// neighbourhoods are those of the requests that are their first.
	neighbourhoods []neighbourhood
}

// takenGroup is a group and the range of its requests.
type takenGroup struct {
	group    uint32
	from, to int
	// look is when it is to be looked at again.
	look time.Duration
}

// neighbourhood is requests that describe one call.
type neighbourhood struct {
	oldest, youngest time.Duration
	requests         int
	unfinished       bool
}

const (
	// takenAtOnce is the number of requests from which on no further groups are taken.
	takenAtOnce = 256
	// freedAtOnce is that number where there is no room for more: few, since a sender waits.
	freedAtOnce = 64
)

// NewTaken returns an empty Taken for resources of a number of values.
func NewTaken(stride int) *Taken {
	t := &Taken{}
	t.Stride = stride
	return t
}

func (t *Taken) reset() {
	t.copies.reset()
	t.groups, t.nodes, t.arrived, t.sizes = t.groups[:0], t.nodes[:0], t.arrived[:0], t.sizes[:0]
}

// alone reports whether a request, by its index, is the only one of its group.
func (t *Taken) alone(index int) bool { return t.sizes[index] == 1 }

// Take copies some of the groups that are to be looked at for a reason, and reports whether there were any. For Due these are
// the groups whose time has come, for Full those that stand in the way of others, for Stopped all. Decide and Release have to
// follow.
func (t *Table) Take(reason Reason, now time.Duration, to *Taken) bool {
	to.reset()
	to.reason = reason
	t.mu.Lock()
	defer t.mu.Unlock()
	now = t.at(now)
	if reason == Full {
		for len(t.full) > 0 && len(to.Described) < freedAtOnce {
			number := t.full[len(t.full)-1]
			t.full = t.full[:len(t.full)-1]
			if g := t.groups.at(number); g.full && g.slot != 0 {
				t.leave(number)
				t.copy(number, to)
			}
		}
		if len(to.groups) > 0 || !t.pressed() {
			return len(to.groups) > 0
		}
	}
	until := int64(now / t.tick)
	most := takenAtOnce
	if reason != Due {
		until = t.looked + int64(len(t.wheel)) - 1
		if reason == Full {
			most = freedAtOnce
		}
	}
	for tick := t.looked + 1; tick <= until && len(to.Described) < most && len(to.groups) < most; {
		slot := tick % int64(len(t.wheel))
		number := t.wheel[slot].first
		if number == 0 {
			if reason == Due {
				t.looked = tick
			}
			tick++
			continue
		}
		t.leave(number)
		t.copy(number, to)
	}
	return len(to.groups) > 0
}

// copy copies a group, which is not in the wheel.
func (t *Table) copy(number uint32, to *Taken) {
	g := t.groups.at(number)
	g.taken, g.look = true, 0
	from := len(to.Described)
	for at := g.first; at != 0; {
		n := t.nodes.at(at)
		t.unpack(n, &to.copies)
		to.nodes, to.arrived, to.sizes = append(to.nodes, at), append(to.arrived, n.arrived), append(to.sizes, g.nodes)
		at = n.next
	}
	to.groups = append(to.groups, takenGroup{group: number, from: from, to: len(to.Described)})
	if g.first == 0 {
		return
	}
	for at := g.between; at != 0; {
		s := t.between.at(at)
		if s.kind == stage {
			to.Stages = append(to.Stages, correlate.Stage{Trace: s.trace, Parent: s.parent, Length: s.length, End: s.end})
		} else {
			to.Connectors = append(to.Connectors, correlate.Connector{
				Trace: s.trace, Span: s.span, Parent: s.parent, Model: t.texts.text(s.model), Separates: s.separates, Bare: s.kind == bare,
				Runs: s.runs, Hop: s.hop, Class: s.class,
			})
		}
		at = s.next
	}
}

// Decide sets Held on all requests that were taken whose neighbourhood has to wait for longer. The forest has related them.
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
	}
	for g := range taken.groups {
		group := &taken.groups[g]
		for i := group.from; i < group.to; i++ {
			n := &taken.neighbourhoods[forest.Neighbourhood(int32(i))]
			until, reason := n.youngest+t.options.Wait, Due
			if n.unfinished && n.oldest+t.options.Unfinished > until {
				until, reason = n.oldest+t.options.Unfinished, Waited
			}
			if latest := n.oldest + t.options.Unfinished + t.options.Wait; until > latest {
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
}

// Release lets go of the requests that were taken and are not Held.
func (t *Table) Release(now time.Duration, taken *Taken) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now = t.at(now)
	for i := range taken.groups {
		t.releaseGroup(now, taken, &taken.groups[i])
	}
}

func (t *Table) releaseGroup(now time.Duration, taken *Taken, of *takenGroup) {
	g := t.groups.at(of.group)
	g.taken, g.full = false, false
	settled := 0
	for i := of.from; i < of.to; i++ {
		if !taken.Described[i].Held {
			settled++
		}
	}
	stays := int(g.nodes) > settled
	// What came meanwhile follows those that were taken.
	last := uint32(0)
	for i, at := of.from, g.first; i < of.to; i++ {
		n := t.nodes.at(at)
		next := n.next
		if taken.Described[i].Held {
			last = at
		} else {
			if last == 0 {
				g.first = next
			} else {
				t.nodes.at(last).next = next
			}
			if g.last == at {
				g.last = last
			}
			t.settle(g, n, stays)
			t.nodes.giveBack(at)
			g.nodes--
		}
		at = next
	}
	if g.nodes == 0 && (now >= g.latest+t.options.Wait || taken.reason != Due) {
		t.forget(of.group)
		return
	}
	t.prune(g, now-t.keep)
	look := of.look
	if g.look != 0 && (look == 0 || g.look < look) {
		look = g.look
	}
	if look == 0 {
		look = g.latest + t.options.Wait
	}
	g.look = 0
	t.lookAt(of.group, look)
}

// settle lets go of a node. Where others of its group stay its span does, too, as one between requests.
func (t *Table) settle(g *group, n *node, stays bool) {
	if stays && !n.span.IsEmpty() && t.between.used < t.options.Spans {
		place := t.between.take()
		model := n.texts[requestModelColumn]
		if model == 0 {
			model = n.texts[responseModelColumn]
		}
		*t.between.at(place) = between{
			trace: n.trace, span: n.span, parent: n.parent, arrived: n.arrived, kind: bare, model: t.texts.again(model), next: g.between,
			hop: correlate.Hop{Serves: n.flags.has(serves), Remote: n.flags.has(remote)}, class: n.class,
		}
		g.between = place
		g.spans++
	}
	t.release(n)
}

// prune forgets the spans between requests that came before a time.
func (t *Table) prune(g *group, before time.Duration) {
	at := &g.between
	for *at != 0 {
		place := *at
		s := t.between.at(place)
		if s.arrived >= before {
			at = &s.next
			continue
		}
		*at = s.next
		t.texts.release(s.model)
		t.between.giveBack(place)
		g.spans--
	}
}

// forget gives a group back that has no requests.
func (t *Table) forget(number uint32) {
	g := t.groups.at(number)
	t.prune(g, t.newest+1)
	for at := g.keys; at != 0; {
		k := t.keys.at(at)
		if k.kind == traceKey {
			t.holding[k.tag%holdingCounts].Add(-1)
		}
		t.keyIndex.remove(k.tag, at)
		t.keys.giveBack(at)
		at = k.next
	}
	t.groups.giveBack(number)
}
