// SPDX-License-Identifier: Apache-2.0

package llm

import (
	"encoding/binary"
	"hash/maphash"
)

var idSeed = maphash.MakeSeed()

// HashID returns a hash of the id of a request, which is never 0. Within a process two ids have different ones, as good as always.
func HashID(id string) uint64 { return max(maphash.String(idSeed, id), 1) }

// IDHash returns the hash of the request's id, 0 if it has none.
func (q *Request) IDHash() uint64 {
	switch {
	case q.ID == "":
		return 0
	case q.IDHashed:
		return binary.NativeEndian.Uint64([]byte(q.ID))
	default:
		return HashID(q.ID)
	}
}
