// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"runtime"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Collect hands all metrics to deliver, in batches of bounded size, and forgets the sets that have been
// idle for too long. It locks one shard at a time, for no more than some records, and none while deliver
// runs. A batch belongs to deliver. Only one Collect may run at a time.
//
// It returns the number of data points that deliver refused, and the last error.
func (e *Engine) Collect(now time.Time, deliver func(pmetric.Metrics) error) (refused int, err error) {
	out := outgoing{engine: e, now: pcommon.NewTimestampFromTime(now)}
	if out.now <= e.window {
		// The clock was set back. Since no point ends before it starts, there is one window of the usual length.
		e.window = pcommon.NewTimestampFromTime(now.Add(-max(e.options.Interval, startsBefore)))
	}
	out.window = max(now.Sub(e.window.AsTime()), e.options.Interval).Seconds()
	send := func(batches []batch) {
		for _, b := range batches {
			if failure := deliver(b.metrics); failure != nil {
				refused += b.points
				err = failure
			}
		}
	}
	idleSince := now.Add(-e.options.Limits.IdleExpiry)
	for i := range e.shards {
		sh := &e.shards[i]
		e.collectShard(sh, &out, idleSince.UnixNano())
		send(out.take(false))
	}
	send(out.take(true))
	e.window = out.now
	e.exemplars.Store(0)
	e.resources.expire(idleSince)
	e.demand.turn(now, e.options.Limits.IdleExpiry)
	return refused, err
}

// recordsAtOnce is the number of records for which a collection holds a shard's lock: some tenths of a
// millisecond.
const recordsAtOnce = 32

// collectShard gathers the points of a shard. Where it lets go of the lock in between, records may be added,
// which it sees or leaves to the next collection; none but itself removes records. When the table grows meanwhile, what was
// in one chain is in chains that far apart.
func (e *Engine) collectShard(sh *shard, out *outgoing, idleSince int64) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	collected, chains := 0, len(sh.chains)
	for first := range chains {
		for i := first; i < len(sh.chains); i += chains {
			for r := sh.chains[i]; r != nil; {
				collected++
				next := r.next
				out.record(r)
				if r.seen < idleSince {
					e.forget(sh, r)
				}
				r = next
			}
		}
		if collected >= recordsAtOnce {
			collected = 0
			sh.mu.Unlock()
			runtime.Gosched() // for those who waited, else they would wait for the end of a time slice
			sh.mu.Lock()
		}
	}
}

// batch is a pmetric.Metrics in the making.
type batch struct {
	metrics pmetric.Metrics
	points  int
}

// outgoing gathers data points into batches.
type outgoing struct {
	engine *Engine
	now    pcommon.Timestamp
	// window is the time since the last collection in seconds; at the end, when it is cut short, that between any two.
	window  float64
	full    []batch
	current batch
	// written finds the metrics of a resource in the current batch.
	written map[*resource]*resourceMetrics
}

type resourceMetrics struct {
	scope pmetric.ScopeMetrics
	// metrics are those of plan.metrics that were written; those that were not are zero.
	metrics []pmetric.Metric
	known   []bool
}

// take returns the batches that are full, or all that is left.
func (o *outgoing) take(all bool) []batch {
	if all && o.current.points > 0 {
		o.close()
	}
	full := o.full
	o.full = nil
	return full
}

func (o *outgoing) close() {
	o.full = append(o.full, o.current)
	o.current = batch{}
	o.written = nil
}

// metric returns the metric of a resource in the current batch.
func (o *outgoing) metric(res *resource, index int) pmetric.Metric {
	if o.written == nil {
		o.current.metrics = pmetric.NewMetrics()
		o.written = map[*resource]*resourceMetrics{}
	}
	w := o.written[res]
	if w == nil {
		w = o.resource(res)
		o.written[res] = w
	}
	if !w.known[index] {
		w.known[index] = true
		w.metrics[index] = w.scope.Metrics().AppendEmpty()
		o.describe(w.metrics[index], &o.engine.plan.metrics[index])
	}
	return w.metrics[index]
}

func (o *outgoing) resource(res *resource) *resourceMetrics {
	rm := o.current.metrics.ResourceMetrics().AppendEmpty()
	o.engine.resources.write(res, rm.Resource().Attributes())
	if id := o.engine.options.Collector; id != "" {
		rm.Resource().Attributes().PutStr(CollectorKey, id)
	}
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(o.engine.options.Scope)
	sm.Scope().SetVersion(o.engine.options.Version)
	return &resourceMetrics{
		scope:   sm,
		metrics: make([]pmetric.Metric, len(o.engine.plan.metrics)),
		known:   make([]bool, len(o.engine.plan.metrics)),
	}
}
