package spanmetrics

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
)

const (
	shardBits = 6
	// startsBefore is how far a series' start lies before its first observation.
	startsBefore = time.Millisecond
)

// Engine turns spans into metrics.
type Engine struct {
	options   Options
	plan      *plan
	reader    *inference.Reader
	recent    *inference.Recent
	values    *values
	resources *resources
	seed      maphash.Seed
	shards    [1 << shardBits]shard
	sets      atomic.Int64
	// exemplars counts those offered since the last collection.
	exemplars atomic.Int64
	// window is the end of the last collection's delta window.
	window pcommon.Timestamp
	stats  counters
	prices atomic.Pointer[Prices]

	batches   sync.Pool
	scratches sync.Pool
}

// New compiles an engine, whose first delta window begins now.
func New(options Options, now time.Time) *Engine {
	keys := slices.Concat(options.SharedResource, options.InstanceResource)
	reading := options.Reading
	reading.ResourceKeys, reading.MaxText, reading.Layers = keys, options.Limits.TextLength, options.Layers
	e := &Engine{
		options: options,
		plan:    compile(options.Instruments, options.Dimensions),
		reader:  inference.NewReader(reading),
		recent:  inference.NewRecent(options.Recent.Size, options.Recent.Age),
		seed:    maphash.MakeSeed(),
		window:  pcommon.NewTimestampFromTime(now),
	}
	e.values = newValues(e.plan.columns, options.Limits.ValuesPerDimension)
	e.resources = newResources(keys, options.Limits.Resources, e.seed)
	for i := range e.shards {
		e.shards[i].records = map[uint64]*record{}
	}
	for what := range e.stats.missing {
		e.stats.missing[what] = make([]atomic.Uint64, e.reader.Emitters()+1)
	}
	e.batches.New = func() any { return e.reader.NewBatch() }
	e.scratches.New = func() any { return newScratch(e.plan, len(keys)) }
	return e
}

// Prices computes what requests cost that do not report it. It may be used by many goroutines.
type Prices interface {
	// Cost returns the cost in US dollars, or false if it is not known.
	Cost(q *inference.Request) (float64, bool)
}

// SetPrices makes the engine use other prices from now on.
func (e *Engine) SetPrices(prices Prices) { e.prices.Store(&prices) }

// Read reads the requests out of traces, which it neither changes nor keeps. The batch must go to Commit
// or Discard.
func (e *Engine) Read(traces ptrace.Traces) *inference.Batch {
	batch := e.batches.Get().(*inference.Batch)
	e.reader.Read(traces, batch)
	return batch
}

// Discard gives a batch back that is not to be counted: its traces were refused and will come again.
func (e *Engine) Discard(batch *inference.Batch) {
	batch.Reset()
	e.batches.Put(batch)
}

// Commit counts the requests of a batch that were not counted before, and takes the batch back.
func (e *Engine) Commit(batch *inference.Batch, now time.Time) {
	s := e.scratches.Get().(*scratch)
	e.commit(batch, s, now)
	e.scratches.Put(s)
	e.Discard(batch)
}

func (e *Engine) commit(batch *inference.Batch, s *scratch, now time.Time) {
	for from := 0; from < len(batch.Requests); from += len(s.identities) {
		few := batch.Requests[from:min(from+len(s.identities), len(batch.Requests))]
		for i := range few {
			s.identities[i] = e.recent.Identify(&few[i])
		}
		for i := range few {
			q := &few[i]
			if q.Duplicate == inference.Unique {
				q.Duplicate = e.recent.Admit(&s.identities[i], now)
			}
			if q.Duplicate != inference.Unique {
				e.stats.duplicates[q.Duplicate].Add(1)
				continue
			}
			e.price(q)
			if q.Unpriced {
				e.stats.unpriced.Add(1)
			}
			e.observe(s, batch, q, now)
		}
	}
	for i := range batch.Asides {
		e.observeAside(s, batch, &batch.Asides[i], now)
	}
	e.stats.add(batch)
	s.reset()
}

// scratch is what a commit needs beside the batch.
type scratch struct {
	observation observation
	// identities are those of the next few requests: so many look-ups in memory go on side by side.
	identities [16]inference.Identities
	// before is the start time of series that the observation is the first of.
	before pcommon.Timestamp
	// values are those of all columns for a request; hashes those of the keyed ones.
	values []attr.Value
	hashes []uint64
	// base and baseHashes are those of the columns of a group other than the first.
	base       []attr.Value
	baseHashes []uint64
	// found are the resources of the batch, by index and tier.
	found [][2]*resource
	key   []attr.Value
	held  []*attr.Value
}

func newScratch(p *plan, resourceKeys int) *scratch {
	return &scratch{
		values:     make([]attr.Value, len(p.columns)),
		hashes:     make([]uint64, p.keyed),
		base:       make([]attr.Value, p.keyed),
		baseHashes: make([]uint64, p.keyed),
		key:        make([]attr.Value, resourceKeys),
		held:       make([]*attr.Value, 0, len(p.columns)),
	}
}

func (s *scratch) reset() {
	clear(s.identities[:])
	s.observation.example = nil
	clear(s.values)
	clear(s.base)
	clear(s.key)
	clear(s.found)
	s.found = s.found[:0]
}

// resource returns the resource of a request. Clients are told apart by the shared attributes only:
// what they measure adds up over instances.
func (s *scratch) resource(e *Engine, batch *inference.Batch, index int32, layer inference.Layer, now time.Time) *resource {
	for int(index) >= len(s.found) {
		s.found = append(s.found, [2]*resource{})
	}
	tier := 0
	if layer != inference.Client {
		tier = 1
	}
	found := &s.found[index][tier]
	if *found == nil {
		copy(s.key, batch.Resource(index))
		if tier == 0 {
			clear(s.key[len(e.options.SharedResource):])
		}
		*found = e.resources.find(s.key, now)
	}
	return *found
}

// Price computes what the requests of a batch cost, for those who want to know before Commit, which does it else.
func (e *Engine) Price(batch *inference.Batch) {
	for i := range batch.Requests {
		if q := &batch.Requests[i]; q.Duplicate == inference.Unique {
			e.price(q)
		}
	}
}

// price computes the cost of a request that does not report it, once.
func (e *Engine) price(q *inference.Request) {
	prices := e.prices.Load()
	if prices == nil || q.Cost != inference.Absent || q.Unpriced {
		return
	}
	if cost, ok := (*prices).Cost(q); ok {
		q.Cost, q.CostComputed = cost, true
	} else {
		q.Unpriced = q.InputTokens != inference.Absent || q.OutputTokens != inference.Absent
	}
}

// observe adds one request to its record.
func (e *Engine) observe(s *scratch, batch *inference.Batch, q *inference.Request, now time.Time) {
	o := &s.observation
	o.take(q)
	if e.plan.derives {
		o.derive(q)
		o.end = q.End
	}
	if e.plan.splits {
		o.split(batch.Modalities(q))
	}
	o.gaps, o.reasons = batch.ChunkGaps(q), batch.FinishReasons(q)
	if len(o.gaps) > 0 {
		o.measurements[ChunkGaps] = 0
	}
	if len(o.reasons) > 0 {
		o.measurements[FinishReasons] = 1
	}
	if len(e.options.Targets) > 0 {
		e.judge(q, o)
	}
	o.conditions = conditionsOf(q)
	o.example = nil
	if e.options.Exemplars && exemplary(q) {
		o.example = q
	}
	e.add(s, s.resource(e, batch, q.Resource, q.Layer, now), q, now)
}

// observeAside adds what a span tells that is no request.
func (e *Engine) observeAside(s *scratch, batch *inference.Batch, a *inference.Aside, now time.Time) {
	o := &s.observation
	o.takeAside(a)
	o.gaps, o.reasons, o.example, o.conditions = nil, nil, nil, conditionsOfAside(a)
	about := inference.Request{
		Layer: a.Layer, Provider: a.Provider, Operation: a.Operation, Name: a.Name,
		ServerPort: inference.Absent, Cost: inference.Absent, Weight: 1, Emitter: -1,
	}
	if a.Failed {
		about.Outcome, about.ErrorType = inference.Error, "_OTHER"
	}
	e.add(s, s.resource(e, batch, a.Resource, a.Layer, now), &about, now)
}

// add adds the observation to the records that the request belongs to, one of each group.
func (e *Engine) add(s *scratch, res *resource, q *inference.Request, now time.Time) {
	s.before = pcommon.NewTimestampFromTime(now.Add(-startsBefore))
	for i := range e.plan.columns {
		s.values[i] = e.plan.columns[i].Value(q)
	}
	for i := range s.hashes {
		s.hashes[i] = s.values[i].Hash(e.seed)
	}
	for i := range e.plan.groups {
		id := identity{resource: res, group: uint16(i)}
		if i == 0 {
			id.layer = q.Layer
		}
		if g := &e.plan.groups[i]; g.wants(id.layer, &s.observation) {
			id.base, id.hashes = s.of(i, g)
			e.addTo(s, &id, q, now)
		}
	}
}

// addTo adds the observation to the record of an identity, which it changes to what the limits allow.
func (e *Engine) addTo(s *scratch, id *identity, q *inference.Request, now time.Time) {
	id.hash = e.hash(id)
	for {
		sh := &e.shards[id.hash>>(64-shardBits)]
		sh.mu.Lock()
		r := sh.find(id)
		if r == nil {
			r = e.admit(s, id)
		}
		if r == nil {
			// The identity was changed to what a limit allows, and may belong to another shard.
			sh.mu.Unlock()
			continue
		}
		e.record(s, r, q, now)
		sh.mu.Unlock()
		return
	}
}

func (e *Engine) hash(id *identity) uint64 {
	hash := attr.Mix(id.resource.hash, uint64(id.layer)|uint64(id.group)<<8)
	if id.overflow {
		return attr.Mix(hash, 1)
	}
	for _, h := range id.hashes {
		hash = attr.Mix(hash, h)
	}
	return hash
}

// record adds the observation to the cells of a record, whose shard is locked.
func (e *Engine) record(s *scratch, r *record, q *inference.Request, now time.Time) {
	r.seen = now.UnixNano()
	s.observation.weight = r.weigh(q.Weight)
	s.observation.born = bornAt(r.start, s.before)
	facets := e.plan.facets(r)
	// A record's cells are mostly in the order of its facets.
	at := 0
	for i := range facets {
		switch f := &facets[i]; {
		case !f.wants(&s.observation):
		case f.each == Once:
			at = e.recordFacet(s, r, at, i, f) + 1
		default:
			at = e.recordEach(s, r, at, i, f)
		}
	}
}

// recordEach adds the observation to one cell for each finish reason or verdict, of which the first is probably at a
// position, and returns the position after the last.
func (e *Engine) recordEach(s *scratch, r *record, at, index int, f *facet) int {
	if f.each == EachTarget {
		for _, v := range s.observation.verdicts {
			s.values[f.several[0]], s.values[f.several[1]] = v.name, v.met
			at = e.recordFacet(s, r, at, index, f) + 1
		}
		return at
	}
	column := f.several[0]
	for _, reason := range s.observation.reasons {
		s.values[column] = e.plan.columns[column].refined(attr.Text(attr.Cut(reason, e.options.Limits.TextLength)))
		at = e.recordFacet(s, r, at, index, f) + 1
	}
	return at
}

// recordFacet adds the observation to the cell of a facet, which is probably at a position, and returns its position.
func (e *Engine) recordFacet(s *scratch, r *record, probably, index int, f *facet) int {
	at := r.find(probably, index, f, s.values)
	if at < 0 {
		at = e.admitCell(s, r, index, f, s.values)
	}
	n := r.numbers(&r.cells[at], f)
	n.observe(&s.observation, e)
	return at
}
