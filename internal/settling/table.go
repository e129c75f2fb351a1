// SPDX-License-Identifier: Apache-2.0

// Package settling holds requests until nothing new describes them, and remembers those that were counted.
//
// A request is held as it was read, beside all others of its trace, with the spans between them. Its neighbourhood is what the
// relations of package correlate join. Once that got nothing new for a while, it is handed out to be counted. So it does not
// matter how the spans of a request are spread over batches.
package settling

import (
	"hash/maphash"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Options bound a Table. All but Wait are positive.
type Options struct {
	// Wait is the time for which a neighbourhood has to get nothing new. It should be longer than the export interval of the
	// emitters, which is 5 s by default. Source: OpenTelemetry SDK specification, OTEL_BSP_SCHEDULE_DELAY.
	Wait time.Duration
	// Unfinished is the time for which requests are held that show that something is to come. Attempts that failed are such.
	Unfinished time.Duration
	// Requests is the number of requests that are held at most. Bytes is what they may take of memory, and Spans the number of
	// spans between them.
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
//	trace id ──► node: a request that is alone ──► ordinary spans beside it
//	trace id, global id ──► key ──► group ──► nodes: requests, in the order of arrival
//	                                     └──► spans between them
//	alone, unfinished: the requests that are alone, in the order of arrival
//	wheel: the groups by the tick in which they are looked at
type Table struct {
	options Options
	hasher  hasher
	// tick is the unit of the wheel; keep is the time for which spans between requests are kept.
	tick, keep time.Duration

	mu sync.Mutex
	store
	nodes   slab[node]
	beside  slab[ordinary]
	between slab[between]
	groups  slab[group]
	keys    slab[key]
	// owners finds the keys of groups, and the nodes of requests that are alone.
	owners index
	// alone and unfinished are the requests that are alone in their traces.
	alone, unfinished queue
	// wheel holds the groups of each tick from looked on, those that came first before the others. The newest time is the last that
	// was seen.
	wheel  []queue
	looked int64
	newest time.Duration
	// placeOf are the numbers of a batch's resources while it is entered.
	placeOf []uint32
	// takes counts the calls of Take.
	takes uint64
	stats Stats

	// full are groups that have no room.
	full []uint32

	holding holding
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
	// slot is the place in the wheel plus one, 0 if it is not there. next and previous are its neighbours there.
	slot           int32
	next, previous uint32
	// look is the time when it is to be looked at, latest that of the last arrival.
	look, latest time.Duration
	// taken groups are about to be decided about; full ones have no room for more.
	taken, full bool
	// joining is set if the spans between its requests may do more than lead from one to another.
	joining bool
	// lasting groups hold what a request takes that comes long after it; counted ones had requests that were counted.
	lasting, counted bool
}

// queue is groups, or nodes, that are linked to each other.
type queue struct{ first, last uint32 }

// key leads to a group. It is a trace id or the hash of an id.
type key struct {
	id    halves
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

// between is a span between requests. It may be one of an LLM application that is no request, or an ordinary one. It may also be
// a request that is no longer held. Or it holds a time of a request.
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
	// outcome is that of an exchange that failed. Then end is its end, and model the type of its error.
	outcome llm.Outcome
	// service is that of a span of an LLM application.
	service correlate.Service
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
	// betweenOfGroup is the number of spans between the requests of one group for each of its requests at most.
	betweenOfGroup = 4
)

// New returns an empty table.
func New(options Options) *Table {
	t := &Table{
		options: options, hasher: newHasher(),
		tick: max(options.Wait/ticksOfWait, minTick), keep: options.Unfinished + options.Wait,
		holding: newHolding(),
	}
	t.texts = pool{seed: maphash.MakeSeed(), spare: options.Bytes / 4}
	t.places.seed, t.kinds.seed = t.texts.seed, t.texts.seed
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
	s.Requests, s.Spans, s.Bytes = t.nodes.used, t.spans(), t.bytes()
	return s
}

// Sizes in bytes, for the bound. A test compares them with the real ones.
const (
	nodeBytes    = 192 // with its slots
	besideBytes  = 24
	betweenBytes = 96
	groupBytes   = 64 + 48 + 3*8 // with a key and its slots
	textBytes    = 48
	namesBytes   = 12
	extraHeads   = 192
)

func (t *Table) bytes() int {
	return t.nodes.used*nodeBytes + t.beside.used*besideBytes + t.between.used*betweenBytes + t.groups.used*groupBytes + t.texts.entries.used*textBytes + t.texts.bytes + t.names.used*namesBytes +
		t.extras.used*extraHeads + t.extraBytes + t.kinds.bytes + t.places.bytes
}

// Holds reports whether anything of a trace may be held. It is asked without a lock, and errs on the side of yes.
func (t *Table) Holds(trace pcommon.TraceID) bool {
	return t.holding.has(uint32(t.traceHash(&trace)))
}

func (t *Table) traceHash(trace *pcommon.TraceID) uint64 { return t.hasher.trace(trace) }

// spans returns the number of spans that are held beside requests.
func (t *Table) spans() int { return t.between.used + t.beside.used }

// unlock ends what changes the table.
func (t *Table) unlock() {
	t.holding.follow(&t.owners)
	t.mu.Unlock()
}

// at returns a time of the table's clock, which does not go back.
func (t *Table) at(now time.Duration) time.Duration {
	t.newest = max(t.newest, now)
	return t.newest
}

// pressed reports whether there is no room for another request.
func (t *Table) pressed() bool {
	return t.nodes.used >= t.options.Requests || t.nodes.used > 0 && t.bytes() >= t.options.Bytes
}
