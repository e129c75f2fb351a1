// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestAShardFindsWhatWasAddedAndNotRemoved(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s, res := shard{chains: make([]*record, minChains)}, &resource{}
	var known []*record
	for range 20_000 {
		if len(known) > 0 && random.IntN(5) < 2 {
			i := random.IntN(len(known))
			s.remove(known[i])
			assert.Nil(t, s.find(&identity{hash: known[i].hash, resource: res, group: known[i].group}))
			known[i] = known[len(known)-1]
			known = known[:len(known)-1]
			continue
		}
		// Some share a hash, more a chain.
		r := &record{hash: random.Uint64N(4000) * 1024, resource: res, group: uint16(len(known))}
		if s.find(&identity{hash: r.hash, resource: res, group: r.group}) == nil {
			s.add(r)
			known = append(known, r)
		}
	}
	for _, r := range known {
		assert.Same(t, r, s.find(&identity{hash: r.hash, resource: res, group: r.group}))
	}
	assert.Equal(t, len(known), s.count)
}

// Shards grow while a collection goes through them, and may be unlocked in the middle.
func TestACollectionShowsEachSetOnceWhileSetsAreAdded(t *testing.T) {
	tracetest.Long(t)
	const first, more = 3_000, 20_000
	options := testOptions()
	options.Limits.DimensionSets, options.Limits.DimensionSetsPerResource, options.Limits.ValuesPerDimension = 1<<20, 1<<20, 1<<20
	e := New(options, epoch)
	commit := func(from, to int) {
		for ; from < to; from += 100 {
			traces := tracetest.Make(tracetest.Shape{Spans: 100, Sets: first + more, First: from})
			e.Commit(e.Read(traces), epoch)
		}
	}
	commit(0, first)
	var adding sync.WaitGroup
	adding.Go(func() { commit(first, first+more) })
	for range 5 {
		seen := map[string]int{}
		_, err := e.Collect(epoch, func(metrics pmetric.Metrics) error {
			points(metrics, "llm.requests", func(attributes pcommon.Map) {
				model, _ := attributes.Get("gen_ai.request.model")
				seen[model.Str()]++
			})
			return nil
		})
		assert.NoError(t, err)
		for i := range first {
			assert.Equal(t, 1, seen[fmt.Sprintf("gpt-4o-%d", i)])
		}
		for model, times := range seen {
			assert.Equal(t, 1, times, model)
		}
	}
	adding.Wait()
}

// points calls yield for each point of a counter.
func points(metrics pmetric.Metrics, name string, yield func(pcommon.Map)) {
	for _, rm := range metrics.ResourceMetrics().All() {
		for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
			if m.Name() != name {
				continue
			}
			for _, p := range m.Sum().DataPoints().All() {
				yield(p.Attributes())
			}
		}
	}
}
