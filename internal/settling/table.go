// SPDX-License-Identifier: Apache-2.0

// Package settling holds requests until nothing new describes them, and remembers those that were counted.
//
// A request is held as it was read, beside all others of its trace, with the spans between them. Once its neighbourhood, which is
// what the relations of package correlate join, got nothing new for a while, it is handed out to be counted. So it does not
// matter how the spans of a request are spread over batches.
package settling

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Options bound a Table. All but Wait are positive.
type Options struct {
	// Wait is the time for which a neighbourhood has to get nothing new. It should be longer than the export interval of the
	// emitters, which is 5 s by default. Source: OpenTelemetry SDK specification, OTEL_BSP_SCHEDULE_DELAY.
	Wait time.Duration
	// Unfinished is the time for which requests are held that show that something is to come, such as attempts that failed.
	Unfinished time.Duration
	// Requests is the number of requests that are held at most, Bytes what they may take of memory, Spans the number of spans
	// between them.
	Requests, Bytes, Spans int
	// Group is the number of requests of one trace that are held at most.
	Group int
}

// Defaults.
const (
	// MaxUnfinished is the default of Options.Unfinished.
	MaxUnfinished = 60 * time.Second
	// MaxGroup is the default of Options.Group.
	MaxGroup = 1024
)

// Reason is why requests are no longer held.
type Reason uint8

// The reasons.
const (
	// Due neighbourhoods got nothing new for Options.Wait.
	Due Reason = iota
	// Waited neighbourhoods waited for something that did not come, or got something new for too long.
	Waited
	// Full says that a bound was reached.
	Full
	// Stopped says that the collector stops.
	Stopped
	// Reasons is the number of reasons.
	Reasons
)

var reasonNames = [Reasons]string{Due: "due", Waited: "waited", Full: "full", Stopped: "stop"}

// String returns the name in self telemetry.
func (r Reason) String() string { return reasonNames[r] }

// Table holds requests. Any number of goroutines may call Enter; only one at a time Take, Decide and Release.
//
//	trace id, global id ──► key ──► group ──► nodes: requests, in the order of arrival
//	                                     └──► spans between them
//	wheel: the groups by the tick in which they are looked at
type Table struct {
	options Options
	seed    maphash.Seed
	// tick is the unit of the wheel; keep is the time for which spans between requests are kept.
	tick, keep time.Duration

	mu sync.Mutex
	store
	nodes    slab[node]
	between  slab[between]
	groups   slab[group]
	keys     slab[key]
	keyIndex index
	// wheel holds the groups of each tick from looked on, those that came first before the others. The newest time is the last that
	// was seen.
	wheel  []queue
	looked int64
	newest time.Duration
	// placeOf are the numbers of a batch's resources while it is entered.
	placeOf []uint32
	stats   Stats

	// full are groups that have no room.
	full []uint32

	// holding counts the traces that are held, by a part of their hash.
	holding []atomic.Int32
}

// Stats is what a table holds and what became of what it held.
type Stats struct {
	// Requests and Spans are held now, in Bytes of memory.
	Requests, Spans, Bytes int
	// Settled counts the requests that are no longer held, by reason.
	Settled [Reasons]uint64
	// Dropped counts spans between requests for which there was no room.
	Dropped uint64
}

// group is requests that may be related: those of one trace, or of several in which the same id occurs.
type group struct {
	first, last uint32 // of its nodes
	between     uint32
	keys        uint32
	// nodes and spans are the numbers of its requests and of the spans between them.
	nodes, spans int32
	// slot is the place in the wheel plus one, 0 if it is not there; next and previous are its neighbours there.
	slot           int32
	next, previous uint32
	// look is the time when it is to be looked at, latest that of the last arrival.
	look, latest time.Duration
	// taken groups are about to be decided about; full ones have no room for more.
	taken, full bool
}

// queue is groups that are linked to each other.
type queue struct{ first, last uint32 }

// key leads to a group. It is a trace id or the hash of an id.
type key struct {
	id    [2]uint64
	kind  keyKind
	tag   uint32
	group uint32
	next  uint32 // the next key of its group
}

type keyKind uint8

const (
	traceKey keyKind = iota
	idKey
)

// between is a span between requests. It may be one of an LLM application that is no request, an ordinary one, or a request
// that is no longer held. Or it holds a time of a request.
type between struct {
	trace        pcommon.TraceID
	span, parent pcommon.SpanID
	arrived      time.Duration
	length       float64
	end          pcommon.Timestamp
	model        uint32
	next         uint32
	kind         betweenKind
	separates    bool
	runs         bool
	hop          correlate.Hop
	// class is that of a request that was counted.
	class llm.Class
}

type betweenKind uint8

const (
	connector betweenKind = iota
	bare
	stage
)

const (
	// ticksOfWait is the number of ticks in Options.Wait.
	ticksOfWait = 8
	// minTick keeps a short wait from a wheel of many slots.
	minTick = time.Millisecond
	// holdingCounts is the length of Table.holding.
	holdingCounts = 1 << 16
	// betweenOfGroup is the number of spans between the requests of one group for each of its requests at most.
	betweenOfGroup = 4
)

// New returns an empty table.
func New(options Options) *Table {
	t := &Table{
		options: options, seed: maphash.MakeSeed(),
		tick: max(options.Wait/ticksOfWait, minTick), keep: options.Unfinished + options.Wait,
		holding: make([]atomic.Int32, holdingCounts),
	}
	t.texts = texts{seed: t.seed, spare: options.Bytes / 4}
	t.places.seed = t.seed
	t.wheel = make([]queue, int((t.keep+options.Wait)/t.tick)+3)
	return t
}

// Tick is the time after which Take is to be called again.
func (t *Table) Tick() time.Duration { return t.tick }

// Stats returns what is held now.
func (t *Table) Stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stats
	s.Requests, s.Spans, s.Bytes = t.nodes.used, t.between.used, t.bytes()
	return s
}

// Sizes in bytes, for the bound. A test compares them with the real ones.
const (
	nodeBytes    = 296
	betweenBytes = 80
	groupBytes   = 64 + 48 + 2*8 // with a key and its slot
	textBytes    = 48 + 2*8
	extraHeads   = 240
)

func (t *Table) bytes() int {
	return t.nodes.used*nodeBytes + t.between.used*betweenBytes + t.groups.used*groupBytes + t.texts.index.used*textBytes + t.texts.bytes +
		t.extras.used*extraHeads + t.extraBytes + t.places.bytes
}

// Holds reports whether anything of a trace may be held. It is asked without a lock, and errs on the side of yes.
func (t *Table) Holds(trace pcommon.TraceID) bool {
	return t.holding[uint32(t.traceHash(trace))%holdingCounts].Load() != 0
}

func (t *Table) traceHash(trace pcommon.TraceID) uint64 { return maphash.Bytes(t.seed, trace[:]) }

// Enter takes the requests of a batch from one on, and at its end the spans between them. It stops at one for which there is no
// room before others were taken out, and returns its index; else it returns their number. Of those without a trace it takes
// none, and of spans that are held already it sets Duplicate to Resent.
func (t *Table) Enter(b *correlate.Batch, from int, now time.Duration) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	now = t.at(now)
	t.holdPlaces(b)
	defer t.releasePlaces()
	for i := from; i < len(b.Described); i++ {
		if q := &b.Described[i]; !q.TraceID.IsEmpty() && !t.enter(b, q, now) {
			return i
		}
	}
	for i := range b.Connectors {
		t.enterConnector(&b.Connectors[i], now)
	}
	for i := range b.Stages {
		s := &b.Stages[i]
		if at := t.span(s.Trace, now); at != nil {
			at.kind, at.parent, at.length, at.end = stage, s.Parent, s.Length, s.End
		}
	}
	return len(b.Described)
}

// at returns a time of the table's clock, which does not go back.
func (t *Table) at(now time.Duration) time.Duration {
	t.newest = max(t.newest, now)
	return t.newest
}

// holdPlaces makes room for the numbers of a batch's resources, each of which is held until all requests are entered.
func (t *Table) holdPlaces(b *correlate.Batch) {
	n := len(b.Resources) / max(b.Stride, 1)
	for len(t.placeOf) < n {
		t.placeOf = append(t.placeOf, 0)
	}
}

func (t *Table) placeOfResource(b *correlate.Batch, resource int32) uint32 {
	for int(resource) >= len(t.placeOf) {
		t.placeOf = append(t.placeOf, 0)
	}
	if t.placeOf[resource] == 0 {
		t.placeOf[resource] = t.places.hold(t.places.find(b.Resource(resource)))
	}
	return t.placeOf[resource]
}

func (t *Table) releasePlaces() {
	for i, number := range t.placeOf {
		if number != 0 {
			t.places.release(number)
			t.placeOf[i] = 0
		}
	}
	t.placeOf = t.placeOf[:0]
}

// enter reports whether there was room for a request.
func (t *Table) enter(b *correlate.Batch, q *correlate.Request, now time.Duration) bool {
	if t.pressed() {
		return false
	}
	hash := t.traceHash(q.TraceID)
	id := traceID(q.TraceID)
	number := t.find(traceKey, id, uint32(hash))
	var other uint32
	var globalID [2]uint64
	global := q.ID != "" && q.Traits.Has(emitter.GlobalIDs)
	if global {
		globalID[0] = maphash.String(t.seed, q.ID)
		globalID[1] = attr.Mix(globalID[0], uint64(q.Layer)+1)
		other = t.find(idKey, globalID, uint32(globalID[1]))
	}
	for _, n := range [...]uint32{number, other} {
		if n == 0 {
			continue
		}
		if g := t.groups.at(n); g.nodes >= int32(t.options.Group) || g.taken && number != other && other != 0 {
			if !g.taken && !g.full {
				g.full = true
				t.full = append(t.full, n)
			}
			return false
		}
	}
	if number != 0 && t.resent(t.groups.at(number), q) {
		q.Duplicate = llm.Resent
		return true
	}
	if number != 0 && other != 0 && number != other {
		number = t.join(number, other)
	}
	if number == 0 {
		number = other
	}
	if number == 0 {
		number = t.groups.take()
		*t.groups.at(number) = group{}
	}
	if t.find(traceKey, id, uint32(hash)) == 0 {
		t.addKey(number, traceKey, id, uint32(hash))
	}
	if global && t.find(idKey, globalID, uint32(globalID[1])) == 0 {
		t.addKey(number, idKey, globalID, uint32(globalID[1]))
	}
	place := t.nodes.take()
	n := t.nodes.at(place)
	t.pack(n, b, q)
	n.place, n.arrived = t.places.hold(t.placeOfResource(b, q.Resource)), now
	g := t.groups.at(number)
	if g.last == 0 {
		g.first = place
	} else {
		t.nodes.at(g.last).next = place
	}
	g.last = place
	g.nodes++
	g.latest = now
	t.lookAt(number, now+t.options.Wait)
	return true
}

// pressed reports whether there is no room for another request.
func (t *Table) pressed() bool {
	return t.nodes.used >= t.options.Requests || t.nodes.used > 0 && t.bytes() >= t.options.Bytes
}

func traceID(id pcommon.TraceID) [2]uint64 {
	return [2]uint64{binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:])}
}

// maxWalk is the number of nodes that are compared with one that comes, to find one that came twice.
const maxWalk = 64

// resent reports whether the span of a request is held already, as far as the first ones show. The forest finds the others.
func (t *Table) resent(g *group, q *correlate.Request) bool {
	if q.SpanID.IsEmpty() {
		return false
	}
	at := g.first
	for range maxWalk {
		if at == 0 {
			return false
		}
		n := t.nodes.at(at)
		if n.span == q.SpanID && n.trace == q.TraceID && n.start == q.Start && n.end == q.End && n.class == q.Class && n.layer == q.Layer &&
			t.texts.text(n.texts[scopeColumn]) == q.Scope {
			return true
		}
		at = n.next
	}
	return false
}

// find returns the group of a key, or 0.
func (t *Table) find(kind keyKind, id [2]uint64, tag uint32) uint32 {
	x := &t.keyIndex
	if len(x.slots) == 0 {
		return 0
	}
	for at := x.first(tag); x.slots[at].place != 0; at = x.next(at) {
		if s := x.slots[at]; s.tag == tag {
			if k := t.keys.at(s.place); k.id == id && k.kind == kind {
				return k.group
			}
		}
	}
	return 0
}

func (t *Table) addKey(to uint32, kind keyKind, id [2]uint64, tag uint32) {
	g := t.groups.at(to)
	place := t.keys.take()
	*t.keys.at(place) = key{id: id, kind: kind, tag: tag, group: to, next: g.keys}
	g.keys = place
	t.keyIndex.add(tag, place)
	if kind == traceKey {
		t.holding[tag%holdingCounts].Add(1)
	}
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

// enterConnector takes a span between requests. Ordinary ones matter only where others are held.
func (t *Table) enterConnector(c *correlate.Connector, now time.Duration) {
	if c.Trace.IsEmpty() {
		return
	}
	if !c.Bare {
		hash := t.traceHash(c.Trace)
		if id := traceID(c.Trace); t.find(traceKey, id, uint32(hash)) == 0 {
			if t.between.used >= t.options.Spans {
				t.stats.Dropped++
				return
			}
			number := t.groups.take()
			*t.groups.at(number) = group{}
			t.addKey(number, traceKey, id, uint32(hash))
		}
	}
	s := t.span(c.Trace, now)
	if s == nil {
		return
	}
	s.kind, s.span, s.parent, s.separates, s.runs, s.hop = connector, c.Span, c.Parent, c.Separates, c.Runs, c.Hop
	if c.Bare {
		s.kind = bare
	}
	s.model = t.texts.hold(otherColumn, c.Model)
}

// span returns one more span between the requests of a trace, nil if nothing of the trace is held or there is no room.
func (t *Table) span(trace pcommon.TraceID, now time.Duration) *between {
	number := t.find(traceKey, traceID(trace), uint32(t.traceHash(trace)))
	if number == 0 {
		return nil
	}
	g := t.groups.at(number)
	if t.between.used >= t.options.Spans || g.spans >= int32(betweenOfGroup*t.options.Group) {
		t.stats.Dropped++
		return nil
	}
	g.spans++
	place := t.between.take()
	s := t.between.at(place)
	*s = between{trace: trace, arrived: now, next: g.between}
	g.between, g.latest = place, now
	t.lookAt(number, now+t.options.Wait)
	return s
}

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
