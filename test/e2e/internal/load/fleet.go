// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
)

// Fleet is a number of senders. Each sends fresh copies of one exchange, one after the other. It sends what was refused again
// until it is accepted.
type Fleet struct {
	cancel   context.CancelFunc
	senders  sync.WaitGroup
	accepted atomic.Int64
	attempts atomic.Int64
	err      error
	once     sync.Once
}

const (
	// fleetRate is how many exchanges a second each sender of a fleet sends at most.
	fleetRate = 100
	// fleetLimit bounds what each sender of a fleet sends.
	fleetLimit = 20_000
	// ending bounds how long a stopped sender goes on with its last exchange. The collector may have accepted it in part.
	ending = 20 * time.Second
)

// StartFleet starts one sender per element of to, which may name one sender several times. They send until
// Stop, or each n exchanges.
func StartFleet(exchange capture.Exchange, n int, to ...Sender) *Fleet {
	ctx, cancel := context.WithCancel(context.Background())
	f := &Fleet{cancel: cancel}
	for _, sender := range to {
		f.senders.Go(func() {
			err := Steady(ctx, fleetRate, min(n, fleetLimit), func(int) error { return f.send(sender, exchange) })
			if err != nil && ctx.Err() == nil {
				f.once.Do(func() { f.err = err })
			}
		})
	}
	return f
}

func (f *Fleet) send(to Sender, exchange capture.Exchange) error {
	ctx, cancel := context.WithTimeout(context.Background(), ending)
	defer cancel()
	for _, batch := range exchange.Fresh(time.Now()) {
		attempts, err := Until(ctx, to, batch)
		f.attempts.Add(int64(attempts))
		if err != nil {
			return err
		}
	}
	f.accepted.Add(1)
	return nil
}

// Accepted is how many exchanges the collector has accepted so far.
func (f *Fleet) Accepted() int { return int(f.accepted.Load()) }

// Stop lets each sender finish its exchange; see Wait.
func (f *Fleet) Stop() (accepted, attempts int, err error) {
	f.cancel()
	return f.Wait()
}

// Wait waits until every sender has sent its share. It answers how many exchanges were accepted and how many attempts that took.
// It also answers the first error that made a sender give up.
func (f *Fleet) Wait() (accepted, attempts int, err error) {
	f.senders.Wait()
	f.cancel()
	return int(f.accepted.Load()), int(f.attempts.Load()), f.err
}
