// SPDX-License-Identifier: Apache-2.0

package settling

import (
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
