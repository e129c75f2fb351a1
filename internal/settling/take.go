// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"slices"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Taken are copies of groups that may be settled. They have all their requests, as they were read, and the spans between them. It
// is meant to be used again. Texts in it are valid until Release.
type Taken struct {
	copies

	reason Reason
	// alone is set if all requests are alone in their traces, so that there are no groups.
	alone bool
	// apart is set if nothing that was taken has to be related.
	apart  bool
	groups []takenGroup
	// kinds are those of the requests, the zero Kind for what relations changed.
	kinds []Kind
	// nodes, arrived and the sizes of groups are those of the requests, in their order.
	nodes   []uint32
	arrived []time.Duration
	sizes   []int32
	// staged are the arrivals of the stages, and around those of the connectors, in their order.
	staged, around []time.Duration

	// neighbourhoods are those of the requests that are their first.
	neighbourhoods []neighbourhood
}

// takenGroup is a group and the range of its requests.
type takenGroup struct {
	group    uint32
	from, to int
	// apart is set if nothing of it has to be related. Then youngest is the last arrival of its request and of what lies around that.
	apart    bool
	youngest time.Duration
	// look is when it is to be looked at again.
	look time.Duration
}

// neighbourhood is requests that describe one call.
type neighbourhood struct {
	oldest, youngest time.Duration
	requests         int
	unfinished       bool
	// tries is set if an attempt followed one that failed, so that further ones may follow.
	tries bool
}

const (
	// takenAtOnce is the number of requests from which on no further groups are taken.
	takenAtOnce = 256
	// freedAtOnce is that number where there is no room for more: few, since a sender waits.
	freedAtOnce = 64
	// mostTries is the time, in Options.Unfinished, for which a request is held whose attempts follow each other.
	mostTries = 5
)

// NewTaken returns an empty Taken for resources of a number of values.
func NewTaken(stride int) *Taken {
	t := &Taken{}
	t.Stride = stride
	return t
}

func (t *Taken) reset() {
	t.copies.reset()
	t.alone, t.apart, t.kinds = false, true, t.kinds[:0]
	t.groups, t.nodes, t.arrived, t.sizes, t.staged = t.groups[:0], t.nodes[:0], t.arrived[:0], t.sizes[:0], t.staged[:0]
	t.around = t.around[:0]
}

// Alone reports whether each request is alone in its trace: nothing needs to be related, and nothing waits for longer.
func (t *Taken) Alone() bool { return t.alone }

// Apart reports whether nothing needs to be related. Each request is the only one of its trace then, with ordinary spans at most.
func (t *Taken) Apart() bool { return t.apart }

// Kind returns the kind of a request, by its index; the zero Kind if it took something from others.
func (t *Taken) Kind(index int) Kind { return t.kinds[index] }

// lonely reports whether a request, by its index, is the only one of its group.
func (t *Taken) lonely(index int) bool { return t.alone || t.sizes[index] == 1 }

// Take copies some of the requests that are to be looked at for a reason. It reports whether there were any. For Due these are
// those whose time has come. For Full they are those that stand in the way of others, for Stopped all. It takes requests that are
// alone, or groups. Decide, unless they are alone, and Release have to follow. So has the forest to relate them before, unless they
// are apart.
func (t *Table) Take(reason Reason, now time.Duration, to *Taken) bool {
	to.reset()
	to.reason = reason
	t.mu.Lock()
	defer t.mu.Unlock()
	now = t.at(now)
	t.takes++
	to.number = t.takes
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
	until, most := now, takenAtOnce
	switch reason {
	case Full:
		until, most = t.firstLook(), freedAtOnce
	case Stopped:
		until = math.MaxInt64
	default:
	}
	return t.takeAlone(until, most, to) || t.takeGroups(now, most, to)
}

// firstLook returns when the first group is to be looked at.
func (t *Table) firstLook() time.Duration {
	for tick := t.looked + 1; tick < t.looked+int64(len(t.wheel)); tick++ {
		if t.wheel[tick%int64(len(t.wheel))].first != 0 {
			return time.Duration(tick) * t.tick
		}
	}
	return math.MaxInt64
}

// takeAlone takes requests that are alone whose time comes until one, the first ones first.
func (t *Table) takeAlone(until time.Duration, most int, to *Taken) bool {
	for len(to.Described) < most {
		place, reason := t.alone.first, Due
		due := time.Duration(math.MaxInt64)
		if place != 0 {
			due = t.nodes.at(place).arrived + t.options.Wait
		}
		if late := t.unfinished.first; late != 0 {
			if at := t.nodes.at(late).arrived + max(t.options.Unfinished, t.options.Wait); at < due {
				place, due, reason = late, at, Waited
			}
		}
		if place == 0 || due > until {
			break
		}
		n := t.nodes.at(place)
		if n.unfinished && !n.late {
			t.unlink(&t.alone, n)
			n.late = true
			t.append(&t.unfinished, place, n)
			continue
		}
		t.disown(place, n)
		t.unpack(n, &to.copies)
		to.nodes, to.kinds = append(to.nodes, place), append(to.kinds, Kind{n.kind, t.kinds.entries.at(n.kind).generation})
		if to.reason != Due {
			reason = to.reason
		}
		t.stats.Settled[reason]++
	}
	to.alone = len(to.Described) > 0
	return to.alone
}

// takeGroups takes groups, those that are to be looked at first before the others.
func (t *Table) takeGroups(now time.Duration, most int, to *Taken) bool {
	until := int64(now / t.tick)
	if to.reason != Due {
		until = t.looked + int64(len(t.wheel)) - 1
	}
	for tick := t.looked + 1; tick <= until && len(to.Described) < most && len(to.groups) < most; {
		slot := tick % int64(len(t.wheel))
		number := t.wheel[slot].first
		if number == 0 {
			if to.reason == Due {
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
	taken := takenGroup{group: number, from: from, to: len(to.Described), apart: t.isApart(g)}
	if taken.apart && g.nodes > 0 {
		taken.youngest = t.arrivedAround(g, t.nodes.at(g.first))
	}
	to.groups = append(to.groups, taken)
	if taken.apart {
		return
	}
	to.apart = false
	for at := g.between; at != 0; {
		s := t.between.at(at)
		if s.kind == stage {
			to.Stages = append(to.Stages, correlate.Stage{Trace: s.trace, Parent: s.parent, Length: s.length, End: s.end})
			to.staged = append(to.staged, s.arrived)
		} else {
			to.Connectors = append(to.Connectors, correlate.Connector{
				Trace: s.trace, Span: s.span, Parent: s.parent, Model: t.texts.text(s.model), Separates: s.separates, Bare: s.kind == bare,
				Runs: s.runs, Hop: s.hop, Class: s.class, Service: s.service,
			})
			to.around = append(to.around, s.arrived)
		}
		at = s.next
	}
}

// spansApart is the number of spans beside a request up to which those around it are found without a forest.
const spansApart = 16

// isApart reports whether a group needs no forest. It has no more than one request, which succeeded, and few other spans, all
// ordinary ones. What failed may be an attempt, and then it matters whether its parent came.
func (t *Table) isApart(g *group) bool {
	if g.nodes > 1 || g.joining || g.spans > spansApart {
		return false
	}
	if g.nodes == 0 {
		return true
	}
	k := t.kinds.entries.at(t.nodes.at(g.first).kind)
	return k.outcome == llm.Success && !k.traits.Has(emitter.GlobalIDs)
}

// arrivedAround returns the last arrival of a request and of the spans around it that correlate.Forest.Around leads to.
func (t *Table) arrivedAround(g *group, n *node) time.Duration {
	last, above := n.arrived, n.parent
	for range spansApart {
		if above.IsEmpty() {
			break
		}
		var around *between
		hop := correlate.Hop{}
		for at := g.between; at != 0; {
			s := t.between.at(at)
			at = s.next
			if s.span != above || s.trace != n.trace {
				continue
			}
			if around == nil {
				around = s
			}
			hop.Serves, hop.Remote = hop.Serves || s.hop.Serves, hop.Remote || s.hop.Remote
		}
		if around == nil {
			break
		}
		last = max(last, around.arrived)
		if hop != (correlate.Hop{}) {
			break
		}
		if parent := around.parent; above != n.span || slices.Compare(n.parent[:], parent[:]) < 0 {
			above = parent
		} else {
			above = n.parent
		}
	}
	return last
}

// neighbourhood returns the first request of that of a request.
func (t *Taken) neighbourhood(forest *correlate.Forest, i int) int {
	if t.apart {
		return i
	}
	return int(forest.Neighbourhood(int32(i)))
}

// Decide sets Held on all requests that were taken whose neighbourhood has to wait for longer. The forest has related them, unless
// they are apart.
func (t *Table) Decide(now time.Duration, taken *Taken, forest *correlate.Forest) {
	var settled [Reasons]uint64
	taken.neighbourhoods = append(taken.neighbourhoods[:0], make([]neighbourhood, len(taken.Described))...)
	for i, arrived := range taken.arrived {
		n := &taken.neighbourhoods[taken.neighbourhood(forest, i)]
		if n.requests == 0 {
			n.oldest, n.youngest = arrived, arrived
		}
		n.requests++
		n.oldest, n.youngest = min(n.oldest, arrived), max(n.youngest, arrived)
		n.unfinished = n.unfinished || taken.Described[i].Unfinished()
		n.tries = n.tries || taken.Described[i].Duplicate == llm.Attempt
		// What lies around a request has not come by itself: its caller's span, from another process, comes later.
		if !taken.apart {
			forest.Around(int32(i), func(connector int32) { n.youngest = max(n.youngest, taken.around[connector]) })
		}
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
			n := &taken.neighbourhoods[taken.neighbourhood(forest, i)]
			n.youngest = max(n.youngest, group.youngest)
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
			taken.kinds = append(taken.kinds, t.kindOf(taken, group, i))
		}
	}
}

// kindOf returns the kind of a request of a group that is no longer held.
func (t *Table) kindOf(taken *Taken, of *takenGroup, i int) Kind {
	q, number := &taken.Described[i], t.nodes.at(taken.nodes[i]).kind
	switch {
	case q.Held || !taken.lonely(i):
		return Kind{}
	case of.apart:
		return Kind{number, t.kinds.entries.at(number).generation}
	default:
		return t.kinds.still(number, q)
	}
}

// Release lets go of the requests that were taken and are not Held.
func (t *Table) Release(now time.Duration, taken *Taken) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now = t.at(now)
	if taken.alone {
		for _, place := range taken.nodes {
			t.release(t.nodes.at(place))
			t.nodes.giveBack(place)
		}
	}
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
	g.counted = g.counted || settled > 0
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
	// What a later request takes waits for it as long as an unfinished one.
	until := g.latest + t.options.Wait
	if g.lasting && !g.counted {
		until = g.latest + t.keep
	}
	if g.nodes == 0 && (now >= until || taken.reason != Due) {
		t.forget(of.group)
		return
	}
	t.prune(g, now-t.keep)
	look := of.look
	if g.look != 0 && (look == 0 || g.look < look) {
		look = g.look
	}
	if look == 0 {
		look = until
	}
	g.look = 0
	t.lookAt(of.group, look)
}

// settle lets go of a node. Where others of its group stay its span does, too, as one between requests.
func (t *Table) settle(g *group, n *node, stays bool) {
	if stays && !n.span.IsEmpty() && t.between.used < t.options.Spans {
		place, k := t.between.take(), t.kinds.entries.at(n.kind)
		*t.between.at(place) = between{
			trace: n.trace, span: n.span, parent: n.parent, arrived: n.arrived, kind: bare, model: t.texts.hold(k.model()), next: g.between,
			hop: k.hop(), class: k.class,
		}
		g.between, g.joining = place, true
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
	t.removeKeys(g)
	t.groups.giveBack(number)
}
