// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math"
	"math/bits"
	"time"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// inline is the number of known numbers that a node has room for; most requests have fewer.
const inline = 8

// node is a request that is held as it was read, without pointers. What it shares with others is its kind; its texts and what few
// have are numbers.
type node struct {
	trace        pcommon.TraceID
	span, parent pcommon.SpanID
	start, end   pcommon.Timestamp
	arrived      time.Duration
	// latest is when the request or the last ordinary span around it came, while it is alone.
	latest time.Duration
	// id is the hash of the request's id, 0 if it has none.
	id      uint64
	numbers [inline]float64
	// known has a bit for each number that is known, the first of which are numbers.
	known          uint32
	kind           uint32
	names          uint32
	extra          uint32
	next, previous uint32 // of its group or of the requests that are alone
	// beside is the last of the ordinary spans beside a request that is alone, besides their number.
	beside  uint32
	besides uint8
	// unfinished is set if a request that is alone shows that something is to come. late is set once it is among those that wait
	// for that.
	unfinished, late bool
}

// names are the numbers of the texts of a request that are no part of its kind. Most have none.
type names struct{ call, user, session uint32 }

// extra is what few requests have. Its memory is used again.
type extra struct {
	// more are the known numbers beyond inline.
	more        []float64
	userNumbers []float64
	gaps        []float64
	queueBegan  pcommon.Timestamp
	retryTime   float64
	modalities  llm.ModalityTokens
	modal       bool
}

// bytes is the size of what the extra refers to.
func (x *extra) bytes() int { return 8 * (len(x.more) + len(x.userNumbers) + len(x.gaps)) }

// store keeps what nodes hold beside their numbers.
type store struct {
	kinds  kinds
	names  slab[names]
	extras slab[extra]
	texts  pool
	places places
	// extraBytes is the size of what the extras refer to.
	extraBytes int
}

// copies are requests that were unpacked.
type copies struct {
	correlate.Batch
	// number distinguishes the copies of one time from those of others.
	number      uint64
	dimensions  []attr.Value
	userNumbers []float64
	// numbers are those of a request that has more than are inline.
	numbers []float64
}

// add returns one more request to fill in, which is all zero. It is cleared when it is used again, while its memory is at hand.
// Until then it holds on to texts of kinds.
func (c *copies) add() *correlate.Request {
	n := len(c.Described)
	if n == cap(c.Described) || n == cap(c.Requests) {
		return c.Add()
	}
	c.Described, c.Requests = c.Described[:n+1], c.Requests[:n+1]
	q, about := &c.Described[n], &c.Requests[n]
	*about = llm.Request{}
	*q = correlate.Request{}
	q.Request = about
	return q
}

func (c *copies) reset() {
	c.Described, c.Requests = c.Described[:0], c.Requests[:0]
	c.Reset()
	clear(c.dimensions)
	c.dimensions, c.userNumbers = c.dimensions[:0], c.userNumbers[:0]
}

// resource returns the index of a resource.
func (c *copies) resource(number uint32, from *places) int32 {
	p := from.entries.at(number)
	if p.copied != c.number {
		p.copied, p.index = c.number, int32(len(c.Resources)/max(c.Stride, 1))
		c.Resources = append(c.Resources, p.values...)
	}
	return p.index
}

// pack fills in a node from a request of a batch, whose resource has a number.
func (s *store) pack(n *node, b *correlate.Batch, q *correlate.Request, place uint32) {
	n.trace, n.span, n.parent, n.start, n.end, n.id = q.TraceID, q.SpanID, q.ParentID, q.Start, q.End, q.IDHash()
	n.kind = s.kinds.hold(b, q, &s.places, place)
	n.names, n.extra = 0, 0
	n.next, n.previous, n.beside, n.besides, n.unfinished, n.late = 0, 0, 0, 0, false, false
	if q.Call != "" || q.User != "" || q.Session != "" {
		n.names = s.names.take()
		*s.names.at(n.names) = names{s.texts.own(q.Call), s.texts.hold(q.User), s.texts.hold(q.Session)}
	}
	s.packNumbers(n, q)
	if q.QueueBegan != 0 || q.RetryTime != 0 {
		x := s.extraOf(n)
		x.queueBegan, x.retryTime = q.QueueBegan, q.RetryTime
	}
	if len(q.UserNumbers) > 0 {
		x := s.extraOf(n)
		x.userNumbers = append(x.userNumbers, q.UserNumbers...)
	}
	if gaps := b.ChunkGaps(q.Request); len(gaps) > 0 {
		x := s.extraOf(n)
		x.gaps = append(x.gaps, gaps...)
	}
	if m := b.Modalities(q.Request); m != nil {
		x := s.extraOf(n)
		x.modalities, x.modal = *m, true
	}
	if n.extra != 0 {
		s.extraBytes += s.extras.at(n.extra).bytes()
	}
}

// packNumbers fills in the numbers of a node, which has none and no extra yet.
func (s *store) packNumbers(n *node, q *correlate.Request) {
	// Their bits are compared in less time.
	numbers := (*[fact.Numbers]uint64)(unsafe.Pointer(&q.Number))
	known, at, f := uint32(0), 0, 0
	for ; f < len(numbers); f++ {
		if number := numbers[f]; number != absent && f != int(fact.ServerPort) { // which is the kind's
			if at == inline {
				break
			}
			known |= 1 << f
			n.numbers[at] = math.Float64frombits(number)
			at++
		}
	}
	n.known = known
	for ; f < len(numbers); f++ {
		if number := q.Number[f]; number != llm.Absent && f != int(fact.ServerPort) {
			at = s.keep(n, fact.Fact(f), at, number)
		}
	}
	if q.Total != llm.Absent {
		at = s.keep(n, totalTokens, at, q.Total)
	}
	if q.Spare != 0 {
		at = s.keep(n, spareTokens, at, q.Spare)
	}
	if q.Weight != 1 {
		s.keep(n, weight, at, q.Weight)
	}
}

// absent is the bits of llm.Absent.
const absent = 0xBFF0_0000_0000_0000

// keep makes a number the next one of a node, which has some, and returns how many it has.
func (s *store) keep(n *node, f fact.Fact, at int, number float64) int {
	n.known |= 1 << f
	if at < inline {
		n.numbers[at] = number
	} else {
		x := s.extraOf(n)
		x.more = append(x.more, number)
	}
	return at + 1
}

// extraOf returns the extra of a node, which has one afterwards.
func (s *store) extraOf(n *node) *extra {
	if n.extra != 0 {
		return s.extras.at(n.extra)
	}
	n.extra = s.extras.take()
	x := s.extras.at(n.extra)
	*x = extra{more: x.more[:0], userNumbers: x.userNumbers[:0], gaps: x.gaps[:0]}
	return x
}

// A node also holds the total tokens, the spare ones of these, and the weight where it is not 1.
const (
	totalTokens = fact.Numbers + iota
	spareTokens
	weight
	numbersOfNode
)

// unpack adds the request of a node to what was taken, and returns its kind. Its texts are valid until it is released.
func (s *store) unpack(n *node, to *copies) *kind {
	q, k := to.add(), s.kinds.entries.at(n.kind)
	q.TraceID, q.SpanID, q.ParentID, q.Start, q.End = n.trace, n.span, n.parent, n.start, n.end
	q.Resource = to.resource(k.place, &s.places)
	if n.names != 0 {
		names := s.names.at(n.names)
		q.Call, q.User, q.Session = s.texts.text(names.call), s.texts.text(names.user), s.texts.text(names.session)
	}
	q.IDHashed = true
	if n.id != 0 {
		q.ID = unsafe.String((*byte)(unsafe.Pointer(&n.id)), unsafe.Sizeof(n.id)) // nothing writes to it while the node is held
	}
	k.texts.give(q)
	numbers := n.numbers[:]
	var x *extra
	if n.extra != 0 {
		x = s.extras.at(n.extra)
		if len(x.more) > 0 {
			to.numbers = append(append(to.numbers[:0], numbers...), x.more...)
			numbers = to.numbers
		}
	}
	at := 0
	q.Number, q.Total, q.Weight = llm.NoNumbers, llm.Absent, 1
	for left := n.known & (1<<fact.Numbers - 1); left != 0; left &= left - 1 {
		q.Number[bits.TrailingZeros32(left)] = numbers[at]
		at++
	}
	if n.known >= 1<<fact.Numbers {
		unpackOthers(n.known, numbers[at:], q)
	}
	k.fields.give(q)
	finishes, gaps := int32(len(to.Finishes)), int32(len(to.Gaps))
	if len(k.reasons) == 1 { // Most have one, which takes less than several.
		to.Finishes = append(to.Finishes, k.reasons[0])
	} else {
		to.Finishes = append(to.Finishes, k.reasons...)
	}
	if len(k.dimensions) > 0 {
		from := len(to.dimensions)
		to.dimensions = append(to.dimensions, k.dimensions...)
		q.Dimensions = to.dimensions[from:len(to.dimensions):len(to.dimensions)]
	}
	if x != nil {
		unpackExtra(x, q, to)
	}
	q.FinishRange = [2]int32{finishes, int32(len(to.Finishes))}
	q.GapRange = [2]int32{gaps, int32(len(to.Gaps))}
	return k
}

// unpackOthers gives a request what a node holds beside the numbers of its facts.
func unpackOthers(known uint32, numbers []float64, q *correlate.Request) {
	at := 0
	for f, to := range [...]*float64{&q.Total, &q.Spare, &q.Weight} {
		if known&(1<<(int(totalTokens)+f)) != 0 {
			*to = numbers[at]
			at++
		}
	}
}

func unpackExtra(x *extra, q *correlate.Request, to *copies) {
	q.QueueBegan, q.RetryTime = x.queueBegan, x.retryTime
	to.Gaps = append(to.Gaps, x.gaps...)
	if x.modal {
		to.ModalityTokens = append(to.ModalityTokens, x.modalities)
		q.ModalityIndex = int32(len(to.ModalityTokens))
	}
	if len(x.userNumbers) > 0 {
		from := len(to.userNumbers)
		to.userNumbers = append(to.userNumbers, x.userNumbers...)
		q.UserNumbers = to.userNumbers[from:len(to.userNumbers):len(to.userNumbers)]
	}
}

// release lets go of all that a node holds.
func (s *store) release(n *node) {
	s.kinds.release(n.kind, &s.places)
	if n.names != 0 {
		names := s.names.at(n.names)
		s.texts.release(names.call)
		s.texts.release(names.user)
		s.texts.release(names.session)
		s.names.giveBack(n.names)
	}
	if n.extra != 0 {
		s.extraBytes -= s.extras.at(n.extra).bytes()
		s.extras.giveBack(n.extra)
	}
}
