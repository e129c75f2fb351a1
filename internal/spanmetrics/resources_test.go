// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

func TestAResourceThatIsJustFoundDoesNotExpire(t *testing.T) {
	r := newResources([]string{"service.name"}, 1<<20, maphash.MakeSeed())
	var latest atomic.Int64 // what was found before has expired
	stop := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				r.expire(time.Unix(0, latest.Load()))
			}
		}
	})
	for i := range int64(100_000) {
		name, now := []attr.Value{attr.Int(i)}, time.Unix(0, i+1)
		latest.Store(i + 1)
		if found := r.find(name, now.UnixNano()); !assert.Same(t, found, r.find(name, now.UnixNano())) {
			break
		}
	}
	close(stop)
	group.Wait()
}
