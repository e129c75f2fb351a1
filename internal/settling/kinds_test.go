// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestTextsOfKindsAreComparedToTheLastByte(t *testing.T) {
	const letters = "opentelemetry.instrumentation.openai"
	for n := range len(letters) + 1 {
		text := letters[:n]
		memory := "before" + strings.Clone(text) + "after"
		from, to := uint32(len("before")), uint32(len("before")+n)
		of := unsafe.Pointer(unsafe.StringData(memory))
		require.True(t, is(of, from, to, text), text)
		require.False(t, is(of, from, to, text+"a"), text)
		require.False(t, is(of, from, to+1, text), text)
		for i := range n {
			other := []byte(text)
			other[i] ^= 1
			require.False(t, is(of, from, to, string(other)), "%s, %s", text, other)
		}
	}
}

func TestKindsDifferByTheirFinishReasons(t *testing.T) {
	stop, other := "stop", strings.Clone("stop")
	for _, reasons := range [...][]string{{stop}, {other}, {"halt"}, {}, {stop, "halt"}, {"halt", stop}, {stop, stop}, {""}} {
		for _, before := range [...][]string{{stop}, {other}, {"halt"}, {}, {stop, "halt"}, {"halt", stop}, {stop, stop}, {""}} {
			table, number := New(testOptions()), [2]uint32{}
			for i, reasons := range [...][]string{before, reasons} {
				b := batchOf(request(1, 2, 3))
				b.Finishes = reasons
				q := &b.Described[0]
				q.FinishReason, q.FinishRange = stop, [2]int32{0, int32(len(reasons))}
				number[i] = table.kinds.hold(b, q, &table.places, table.places.find(b.Resource(0)))
			}
			require.Equal(t, slices.Equal(before, reasons), number[0] == number[1], "%q, %q", before, reasons)
		}
	}
}

// The garbage collector ends a program that has a pointer behind a memory. Without the race detector's checks it seldom shows.
func TestNoPointerLeadsBehindTheMemoryOfTexts(t *testing.T) {
	for size := 1; size < 100; size++ {
		k, q := kind{}, request(1, 2, 3)
		q.RequestModel = strings.Repeat("m", size) // all others are empty
		k.keep(q, nil)
		k.memory = slices.Clip(k.memory)
		base := uintptr(unsafe.Pointer(unsafe.StringData(k.all)))
		for i := range textsOfKind {
			if data := uintptr(unsafe.Pointer(unsafe.StringData(k.at(i)))); data != 0 {
				require.GreaterOrEqual(t, data, base)
				require.Less(t, data, base+uintptr(size))
			}
		}
		require.True(t, k.texts.are(q))
	}
}
