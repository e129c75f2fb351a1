// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// maxBeside is the number of ordinary spans up to which a request stays alone.
const maxBeside = 16

// lay puts an ordinary span beside a request that is alone, and reports whether it did.
func (t *Table) lay(n *node, place uint32, o *correlate.Ordinary, now time.Duration) bool {
	// What failed may be an attempt, and then it matters whether its parent came.
	if n.unfinished || n.besides == maxBeside {
		return false
	}
	at := t.beside.take()
	link := before(n.beside)
	if o.Hop.Serves {
		link |= hopServes
	}
	if o.Hop.Remote {
		link |= hopRemote
	}
	s := t.beside.at(at)
	*s = ordinary{span: o.Span, parent: o.Parent, before: link}
	n.beside = at
	n.besides++
	if now != n.arrived {
		s.after = uint32(min((now-n.arrived)/time.Microsecond, math.MaxUint32))
		if now > n.latest && now <= n.arrived+t.options.Unfinished && t.liesAround(n, s) {
			// Nothing is younger, so that it is the last of those that wait.
			t.unlink(&t.alone, n)
			n.latest = now
			t.append(&t.alone, place, n)
		}
	}
	return true
}

// liesAround reports whether correlate.Forest.Around leads from a request to the last ordinary span beside it.
func (t *Table) liesAround(n *node, span *ordinary) bool {
	above := n.parent
	if span.span == above { // most are, and of equal ids the last one stands first
		return !above.IsEmpty()
	}
	for range maxBeside {
		var around *ordinary
		for at := n.beside; at != 0 && around == nil; {
			s := t.beside.at(at)
			if s.span == above {
				around = s
			}
			at = s.place()
		}
		switch {
		case around == nil || above.IsEmpty():
			return false
		case around == span:
			return true
		case around.hop() != correlate.Hop{}:
			return false
		default:
			above = around.parent
		}
	}
	return false
}

// clearBeside forgets the ordinary spans beside a request.
func (t *Table) clearBeside(n *node) {
	for at := n.beside; at != 0; {
		next := t.beside.at(at).place()
		t.beside.giveBack(at)
		at = next
	}
	n.beside, n.besides = 0, 0
}
