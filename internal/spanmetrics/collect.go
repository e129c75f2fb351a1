// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"runtime"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Collect hands all metrics to deliver, in batches of bounded size. It forgets the sets that have been idle for too long. It
// locks one shard at a time, for no more than some records, and none while deliver runs. A batch belongs to deliver. Only one
// Collect may run at a time.
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

// collectShard gathers the points of a shard. Where it lets go of the lock in between, records may be added. It sees them or
// leaves them to the next collection. None but itself removes records. When the table grows meanwhile, what was in one chain is
// in chains that far apart.
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
