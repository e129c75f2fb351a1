// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"hash/maphash"
	"slices"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/sources"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

const (
	shardBits = 6
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
		sources: sources.New(now, options.Waiting.Requests, nil),
		recent:  settling.NewRecent(options.Recent.Size, options.Recent.Age),
		seed:    maphash.MakeSeed(),
		window:  pcommon.NewTimestampFromTime(now),
		demand:  demand{turned: now},
	}
	for l := range e.layers {
		e.layers[l] = len(options.Layers) == 0 || slices.Contains(options.Layers, llm.Layer(l))
	}
	if options.Waiting.Wait > 0 {
		e.sources = sources.New(now, options.Waiting.Requests, emitter.All())
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

// maxKept is the number of requests up to which a batch stays for good; it has some 2 MB then.
const maxKept = 2_000
