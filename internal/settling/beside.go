// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// ordinary is an ordinary span beside a request that is alone in its trace. With these alone, a request needs no forest. They
// decide how long it waits: what lies around it has not come by itself, since its caller's span comes from another process.
type ordinary struct {
	span, parent pcommon.SpanID
	// after is how long after its request the span came, in microseconds. It is at most 71 minutes.
	after uint32
	before
}

// before leads to the ordinary span of the request that came before. It is
//
//	 31       30       29               0
//	+--------+--------+------------------+
//	| Remote | Serves | place, 0 is none |
//	| of the span's hop |                |
//	+--------+--------+------------------+
type before uint32

const (
	hopRemote before = 1 << 31
	hopServes before = 1 << 30
	beforeBit before = hopServes - 1
)

func (b before) place() uint32 { return uint32(b & beforeBit) }

func (b before) hop() correlate.Hop {
	return correlate.Hop{Serves: b&hopServes != 0, Remote: b&hopRemote != 0}
}

// maxBeside is the number of ordinary spans up to which a request stays alone.
const maxBeside = 16

// arrival is when an ordinary span beside a request came.
func (o *ordinary) arrival(n *node) time.Duration {
	return n.arrived + time.Duration(o.after)*time.Microsecond
}

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

// liesAround reports whether correlate.Forest.Around leads from a request to an ordinary span beside it.
func (t *Table) liesAround(n *node, span *ordinary) bool {
	above := n.parent
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
// around one that comes now, and stays for as long as that may take.
func (t *Table) leaveBeside(n *node, reason Reason) {
	if last := t.beside.at(n.beside).arrival(n); last <= n.latest || reason != Due {
		t.clearBeside(n)
		return
	}
	number := t.newGroup(n.trace, t.traceHash(n.trace))
	g := t.groups.at(number)
	g.counted = true
	t.moveBeside(n, g)
	t.lookAt(number, g.latest+t.options.Wait)
}
