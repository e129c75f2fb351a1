// SPDX-License-Identifier: Apache-2.0

package settling

import (
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
}

func (c *copies) reset() {
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
	*n = node{
		trace: q.TraceID, span: q.SpanID, parent: q.ParentID, start: q.Start, end: q.End, id: q.IDHash(),
		kind: s.kinds.hold(b, q, &s.places, place),
	}
	if q.Call != "" || q.User != "" || q.Session != "" {
		n.names = s.names.take()
		*s.names.at(n.names) = names{s.texts.own(q.Call), s.texts.hold(q.User), s.texts.hold(q.Session)}
	}
	var x *extra
	with := func() *extra {
		if x == nil {
			n.extra = s.extras.take()
			x = s.extras.at(n.extra)
			*x = extra{more: x.more[:0], userNumbers: x.userNumbers[:0], gaps: x.gaps[:0]}
		}
		return x
	}
	inlined := 0
	keep := func(f fact.Fact, number float64) {
		n.known |= 1 << f
		if inlined < inline {
			n.numbers[inlined] = number
			inlined++
			return
		}
		x := with()
		x.more = append(x.more, number)
	}
	for f, number := range &q.Number {
		if number != llm.Absent && f != int(fact.ServerPort) { // which is the kind's
			keep(fact.Fact(f), number)
		}
	}
	if q.Total != llm.Absent {
		keep(totalTokens, q.Total)
	}
	if q.Spare != 0 {
		keep(spareTokens, q.Spare)
	}
	if q.Weight != 1 {
		keep(weight, q.Weight)
	}
	if q.QueueBegan != 0 || q.RetryTime != 0 {
		x := with()
		x.queueBegan, x.retryTime = q.QueueBegan, q.RetryTime
	}
	if len(q.UserNumbers) > 0 {
		x := with()
		x.userNumbers = append(x.userNumbers, q.UserNumbers...)
	}
	if gaps := b.ChunkGaps(q.Request); len(gaps) > 0 {
		x := with()
		x.gaps = append(x.gaps, gaps...)
	}
	if m := b.Modalities(q.Request); m != nil {
		x := with()
		x.modalities, x.modal = *m, true
	}
	if x != nil {
		s.extraBytes += x.bytes()
	}
}

// A node also holds the total tokens, the spare ones of these, and the weight where it is not 1.
const (
	totalTokens = fact.Numbers + iota
	spareTokens
	weight
	numbersOfNode
)

// unpack adds the request of a node to what was taken. Its texts are valid until it is released.
func (s *store) unpack(n *node, to *copies) {
	q, k := to.Add(), s.kinds.entries.at(n.kind)
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
	var x *extra
	if n.extra != 0 {
		x = s.extras.at(n.extra)
	}
	q.Number, q.Total, q.Weight = llm.NoNumbers, llm.Absent, 1
	at := 0
	for left := n.known; left != 0; left &= left - 1 {
		var number float64
		if at < inline {
			number = n.numbers[at]
		} else {
			number = x.more[at-inline]
		}
		at++
		switch f := fact.Fact(bits.TrailingZeros32(left)); f {
		case totalTokens:
			q.Total = number
		case spareTokens:
			q.Spare = number
		case weight:
			q.Weight = number
		default:
			q.Number[f] = number
		}
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
