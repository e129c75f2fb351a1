// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// harness counts what a table hands out the way that an engine does.
type harness struct {
	t       *testing.T
	table   *Table
	forest  *correlate.Forest
	taken   *Taken
	entered map[string]time.Duration
	left    map[string]time.Duration
	rules   map[string]llm.Rule
	traces  map[string]pcommon.TraceID
	resent  int
}

func newHarness(t *testing.T, options Options) *harness {
	return &harness{
		t: t, table: New(options), forest: correlate.NewForest(), taken: NewTaken(1),
		entered: map[string]time.Duration{}, left: map[string]time.Duration{}, rules: map[string]llm.Rule{},
		traces: map[string]pcommon.TraceID{},
	}
}

func name(q *correlate.Request) string { return fmt.Sprintf("%x/%x", q.TraceID, q.SpanID) }

func (h *harness) enter(b *correlate.Batch, now time.Duration) {
	h.t.Helper()
	setOrdinary(b)
	for i := range b.Described {
		h.entered[name(&b.Described[i])] = now
	}
	for from := 0; ; {
		if from = h.table.Enter(b, from, now); from == len(b.Described) {
			break
		}
		require.True(h.t, h.settle(Full, now), "what has no room frees some")
	}
	for i := range b.Described {
		h.traces[name(&b.Described[i])] = b.Described[i].TraceID
		if b.Described[i].Duplicate == llm.Resent {
			h.resent++
		}
	}
	h.requireHolding()
}

// requireHolding checks that the table says of all that waits that it may be held, and of not much else.
func (h *harness) requireHolding() {
	h.t.Helper()
	for name, trace := range h.traces {
		if _, left := h.left[name]; left {
			delete(h.traces, name)
		} else if !h.table.Holds(trace) {
			h.t.Fatalf("%s is held", name)
		}
	}
	set := 0
	for i := range h.table.holding.bits {
		set += bits.OnesCount64(h.table.holding.bits[i].Load())
	}
	require.LessOrEqual(h.t, set, h.table.owners.used+len(h.table.owners.slots)/2)
}

// setOrdinary makes bare connectors the ordinary spans that a reader makes of them.
func setOrdinary(b *correlate.Batch) {
	for _, c := range b.Connectors {
		if c.Bare {
			b.Ordinary = append(b.Ordinary, correlate.Ordinary{Trace: c.Trace, Span: c.Span, Parent: c.Parent, Hop: c.Hop})
		}
	}
	b.Connectors = slices.DeleteFunc(b.Connectors, func(c correlate.Connector) bool { return c.Bare })
}

func (h *harness) settle(reason Reason, now time.Duration) (took bool) {
	h.t.Helper()
	for h.table.Take(reason, now, h.taken) {
		took = true
		if !h.taken.Alone() {
			h.forest.Relate(ptrace.Traces{}, h.taken.Described, h.taken.Connectors, h.taken.Stages)
			h.table.Decide(now, h.taken, h.forest)
		}
		for i := range h.taken.Described {
			q := &h.taken.Described[i]
			if q.Held {
				continue
			}
			_, again := h.left[name(q)]
			require.False(h.t, again && q.Duplicate == llm.Unique, "%s leaves once", name(q))
			h.left[name(q)] = now
			h.rules[name(q)] = q.Duplicate
		}
		h.table.Release(now, h.taken)
		if reason == Full {
			break
		}
	}
	h.requireHolding()
	return took
}

// requireEmpty checks that nothing is held, by nobody.
func (h *harness) requireEmpty() {
	h.t.Helper()
	table := h.table
	s := table.Stats()
	require.Zero(h.t, s.Requests, "requests")
	require.Zero(h.t, s.Spans, "spans")
	require.Zero(h.t, table.groups.used, "groups")
	require.Zero(h.t, table.keys.used, "keys")
	require.Zero(h.t, table.owners.used, "owners")
	require.Zero(h.t, table.alone, "requests that are alone")
	require.Zero(h.t, table.unfinished, "unfinished requests")
	require.Zero(h.t, table.texts.entries.used, "texts")
	require.Zero(h.t, table.kinds.bytes, "bytes of kinds")
	require.Zero(h.t, table.texts.bytes, "bytes of texts")
	require.Zero(h.t, table.names.used, "names")
	require.Zero(h.t, table.extras.used, "extras")
	require.Zero(h.t, table.extraBytes, "bytes of extras")
	recent := uint32(0)
	for _, set := range &table.kinds.recent {
		for _, number := range set {
			if number != 0 {
				require.Zero(h.t, table.kinds.entries.at(number).held, "requests of a kind")
				recent++
			}
		}
	}
	require.EqualValues(h.t, table.kinds.entries.used, recent, "kinds")
	table.holding.renew(&table.owners)
	for i := range table.holding.bits {
		require.Zero(h.t, table.holding.bits[i].Load(), "traces")
	}
	for _, q := range table.wheel {
		require.Zero(h.t, q, "wheel")
	}
}

func batchOf(requests ...*correlate.Request) *correlate.Batch {
	b := &correlate.Batch{}
	b.Stride = 1
	b.Resources = []attr.Value{attr.Text("a"), attr.Text("b")}
	for _, q := range requests {
		to := b.Add()
		*to.Request, to.Evidence = *q.Request, q.Evidence
	}
	return b
}

func request(trace, span, parent uint64) *correlate.Request {
	q := &correlate.Request{Request: &llm.Request{
		Class: llm.Inference, Layer: llm.Client, Emitter: -1, Number: llm.NoNumbers, Weight: 1, RequestModel: "m", Start: 1e9, End: 2e9,
	}}
	binary.BigEndian.PutUint64(q.TraceID[8:], trace)
	binary.BigEndian.PutUint64(q.SpanID[:], span)
	binary.BigEndian.PutUint64(q.ParentID[:], parent)
	return q
}

func TestARequestLeavesOnceItsNeighbourhoodGotNothingNew(t *testing.T) {
	h := newHarness(t, testOptions())
	call, wrapper, beside := request(1, 2, 1), request(1, 1, 0), request(1, 9, 8)
	h.enter(batchOf(call), 0)
	h.enter(batchOf(beside), time.Second)
	h.enter(batchOf(wrapper), 6*time.Second)
	h.settle(Due, 8*time.Second)
	assert.Equal(t, map[string]time.Duration{name(beside): 8 * time.Second}, h.left, "another neighbourhood of the trace")
	h.settle(Due, 13*time.Second-1)
	assert.Len(t, h.left, 1)
	h.settle(Due, 13*time.Second+h.table.Tick())
	assert.Len(t, h.left, 3)
	assert.Equal(t, llm.Wrapper, h.rules[name(wrapper)])
	assert.Equal(t, llm.Unique, h.rules[name(call)])
	assert.Equal(t, uint64(3), h.table.Stats().Settled[Due])
	h.settle(Due, time.Minute)
	h.requireEmpty()
}

// Gauges show the last value.
func TestRequestsLeaveInTheOrderInWhichTheyCame(t *testing.T) {
	h := newHarness(t, testOptions())
	for i := range uint64(50) {
		h.enter(batchOf(request(i+1, 2, 1)), time.Duration(i)*time.Millisecond)
	}
	require.True(t, h.table.Take(Due, 10*time.Second, h.taken))
	require.Len(t, h.taken.Described, 50)
	for i, q := range h.taken.Described {
		assert.EqualValues(t, i+1, binary.BigEndian.Uint64(q.TraceID[8:]))
	}
}

func TestAnAttemptThatFailedWaitsForTheNext(t *testing.T) {
	attempt := func(span uint64, start pcommon.Timestamp, outcome llm.Outcome) *correlate.Request {
		q := request(1, span, 1)
		q.Traits, q.Outcome, q.Start, q.End = emitter.SpanPerAttempt, outcome, start, start+1
		return q
	}
	h := newHarness(t, testOptions())
	failed, last := attempt(2, 10, llm.Error), attempt(3, 20, llm.Success)
	h.enter(batchOf(failed), 0)
	h.settle(Due, 40*time.Second)
	assert.Empty(t, h.left)
	h.enter(batchOf(last), 40*time.Second)
	h.settle(Due, 48*time.Second)
	assert.Equal(t, map[string]llm.Rule{name(failed): llm.Attempt, name(last): llm.Unique}, h.rules)

	alone := attempt(4, 30, llm.Error)
	alone.TraceID[0] = 1
	h.enter(batchOf(alone), 50*time.Second)
	h.settle(Due, 109*time.Second)
	assert.NotContains(t, h.left, name(alone))
	h.settle(Due, 111*time.Second)
	assert.Contains(t, h.left, name(alone))
	assert.Equal(t, uint64(1), h.table.Stats().Settled[Waited])
}

// A minute begins anew with each attempt, for five minutes in all. The pages say so.
func TestAttemptsAreOneRequestForFiveMinutesAtMost(t *testing.T) {
	h := newHarness(t, testOptions())
	var came []time.Duration
	for now := time.Duration(0); now < 15*time.Minute; now += time.Second {
		if at := now % (59 * time.Second); at == 0 && now < 10*time.Minute || now == 11*time.Minute {
			q := request(1, uint64(len(came)+2), 1)
			q.Traits, q.Outcome = emitter.SpanPerAttempt, llm.Error
			q.Start, q.End = pcommon.Timestamp(now+1e9), pcommon.Timestamp(now+2e9)
			h.enter(batchOf(q), now)
			came = append(came, now)
		}
		h.settle(Due, now)
	}
	require.Len(t, h.left, len(came))
	var first []time.Duration
	for i, at := range came {
		if i == 0 || h.left[name(request(1, uint64(i+2), 1))] != h.left[name(request(1, uint64(i+1), 1))] {
			first = append(first, at)
		}
	}
	assert.Equal(t, []time.Duration{0, 6 * 59 * time.Second, 11 * time.Minute}, first)
}

func TestTheParentOfAnAttemptThatFailedEndsTheWait(t *testing.T) {
	h := newHarness(t, testOptions())
	failed := request(1, 2, 1)
	failed.Traits, failed.Outcome = emitter.SpanPerAttempt, llm.Error
	h.enter(batchOf(failed), 0)
	h.settle(Due, 20*time.Second)
	assert.Empty(t, h.left)
	b := batchOf()
	b.Connectors = []correlate.Connector{{Trace: failed.TraceID, Span: failed.ParentID, Bare: true}}
	h.enter(b, 21*time.Second)
	h.settle(Due, 29*time.Second)
	assert.Len(t, h.left, 1)
}

func TestIdsThatHoldAcrossTracesBringTheirTracesTogether(t *testing.T) {
	h := newHarness(t, testOptions())
	prefill, decode := request(1, 2, 0), request(2, 3, 0)
	for _, q := range []*correlate.Request{prefill, decode} {
		q.Layer, q.ID, q.Traits = llm.Server, "r-1", emitter.GlobalIDs
	}
	h.enter(batchOf(prefill, request(3, 1, 0)), 0)
	h.enter(batchOf(decode), 6*time.Second)
	h.settle(Due, 8*time.Second)
	assert.Len(t, h.left, 1)
	h.settle(Due, 14*time.Second)
	assert.Len(t, h.left, 3)
	assert.ElementsMatch(t, []llm.Rule{llm.Unique, llm.Sequence}, []llm.Rule{h.rules[name(prefill)], h.rules[name(decode)]})
	h.settle(Due, time.Hour)
	h.requireEmpty()
}

func TestASpanThatComesTwiceIsHeldOnce(t *testing.T) {
	h := newHarness(t, testOptions())
	h.enter(batchOf(request(1, 2, 1)), 0)
	h.enter(batchOf(request(1, 2, 1)), time.Second)
	assert.Equal(t, 1, h.resent)
	assert.Equal(t, 1, h.table.Stats().Requests)
}

// A trace of an agent is never quiet. Each of its calls is counted in its time all the same.
func TestEachCallOfAnAgentLeavesInItsTime(t *testing.T) {
	h := newHarness(t, testOptions())
	now := time.Duration(0)
	for i := range uint64(200) {
		call, wrapper := request(1, 1000+2*i, 1001+2*i), request(1, 1001+2*i, 1)
		h.enter(batchOf(call), now)
		now += 2 * time.Second
		h.settle(Due, now)
		h.enter(batchOf(wrapper), now)
		b := batchOf()
		b.Connectors = []correlate.Connector{{Trace: call.TraceID, Span: pcommon.SpanID{1, byte(i)}, Parent: pcommon.SpanID{7: 1}, Separates: true}}
		h.enter(b, now)
		now += time.Second
		h.settle(Due, now)
	}
	for range 10 {
		now += time.Second
		h.settle(Due, now)
	}
	require.Len(t, h.left, 400)
	calls := 0
	for name, left := range h.left {
		assert.LessOrEqual(t, left-h.entered[name], 2*time.Second+7*time.Second+2*time.Second, name) // with the pause until it is looked at
		if h.rules[name] == llm.Unique {
			calls++
		}
	}
	assert.Equal(t, 200, calls)
	assert.Less(t, h.table.between.used, 200, "spans between requests do not stay for good")
	h.settle(Due, now+2*time.Minute)
	h.requireEmpty()
}

// Whatever comes, in whatever order, leaves once, and nothing is left behind.
func TestAllThatIsEnteredLeavesOnce(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			options := testOptions()
			options.Requests, options.Group, options.Spans = 20+r.IntN(100), 5+r.IntN(50), 10+r.IntN(100)
			options.Wait = time.Duration(1+r.IntN(8000)) * time.Millisecond
			h := newHarness(t, options)
			now := time.Duration(0)
			traces := 1 + uint64(r.IntN(50))
			for span := uint64(1); span < 1000; span++ {
				q := request(1+r.Uint64N(traces), span, r.Uint64N(span+1))
				q.Traits = []emitter.Quirk{0, emitter.GlobalIDs, emitter.SpanPerAttempt, emitter.Framework}[r.IntN(4)]
				q.Layer = []llm.Layer{llm.Client, llm.Gateway, llm.Server}[r.IntN(3)]
				q.Outcome = []llm.Outcome{llm.Success, llm.Error}[r.IntN(2)]
				q.Resource = int32(r.IntN(2))
				q.Scope, q.RequestModel = fmt.Sprint("scope", r.IntN(3)), fmt.Sprint("model", r.IntN(500))
				if r.IntN(3) == 0 {
					q.ID = fmt.Sprint("id", r.IntN(40))
				}
				b := batchOf(q)
				for range r.IntN(3) {
					c := correlate.Connector{Trace: q.TraceID, Parent: q.SpanID, Bare: r.IntN(2) == 0, Separates: r.IntN(3) == 0, Model: fmt.Sprint(r.IntN(9))}
					binary.BigEndian.PutUint64(c.Span[:], r.Uint64N(1000))
					b.Connectors = append(b.Connectors, c)
				}
				if r.IntN(9) == 0 {
					b.Stages = append(b.Stages, correlate.Stage{Trace: q.TraceID, Parent: q.SpanID, Length: 1})
				}
				h.enter(b, now)
				require.LessOrEqual(t, h.table.nodes.used, options.Requests)
				require.LessOrEqual(t, h.table.spans(), options.Spans)
				if r.IntN(4) == 0 {
					now += time.Duration(r.Int64N(int64(options.Wait)))
					h.settle(Due, now)
				}
			}
			for name := range h.entered {
				if left, ok := h.left[name]; ok {
					require.LessOrEqual(t, left-h.entered[name], mostTries*options.Unfinished+2*options.Wait+h.table.Tick(), name)
				}
			}
			if seed%2 == 0 {
				h.settle(Stopped, now)
			} else {
				h.settle(Due, now+10*time.Minute)
				h.settle(Due, now+20*time.Minute)
			}
			require.Len(t, h.left, len(h.entered))
			h.requireEmpty()
		})
	}
}

func TestASteadyStreamAllocatesNothing(t *testing.T) {
	h := newHarness(t, testOptions())
	q := request(1, 2, 1)
	q.ID, q.Dimensions = "resp-000000", []attr.Value{attr.Text("x")}
	b := batchOf(q)
	b.Described[0].Dimensions = q.Dimensions
	later := &correlate.Batch{}
	b.Ordinary = []correlate.Ordinary{{Span: q.ParentID, Parent: pcommon.SpanID{9}}, {Span: pcommon.SpanID{8}, Parent: q.SpanID}}
	later.Ordinary = []correlate.Ordinary{{Span: pcommon.SpanID{9}}, {Span: pcommon.SpanID{7}}}
	now, next := time.Duration(0), uint64(0)
	once := func() {
		next++
		now += 20 * time.Millisecond
		binary.BigEndian.PutUint64(b.Described[0].TraceID[:], next)
		for i := range b.Ordinary {
			b.Ordinary[i].Trace, later.Ordinary[i].Trace = b.Described[0].TraceID, b.Described[0].TraceID
		}
		h.table.Enter(b, 0, now)
		h.table.Enter(later, 0, now+10*time.Millisecond)
		for h.table.Take(Due, now, h.taken) {
			h.table.Release(now, h.taken)
		}
	}
	for range 2000 {
		once()
	}
	assert.Zero(t, testing.AllocsPerRun(2000, once))
}
