// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// owner is what holds a trace or an id: a group, or the node of a request that is alone. The zero owner is nobody.
//
// In the index, an owner is
//
//	 31                30                        0
//	+-----------------+---------------------------+
//	| is it a node?   | place of a key or a node  |
//	+-----------------+---------------------------+
type owner struct{ group, node uint32 }

const isNode = 1 << 31

// ownerOf returns what holds a trace.
func (t *Table) ownerOf(trace *pcommon.TraceID, hash uint64) owner {
	own, _ := t.find(traceKey, halvesOf(trace), uint32(hash))
	return own
}

// find returns what holds a key. If nobody does, it returns the slot of the index where that would be.
func (t *Table) find(kind keyKind, id halves, tag uint32) (own owner, free uint32) {
	slots := t.owners.slots
	if len(slots) == 0 {
		return owner{}, 0
	}
	mask := uint32(len(slots) - 1)
	for at := tag & mask; ; at = (at + 1) & mask {
		s := slots[at]
		switch {
		case s.place == 0:
			return owner{}, at
		case s.tag != tag:
		case s.place&isNode != 0:
			if place := s.place &^ isNode; kind == traceKey && halvesOf(&t.nodes.at(place).trace) == id {
				return owner{node: place}, 0
			}
		default:
			if k := t.keys.at(s.place); k.id == id && k.kind == kind {
				return owner{group: k.group}, 0
			}
		}
	}
}

// addKey makes a group hold a trace or an id that nothing holds.
func (t *Table) addKey(to uint32, kind keyKind, id halves, tag uint32) {
	g := t.groups.at(to)
	place := t.keys.take()
	*t.keys.at(place) = key{id: id, kind: kind, tag: tag, group: to, next: g.keys}
	g.keys = place
	t.owners.add(tag, place)
	if kind == traceKey {
		t.holding.come(tag)
	}
}

// removeKeys makes a group hold nothing.
func (t *Table) removeKeys(g *group) {
	for at := g.keys; at != 0; {
		k := t.keys.at(at)
		if k.kind == traceKey {
			t.holding.left++
		}
		t.owners.remove(k.tag, at)
		t.keys.giveBack(at)
		at = k.next
	}
}

// stand makes a node the owner of its trace, which nothing holds, at a free slot of the index. It becomes the last of the requests
// that are alone.
func (t *Table) stand(place uint32, n *node, tag, free uint32) {
	t.owners.addAt(free, tag, place|isNode)
	t.holding.come(tag)
	n.latest = n.arrived
	t.append(&t.alone, place, n)
}

// append makes a node the last of a queue.
func (t *Table) append(q *queue, place uint32, n *node) {
	n.previous, n.next = q.last, 0
	if q.last == 0 {
		q.first = place
	} else {
		t.nodes.at(q.last).next = place
	}
	q.last = place
}

// unlink takes a node out of a queue.
func (t *Table) unlink(q *queue, n *node) {
	if n.previous == 0 {
		q.first = n.next
	} else {
		t.nodes.at(n.previous).next = n.next
	}
	if n.next == 0 {
		q.last = n.previous
	} else {
		t.nodes.at(n.next).previous = n.previous
	}
	n.previous, n.next = 0, 0
}

// disown makes a node that is alone own nothing. It stays where it is.
func (t *Table) disown(place uint32, n *node) {
	tag := uint32(t.traceHash(&n.trace))
	t.owners.remove(tag, place|isNode)
	t.holding.left++
	if n.late {
		t.unlink(&t.unfinished, n)
	} else {
		t.unlink(&t.alone, n)
	}
}
