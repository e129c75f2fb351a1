// SPDX-License-Identifier: Apache-2.0

package loopback

import (
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Test programs run side by side: while one has not begun to listen, no other may be given its port.
func TestReservedPortsDiffer(t *testing.T) {
	const callers, each = 20, 10
	given := make([][]int, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			ports, release, err := Reserve(each)
			if assert.NoError(t, err) {
				t.Cleanup(release)
				given[i] = ports
			}
		})
	}
	wg.Wait()
	all := slices.Concat(given...)
	require.Len(t, all, callers*each)
	slices.Sort(all)
	assert.Len(t, slices.Compact(all), callers*each)
}

func TestReservedPortCanBeListenedOn(t *testing.T) {
	ports, release, err := Reserve(1)
	require.NoError(t, err)
	defer release()
	listener, err := net.Listen("tcp", address(ports[0]).String())
	require.NoError(t, err)
	assert.ErrorContains(t, CheckFree(listener.Addr().String()), "in use")
	require.NoError(t, listener.Close())
	assert.NoError(t, CheckFree(listener.Addr().String()))
}
