// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// OverflowKey marks what stands for everything beyond a limit. Source: OpenTelemetry metrics SDK
// specification, cardinality limits.
const OverflowKey = "otel.metric.overflow"

// resource is one resource of the metrics.
type resource struct {
	hash     uint64
	values   []attr.Value // in the order of resources.keys
	overflow bool
	// sets is the number of dimension sets that count towards the limit.
	sets atomic.Int64
	// records is the number of records that refer to the resource. seen is the time of the last request, in Unix nanoseconds.
	records atomic.Int64
	seen    atomic.Int64
}

// resources keeps the resources and refuses new ones beyond a limit.
type resources struct {
	keys  []string
	limit int
	seed  maphash.Seed

	mu       sync.RWMutex
	byHash   map[uint64][]*resource
	count    int
	beyond   *resource
	refusals atomic.Uint64
}

func newResources(keys []string, limit int, seed maphash.Seed) *resources {
	return &resources{
		keys: keys, limit: limit, seed: seed,
		byHash: map[uint64][]*resource{},
		beyond: &resource{overflow: true},
	}
}

// find returns the resource with those values, which it copies if it is new. It is for a request at a time in Unix nanoseconds.
// Beyond the limit all new ones are one overflow resource.
func (r *resources) find(values []attr.Value, now int64) *resource {
	var hash uint64
	for _, v := range values {
		hash = attr.Mix(hash, v.Hash(r.seed))
	}
	r.mu.RLock()
	found := r.look(hash, values)
	if found != nil {
		found.seen.Store(now) // under the lock, so that it cannot expire in between
	}
	r.mu.RUnlock()
	if found == nil {
		found = r.add(hash, values, now)
	}
	return found
}

func (r *resources) look(hash uint64, values []attr.Value) *resource {
	for _, known := range r.byHash[hash] {
		if slices.Equal(known.values, values) {
			return known
		}
	}
	return nil
}

func (r *resources) add(hash uint64, values []attr.Value, now int64) *resource {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.look(hash, values); known != nil {
		known.seen.Store(now)
		return known
	}
	if r.count >= r.limit {
		r.refusals.Add(1)
		return r.beyond
	}
	added := &resource{hash: hash, values: make([]attr.Value, len(values))}
	for i, v := range values {
		added.values[i] = v.Clone()
	}
	added.seen.Store(now)
	r.byHash[hash] = append(r.byHash[hash], added)
	r.count++
	return added
}

// expire forgets the resources that have no records and saw no request since a time. A commit uses a
// resource for no longer than a moment after it found it, far less than any expiry.
func (r *resources) expire(since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for hash, list := range r.byHash {
		kept := slices.DeleteFunc(list, func(known *resource) bool {
			return known.records.Load() == 0 && known.seen.Load() < since.UnixNano()
		})
		r.count -= len(list) - len(kept)
		if len(kept) == 0 {
			delete(r.byHash, hash)
		} else {
			r.byHash[hash] = kept
		}
	}
}

func (r *resources) live() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.count
}

// write puts the resource's attributes into a map.
func (r *resources) write(res *resource, m pcommon.Map) {
	for i, v := range res.values {
		v.Put(m, r.keys[i])
	}
	if res.overflow {
		m.PutBool(OverflowKey, true)
	}
}
