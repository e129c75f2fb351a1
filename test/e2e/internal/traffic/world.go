// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Settings say what world it is.
type Settings struct {
	// Seed makes one world differ from another.
	Seed uint64
	// Cycle is how long all scenes take together.
	Cycle time.Duration
	// Rate is a factor on how many tasks begin a second.
	Rate float64
}

// World is all that is simulated. Its methods may be called by several goroutines.
type World struct {
	settings Settings
	began    time.Time

	mu       sync.Mutex
	stepped  time.Time
	random   *rand.Rand
	engines  []*engine
	gpus     [GPUs]gpu
	gpuSince time.Time // when the devices were first asked for
	// pending are spans that have not ended.
	pending []span
	truth   Truth
}

// New makes a world that begins at a time, with nothing under way.
func New(s Settings, began time.Time) *World {
	w := &World{settings: s, began: began, stepped: began, random: rand.New(rand.NewPCG(s.Seed, 0)), truth: Truth{}}
	for i := range deployments {
		for _, r := range deployments[i].replicas {
			w.engines = append(w.engines, newEngine(&deployments[i], r))
		}
	}
	return w
}

// around draws a value around a median, log-normally.
func (w *World) around(median, spread float64) float64 {
	return median * math.Exp(spread*w.random.NormFloat64())
}

func (w *World) chance(p float64) bool { return w.random.Float64() < p }

// poisson draws how many things happen of which mean are expected. It is meant for small means.
func (w *World) poisson(mean float64) (n int) {
	for left := w.random.ExpFloat64(); left < mean; left += w.random.ExpFloat64() {
		n++
	}
	return n
}

// anyReplica is the choice of a gateway that does not know its engines' queues.
func (w *World) anyReplica(pool string) *engine {
	var members []*engine
	for _, e := range w.engines {
		if e.deployment.name == pool {
			members = append(members, e)
		}
	}
	return members[w.random.IntN(len(members))]
}

// gpu is what a simulated device counts.
type gpu struct {
	energy    float64 // joules
	throttled time.Duration
	seen      time.Time
}

func (w *World) traceID() (id pcommon.TraceID) {
	binary.LittleEndian.PutUint64(id[:8], w.random.Uint64()|1)
	binary.LittleEndian.PutUint64(id[8:], w.random.Uint64())
	return id
}

func (w *World) spanID() (id pcommon.SpanID) {
	binary.LittleEndian.PutUint64(id[:], w.random.Uint64()|1)
	return id
}
