// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

func (t *Table) newGroup(trace *pcommon.TraceID, hash uint64) uint32 {
	number := t.groups.take()
	*t.groups.at(number) = group{}
	t.addKey(number, traceKey, halvesOf(trace), uint32(hash))
	return number
}

// groupOf returns the group of a trace, 0 if nothing of it is held. A request that was alone becomes the first one of a group.
func (t *Table) groupOf(own owner, trace *pcommon.TraceID, hash uint64) uint32 {
	if own.node == 0 {
		return own.group
	}
	n := t.nodes.at(own.node)
	t.disown(own.node, n)
	number := t.newGroup(trace, hash)
	t.addTo(number, own.node, n.arrived)
	t.moveBeside(n, t.groups.at(number))
	t.lookAt(number, n.latest+t.options.Wait)
	return number
}

// addTo makes a node the last of a group.
func (t *Table) addTo(number, place uint32, now time.Duration) {
	g := t.groups.at(number)
	if g.last == 0 {
		g.first = place
	} else {
		t.nodes.at(g.last).next = place
	}
	g.last = place
	g.nodes++
	g.latest = max(g.latest, now)
}

// addBetween returns one more span between the requests of a group.
func (t *Table) addBetween(g *group) *between {
	place := t.between.take()
	s := t.between.at(place)
	*s = between{next: g.between}
	g.between = place
	g.spans++
	return s
}

// join makes one group of two and returns it. Neither is taken.
func (t *Table) join(a, b uint32) uint32 {
	to, from := t.groups.at(a), t.groups.at(b)
	t.leave(b)
	look := from.look
	if from.first != 0 {
		if to.last == 0 {
			to.first = from.first
		} else {
			t.nodes.at(to.last).next = from.first
		}
		to.last = from.last
	}
	to.nodes += from.nodes
	to.spans += from.spans
	to.latest = max(to.latest, from.latest)
	to.lasting, to.counted, to.joining = to.lasting || from.lasting, to.counted || from.counted, to.joining || from.joining
	for at := from.between; at != 0; {
		s := t.between.at(at)
		next := s.next
		s.next, to.between = to.between, at
		at = next
	}
	for at := from.keys; at != 0; {
		k := t.keys.at(at)
		next := k.next
		k.group, k.next, to.keys = a, to.keys, at
		at = next
	}
	t.groups.giveBack(b)
	t.lookAt(a, look)
	return a
}

// moveBeside makes the ordinary spans beside a request those of a group.
func (t *Table) moveBeside(n *node, g *group) {
	for at := n.beside; at != 0; at = t.beside.at(at).place() {
		o := t.beside.at(at)
		s := t.addBetween(g)
		s.trace, s.arrived, s.kind = n.trace, o.arrival(n), bare
		s.span, s.parent, s.hop = o.span, o.parent, o.hop()
		g.latest = max(g.latest, s.arrived)
	}
	t.clearBeside(n)
}

// leaveBeside lets go of what lies beside a request that is counted. What came after all that lies around the request may lie
// around one that comes now. So it stays for a while.
func (t *Table) leaveBeside(n *node, reason Reason) {
	if last := t.beside.at(n.beside).arrival(n); last <= n.latest || reason != Due {
		t.clearBeside(n)
		return
	}
	number := t.newGroup(&n.trace, t.traceHash(&n.trace))
	g := t.groups.at(number)
	g.counted = true
	t.moveBeside(n, g)
	t.lookAt(number, g.latest+t.options.Wait)
}
