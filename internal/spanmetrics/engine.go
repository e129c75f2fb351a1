// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"hash/maphash"
	"slices"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/sources"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

const (
	shardBits = 6
	// startsBefore is how far a series' start lies before its first observation.
	startsBefore = time.Millisecond
)

// Engine turns spans into metrics.
type Engine struct {
	options Options
	plan    *plan
	reader  *spanreader.Reader
	// layers are those that are counted.
	layers  [llm.Layers]bool
	logs    *logreader.Reader
	sources *sources.Memory
	recent  *settling.Recent
	// held are the requests that wait; nil if none do.
	held *waiting
	// runs are those that wait for what shows them, too.
	runs runs
	// expectsLogs is set if log events may come.
	expectsLogs atomic.Bool
	values      *values
	resources   *resources
	seed        maphash.Seed
	shards      [1 << shardBits]shard
	sets        atomic.Int64
	// exemplars counts those offered since the last collection.
	exemplars atomic.Int64
	// window is the end of the last collection's delta window.
	window pcommon.Timestamp
	stats  counters
	demand demand
	prices atomic.Pointer[Prices]

	batches   reuse[*spanreader.Batch]
	scratches reuse[*scratch]
}

// New compiles an engine, whose first delta window begins now.
func New(options Options, now time.Time) *Engine {
	keys := slices.Concat(options.SharedResource, options.InstanceResource)
	reading := options.Reading
	reading.ResourceKeys, reading.MaxText, reading.Layers = keys, options.Limits.TextLength, options.Layers
	e := &Engine{
		options: options,
		plan:    compile(options.Instruments, options.Dimensions),
		logs:    logreader.New(emitter.All()),
		sources: sources.New(now, options.Waiting.Requests),
		recent:  settling.NewRecent(options.Recent.Size, options.Recent.Age),
		seed:    maphash.MakeSeed(),
		window:  pcommon.NewTimestampFromTime(now),
		demand:  demand{turned: now},
	}
	for l := range e.layers {
		e.layers[l] = len(options.Layers) == 0 || slices.Contains(options.Layers, llm.Layer(l))
	}
	if options.Waiting.Wait > 0 {
		e.held = newWaiting(options.Waiting, len(keys), e.plan, now)
		reading.Holds = e.held.table.Holds
	}
	e.reader = spanreader.NewReader(reading)
	e.values = newValues(e.plan.columns, options.Limits.ValuesPerDimension)
	e.resources = newResources(keys, options.Limits.Resources, e.seed)
	for i := range e.shards {
		e.shards[i].chains = make([]*record, minChains)
	}
	for what := range e.stats.missing {
		e.stats.missing[what] = make([]atomic.Uint64, e.reader.Emitters()+1)
	}
	e.batches = newReuse(e.reader.NewBatch)
	e.scratches = newReuse(func() *scratch { return newScratch(e.plan, len(keys)) })
	return e
}

// Prices computes what requests cost that do not report it. It may be used by many goroutines.
type Prices interface {
	// Cost returns the cost in US dollars and what was assumed for it, or false if it is not known. The tokens by modality
	// are nil where nothing is known of them.
	Cost(q *llm.Request, modalities *llm.ModalityTokens) (cost float64, assumed llm.Assumed, known bool)
}

// SetPrices makes the engine use other prices from now on.
func (e *Engine) SetPrices(prices Prices) { e.prices.Store(&prices) }

// Read reads the requests out of traces, which it neither changes nor keeps. The batch must go to Commit
// or Discard.
func (e *Engine) Read(traces ptrace.Traces) *spanreader.Batch {
	batch := e.batches.get()
	e.reader.Read(traces, batch)
	return batch
}

// ReadLogs reads the requests out of log records, which it neither changes nor keeps. The batch must go to Commit
// or Discard.
func (e *Engine) ReadLogs(logs plog.Logs, now time.Time) *spanreader.Batch {
	e.ExpectLogs()
	batch := e.batches.get()
	events := e.logs.Read(logs, pcommon.NewTimestampFromTime(now))
	e.reader.ReadEvents(&events, batch)
	return batch
}

// Relate finds which requests of a batch describe the same, as far as the batch shows, for those who want to know before Commit.
// What waits is counted by what all batches show together.
func (e *Engine) Relate(traces ptrace.Traces, batch *spanreader.Batch) {
	if e.held != nil {
		e.reader.Relate(traces, batch)
	}
}

// maxReused is the number of spans up to which a batch is used again. A larger batch, of some megabytes, is left to the
// garbage collector. In use all the time, it would hold on to what the largest of all traces needed.
const maxReused = 20_000

// maxKept is the number of requests up to which a batch stays for good; it has some 2 MB then.
const maxKept = 2_000

// Discard gives a batch back that is not to be counted: its traces were refused and will come again.
func (e *Engine) Discard(batch *spanreader.Batch) {
	if batch.Spans > maxReused {
		return
	}
	batch.Reset()
	e.batches.put(batch, cap(batch.Requests) > maxKept)
}

// Commit counts the requests of a batch that were not counted before, and takes the batch back.
func (e *Engine) Commit(batch *spanreader.Batch, now time.Time) {
	s := e.scratches.get()
	e.commit(batch, s, now)
	e.scratches.put(s, false)
	e.Discard(batch)
}

func (e *Engine) commit(batch *spanreader.Batch, s *scratch, now time.Time) {
	s.begin(now)
	e.note(batch, now)
	if e.held != nil {
		e.hold(batch.Raw(), s, now)
	} else {
		e.sources.Yield(&batch.Batch)
		e.recent.Mark(&batch.Batch, now)
		for i := range batch.Described {
			e.count(s, &batch.Batch, i, nil)
		}
	}
	e.countRuns(&batch.Batch, s, now)
	e.stats.read(batch)
	s.reset()
}

// count counts a request of a batch, by its index, unless it was found to describe another one. Known is where those of its kind are
// counted, if it has one.
func (e *Engine) count(s *scratch, batch *correlate.Batch, index int, known []known) {
	q := &batch.Described[index]
	if q.Duplicate == llm.LeftOut || q.Duplicate == llm.Unique && !e.layers[q.Layer] {
		e.stats.skipped[llm.SkipLayer].Add(1)
		return
	}
	if q.Duplicate != llm.Unique {
		e.stats.duplicates[q.Duplicate].Add(1)
		if batch.Continues(index) {
			e.takePart(&s.sample, batch, q.Request)
			e.observe(s, batch, known)
		}
		return
	}
	e.sources.Begin(q.Request, time.Unix(0, s.now))
	if !e.sources.IsUnbilled(q.Request) {
		e.price(batch, q.Request)
	}
	e.stats.priced(q.Request)
	e.takeRequest(&s.sample, batch, q.Request)
	e.observe(s, batch, known)
	e.stats.count(q.Request)
}

// Price computes what the requests of a batch cost, for those who want to know before Commit, which does it else.
func (e *Engine) Price(batch *spanreader.Batch) {
	for i := range batch.Requests {
		if q := &batch.Requests[i]; q.Duplicate == llm.Unique {
			e.price(&batch.Batch, q)
		}
	}
}

// price computes the cost of a request that does not report it, once.
func (e *Engine) price(batch *correlate.Batch, q *llm.Request) {
	prices := e.prices.Load()
	if prices == nil || q.Number[fact.Cost] != llm.Absent || q.Unpriced {
		return
	}
	if cost, assumed, ok := (*prices).Cost(q, batch.Modalities(q)); ok {
		q.Number[fact.Cost], q.CostComputed, q.Assumed = cost, true, assumed
	} else {
		q.Unpriced = q.Number[fact.InputTokens] != llm.Absent || q.Number[fact.OutputTokens] != llm.Absent
	}
}
