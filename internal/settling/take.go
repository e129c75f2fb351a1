// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Taken are copies of groups that may be settled. They have all their requests, as they were read, and the spans between them. It
// is meant to be used again. Texts in it are valid until Release.
type Taken struct {
	copies

	reason Reason
	// alone is set if all requests are alone in their traces, so that there are no groups.
	alone  bool
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
)

// NewTaken returns an empty Taken for resources of a number of values.
func NewTaken(stride int) *Taken {
	t := &Taken{}
	t.Stride = stride
	return t
}

func (t *Taken) reset() {
	t.copies.reset()
	t.alone, t.kinds = false, t.kinds[:0]
	t.groups, t.nodes, t.arrived, t.sizes, t.staged = t.groups[:0], t.nodes[:0], t.arrived[:0], t.sizes[:0], t.staged[:0]
	t.around = t.around[:0]
}

// Alone reports whether each request is alone in its trace: nothing needs to be related, and nothing waits for longer.
func (t *Taken) Alone() bool { return t.alone }

// Kind returns the kind of a request, by its index; the zero Kind if it took something from others.
func (t *Taken) Kind(index int) Kind { return t.kinds[index] }

// lonely reports whether a request, by its index, is the only one of its group.
func (t *Taken) lonely(index int) bool { return t.alone || t.sizes[index] == 1 }

// Take copies some of the requests that are to be looked at for a reason. It reports whether there were any. For Due these are
// those whose time has come. For Full they are those that stand in the way of others, for Stopped all. It takes requests that are
// alone, or groups. Groups have to be related by the forest and then to be decided about. Release has to follow.
func (t *Table) Take(reason Reason, now time.Duration, to *Taken) bool {
	to.reset()
	to.reason = reason
	t.mu.Lock()
	defer t.unlock()
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
		var n *node
		due := time.Duration(math.MaxInt64)
		if place != 0 {
			n = t.nodes.at(place)
			due = n.latest + t.options.Wait
		}
		if first := t.unfinished.first; first != 0 {
			late := t.nodes.at(first)
			if at := late.arrived + max(t.options.Unfinished, t.options.Wait); at < due {
				place, n, due, reason = first, late, at, Waited
			}
		}
		if n == nil || due > until {
			break
		}
		if n.unfinished && !n.late {
			t.unlink(&t.alone, n)
			n.late = true
			t.append(&t.unfinished, place, n)
			continue
		}
		t.disown(place, n)
		k := t.unpack(n, &to.copies)
		to.nodes, to.kinds = append(to.nodes, place), append(to.kinds, Kind{n.kind, k.generation})
		if n.beside != 0 {
			t.leaveBeside(n, to.reason)
		}
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
	to.groups = append(to.groups, takenGroup{group: number, from: from, to: len(to.Described)})
	if g.nodes == 0 && !g.joining {
		return // Its spans are ordinary ones, and go.
	}
	for at := g.between; at != 0; {
		s := t.between.at(at)
		if s.kind == stage {
			to.Stages = append(to.Stages, correlate.Stage{Trace: s.trace, Parent: s.parent, Length: s.length, End: s.end})
			to.staged = append(to.staged, s.arrived)
		} else {
			c := correlate.Connector{
				Trace: s.trace, Span: s.span, Parent: s.parent, Model: t.texts.text(s.model), Separates: s.separates, Bare: s.kind == bare,
				Runs: s.runs, Hop: s.hop, Class: s.class, Service: s.service, Outcome: s.outcome, End: s.end,
			}
			if c.Outcome != llm.Success {
				c.Model, c.ErrorType = "", c.Model
			}
			to.Connectors = append(to.Connectors, c)
			to.around = append(to.around, s.arrived)
		}
		at = s.next
	}
}
