// SPDX-License-Identifier: Apache-2.0

package settling

import "time"

// lookAt makes sure that a group is looked at by a time.
func (t *Table) lookAt(number uint32, when time.Duration) {
	g := t.groups.at(number)
	if g.taken {
		if g.look == 0 || when < g.look {
			g.look = when
		}
		return
	}
	if g.slot != 0 {
		if g.look <= when {
			return
		}
		t.leave(number)
	}
	g.look = when
	// A group is looked at in the tick that ends at its time or after it.
	tick := max(int64((when+t.tick-1)/t.tick), t.looked+1)
	slot := int(min(tick, t.looked+int64(len(t.wheel))-1) % int64(len(t.wheel)))
	q := &t.wheel[slot]
	g.slot, g.previous, g.next = int32(slot)+1, q.last, 0
	if q.last == 0 {
		q.first = number
	} else {
		t.groups.at(q.last).next = number
	}
	q.last = number
}

// leave takes a group out of the wheel.
func (t *Table) leave(number uint32) {
	g := t.groups.at(number)
	if g.slot == 0 {
		return
	}
	q := &t.wheel[g.slot-1]
	if g.previous != 0 {
		t.groups.at(g.previous).next = g.next
	} else {
		q.first = g.next
	}
	if g.next != 0 {
		t.groups.at(g.next).previous = g.previous
	} else {
		q.last = g.previous
	}
	g.slot, g.next, g.previous = 0, 0, 0
}
