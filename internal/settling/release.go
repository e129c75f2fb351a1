// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"time"
)

// Release lets go of the requests that were taken and are not Held.
func (t *Table) Release(now time.Duration, taken *Taken) {
	t.mu.Lock()
	defer t.unlock()
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
	if stays && !n.span.IsEmpty() && t.spans() < t.options.Spans {
		s, k := t.addBetween(g), t.kinds.entries.at(n.kind)
		s.trace, s.span, s.parent, s.arrived, s.kind = n.trace, n.span, n.parent, n.arrived, bare
		s.model, s.hop, s.class = t.texts.hold(k.model()), k.hop, k.class
		g.joining = true
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
