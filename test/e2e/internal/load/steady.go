// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	// attemptTimeout bounds one attempt to hand over a batch.
	attemptTimeout = 5 * time.Second
	// pause is how long a sender waits before it sends a refused batch again.
	pause = 25 * time.Millisecond
)

// Steady calls do n times, rate times a second, and stops early at the first error or when ctx ends.
func Steady(ctx context.Context, rate float64, n int, do func(i int) error) error {
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	for i := range n {
		if err := do(i); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// Until sends a batch again and again until the collector accepts it, as SDKs do. It says how many attempts that took. It gives
// up when ctx ends.
func Until(ctx context.Context, to Sender, batch ptrace.Traces) (attempts int, err error) {
	for attempts = 1; ; attempts++ {
		attempt, cancel := context.WithTimeout(ctx, attemptTimeout)
		err = to.Send(attempt, batch)
		cancel()
		if err == nil {
			return attempts, nil
		}
		select {
		case <-ctx.Done():
			return attempts, fmt.Errorf("not accepted in %d attempts: %w", attempts, err)
		case <-time.After(pause):
		}
	}
}
