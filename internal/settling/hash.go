// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// hasher hashes trace ids, several times for each request. It multiplies them by secrets, which takes a fifth of the instructions of
// maphash.
type hasher [3]uint64

func newHasher() (h hasher) {
	for i := range h {
		h[i] = maphash.Bytes(maphash.MakeSeed(), nil) | 1
	}
	return h
}

func (h *hasher) trace(id *pcommon.TraceID) uint64 {
	of := halvesOf(id)
	high, low := bits.Mul64(of.high^h[0], of.low^h[1])
	high, low = bits.Mul64(high^low^h[0], h[2])
	return high ^ low
}

// halves are the two halves of a trace id, or hashes of another id.
type halves struct{ high, low uint64 }

// halvesOf returns the halves of a trace id. Of a copy of the id, the compiler would read each byte by itself.
func halvesOf(id *pcommon.TraceID) halves {
	return halves{binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:])}
}
