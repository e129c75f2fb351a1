// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// inline is the number of known numbers that a node has room for; most requests have fewer.
const inline = 8

// The columns of texts that are no facts.
const (
	scopeColumn = iota
	callColumn
	factColumns
	// otherColumn is that of texts of which requests have several.
	otherColumn = columns - 1
)

// textFacts are the facts that requests keep as texts.
var textFacts = func() (facts []fact.Fact) {
	var q llm.Request
	for f := fact.None + 1; f < fact.Facts; f++ {
		if q.Text(f) != nil {
			facts = append(facts, f)
		}
	}
	return facts
}()

var requestModelColumn, responseModelColumn = columnOf(fact.RequestModel), columnOf(fact.ResponseModel)

func columnOf(f fact.Fact) int { return factColumns + slices.Index(textFacts, f) }

// node is a request that is held as it was read, without pointers. Its texts, resource and what few have are numbers.
type node struct {
	trace        pcommon.TraceID
	span, parent pcommon.SpanID
	start, end   pcommon.Timestamp
	arrived      time.Duration
	queueBegan   pcommon.Timestamp
	weight       float64
	retryTime    float64
	numbers      [inline]float64
	tokens       correlate.Tokens
	service      correlate.Service
	texts        [columns]uint32
	// known has a bit for each number that is known, the first of which are numbers.
	known      uint32
	traits     uint32
	conditions uint32
	place      uint32
	extra      uint32
	next       uint32 // the next node of its group
	sequences  int32
	emitter    int16
	class      llm.Class
	layer      llm.Layer
	outcome    llm.Outcome
	stream     llm.Streaming
	duplicate  llm.Rule
	signal     llm.Signal
	flags      flags
}

// flags are the truths of a node.
type flags uint16

const (
	estimated flags = 1 << iota
	sampled
	ended
	breaks
	prefilledElsewhere
	serves
	remote
	layerGiven
	unmetered
	// oneReason says that the finish reason is the only one.
	oneReason
	mayYield
)

func (f *flags) set(flag flags, is bool) {
	if is {
		*f |= flag
	}
}

func (f flags) has(flag flags) bool { return f&flag != 0 }

// extra is what few requests have. Its memory is used again.
type extra struct {
	// more are the known numbers beyond inline.
	more []float64
	// dimensions are those that are no texts, at their places; texts the numbers of those that are.
	dimensions  []attr.Value
	texts       []uint32
	userNumbers []float64
	gaps        []float64
	reasons     []uint32
	modalities  llm.ModalityTokens
	modal       bool
}

// bytes is the size of what the extra refers to.
func (x *extra) bytes() int {
	const value = 32 // an attr.Value
	return 8*(len(x.more)+len(x.userNumbers)+len(x.gaps)) + value*len(x.dimensions) + 4*(len(x.texts)+len(x.reasons))
}

// store keeps what nodes hold beside their numbers.
type store struct {
	extras slab[extra]
	texts  texts
	places places
	// extraBytes is the size of what the extras refer to.
	extraBytes int
}

// copies are requests that were unpacked.
type copies struct {
	correlate.Batch
	// numbers are those of the resources.
	numbers     []uint32
	dimensions  []attr.Value
	userNumbers []float64
}

func (c *copies) reset() {
	c.Reset()
	clear(c.dimensions)
	c.numbers, c.dimensions, c.userNumbers = c.numbers[:0], c.dimensions[:0], c.userNumbers[:0]
}

// resource returns the index of a resource.
func (c *copies) resource(number uint32, from *places) int32 {
	for i := len(c.numbers) - 1; i >= 0; i-- {
		if c.numbers[i] == number {
			return int32(i)
		}
	}
	c.numbers = append(c.numbers, number)
	c.Resources = append(c.Resources, from.entries.at(number).values...)
	return int32(len(c.numbers) - 1)
}

// pack fills in a node from a request of a batch.
func (s *store) pack(n *node, b *correlate.Batch, q *correlate.Request) {
	*n = node{
		trace: q.TraceID, span: q.SpanID, parent: q.ParentID, start: q.Start, end: q.End, queueBegan: q.QueueBegan, weight: q.Weight, retryTime: q.RetryTime, signal: q.Signal,
		traits: uint32(q.Traits), conditions: q.Conditions, sequences: q.Sequences, emitter: q.Emitter,
		tokens: q.Tokens, service: q.Service, class: q.Class, layer: q.Layer, outcome: q.Outcome, stream: q.Stream, duplicate: q.Duplicate,
	}
	n.flags.set(estimated, q.Estimated)
	n.flags.set(sampled, q.Sampled)
	n.flags.set(mayYield, q.MayYield)
	n.flags.set(ended, q.Ended)
	n.flags.set(breaks, q.Breaks)
	n.flags.set(prefilledElsewhere, q.PrefilledElsewhere)
	n.flags.set(serves, q.Hop.Serves)
	n.flags.set(remote, q.Hop.Remote)
	n.flags.set(layerGiven, q.LayerGiven)
	n.flags.set(unmetered, q.Unmetered)
	n.texts[scopeColumn] = s.texts.hold(scopeColumn, q.Scope)
	n.texts[callColumn] = s.texts.hold(callColumn, q.Call)
	for i, f := range textFacts {
		column := factColumns + i
		n.texts[column] = s.texts.hold(column, *q.Text(f))
	}
	reasons := b.FinishReasons(q.Request)
	n.flags.set(oneReason, len(reasons) == 1 && reasons[0] == q.FinishReason)
	var x *extra
	with := func() *extra {
		if x == nil {
			n.extra = s.extras.take()
			x = s.extras.at(n.extra)
			x.empty()
		}
		return x
	}
	known := 0
	for f := range q.Number {
		if q.Number[f] == llm.Absent {
			continue
		}
		n.known |= 1 << f
		if known < inline {
			n.numbers[known] = q.Number[f]
		} else {
			x := with()
			x.more = append(x.more, q.Number[f])
		}
		known++
	}
	if len(q.Dimensions) > 0 {
		s.packDimensions(with(), q.Dimensions)
	}
	if len(q.UserNumbers) > 0 {
		x := with()
		x.userNumbers = append(x.userNumbers, q.UserNumbers...)
	}
	if gaps := b.ChunkGaps(q.Request); len(gaps) > 0 {
		x := with()
		x.gaps = append(x.gaps, gaps...)
	}
	if len(reasons) > 0 && !n.flags.has(oneReason) {
		x := with()
		for _, reason := range reasons {
			x.reasons = append(x.reasons, s.texts.hold(otherColumn, reason))
		}
	}
	if m := b.Modalities(q.Request); m != nil {
		x := with()
		x.modalities, x.modal = *m, true
	}
	if x != nil {
		s.extraBytes += x.bytes()
	}
}

func (x *extra) empty() {
	clear(x.dimensions)
	*x = extra{
		more: x.more[:0], dimensions: x.dimensions[:0], texts: x.texts[:0], userNumbers: x.userNumbers[:0], gaps: x.gaps[:0],
		reasons: x.reasons[:0],
	}
}

func (s *store) packDimensions(x *extra, dimensions []attr.Value) {
	for _, v := range dimensions {
		number := uint32(0)
		if text, ok := v.Str(); ok {
			number = s.texts.hold(otherColumn, text)
			v = attr.Value{}
		}
		x.dimensions, x.texts = append(x.dimensions, v), append(x.texts, number)
	}
}

// unpack adds the request of a node to what was taken. Its texts are valid until it is released.
func (s *store) unpack(n *node, to *copies) {
	q := to.Add()
	q.TraceID, q.SpanID, q.ParentID, q.Start, q.End, q.QueueBegan, q.Weight, q.RetryTime = n.trace, n.span, n.parent, n.start, n.end, n.queueBegan, n.weight, n.retryTime
	q.Traits, q.Conditions, q.Sequences, q.Emitter = emitter.Quirk(n.traits), n.conditions, n.sequences, n.emitter
	q.Class, q.Layer, q.Outcome, q.Stream, q.Duplicate = n.class, n.layer, n.outcome, n.stream, n.duplicate
	q.Estimated, q.Sampled, q.Ended = n.flags.has(estimated), n.flags.has(sampled), n.flags.has(ended)
	q.Breaks, q.PrefilledElsewhere = n.flags.has(breaks), n.flags.has(prefilledElsewhere)
	q.Tokens, q.Service, q.LayerGiven = n.tokens, n.service, n.flags.has(layerGiven)
	q.Unmetered = n.flags.has(unmetered)
	q.Hop = correlate.Hop{Serves: n.flags.has(serves), Remote: n.flags.has(remote)}
	q.Signal, q.MayYield = n.signal, n.flags.has(mayYield)
	q.Scope, q.Call = s.texts.text(n.texts[scopeColumn]), s.texts.text(n.texts[callColumn])
	for i, f := range textFacts {
		*q.Text(f) = s.texts.text(n.texts[factColumns+i])
	}
	q.Resource = to.resource(n.place, &s.places)
	var x *extra
	if n.extra != 0 {
		x = s.extras.at(n.extra)
	}
	known := 0
	for f := range q.Number {
		switch {
		case n.known&(1<<f) == 0:
			q.Number[f] = llm.Absent
			continue
		case known < inline:
			q.Number[f] = n.numbers[known]
		default:
			q.Number[f] = x.more[known-inline]
		}
		known++
	}
	finishes, gaps := int32(len(to.Finishes)), int32(len(to.Gaps))
	if n.flags.has(oneReason) {
		to.Finishes = append(to.Finishes, q.FinishReason)
	}
	if x != nil {
		s.unpackExtra(x, q, to)
	}
	q.FinishRange = [2]int32{finishes, int32(len(to.Finishes))}
	q.GapRange = [2]int32{gaps, int32(len(to.Gaps))}
}

func (s *store) unpackExtra(x *extra, q *correlate.Request, to *copies) {
	for _, reason := range x.reasons {
		to.Finishes = append(to.Finishes, s.texts.text(reason))
	}
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
	if len(x.dimensions) > 0 {
		from := len(to.dimensions)
		for i, v := range x.dimensions {
			if x.texts[i] != 0 {
				v = attr.Text(s.texts.text(x.texts[i]))
			}
			to.dimensions = append(to.dimensions, v)
		}
		q.Dimensions = to.dimensions[from:len(to.dimensions):len(to.dimensions)]
	}
}

// release lets go of all that a node holds.
func (s *store) release(n *node) {
	for _, number := range n.texts {
		s.texts.release(number)
	}
	s.places.release(n.place)
	if n.extra == 0 {
		return
	}
	x := s.extras.at(n.extra)
	s.extraBytes -= x.bytes()
	for _, number := range x.texts {
		s.texts.release(number)
	}
	for _, number := range x.reasons {
		s.texts.release(number)
	}
	s.extras.giveBack(n.extra)
}
