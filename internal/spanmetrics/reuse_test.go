// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatIsReusedOutlivesGarbageCollections(t *testing.T) {
	made := 0
	r := newReuse(func() *[64]byte { made++; return new([64]byte) })
	first := r.get()
	r.put(first, false)
	for range 3 {
		runtime.GC()
	}
	assert.Same(t, first, r.get())
	assert.NotSame(t, first, r.get(), "in use")
	assert.Equal(t, 2, made)
}

func TestWhatIsLargeIsLeftToGarbageCollections(t *testing.T) {
	r := newReuse(func() *[64]byte { return new([64]byte) })
	first := r.get()
	r.put(first, true)
	for range 3 {
		runtime.GC()
	}
	assert.Empty(t, r.kept)
}
