// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"runtime"
	"sync"
)

// reuse keeps values that goroutines need for a while. A sync.Pool alone loses one at about every second garbage collection. What
// lies on another processor's place is out of reach then. Under load that is a megabyte each time.
type reuse[T any] struct {
	// kept are those that stay, one for each processor at most.
	kept chan T
	pool sync.Pool
}

func newReuse[T any](create func() T) reuse[T] {
	return reuse[T]{kept: make(chan T, runtime.GOMAXPROCS(0)), pool: sync.Pool{New: func() any { return create() }}}
}

func (r *reuse[T]) get() T {
	select {
	case value := <-r.kept:
		return value
	default:
		return r.pool.Get().(T)
	}
}

// put takes a value back. One that is large is left to the garbage collector when nobody needs it.
func (r *reuse[T]) put(value T, large bool) {
	if !large {
		select {
		case r.kept <- value:
			return
		default:
		}
	}
	r.pool.Put(value)
}
