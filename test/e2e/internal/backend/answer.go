// SPDX-License-Identifier: Apache-2.0

package backend

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Answer decides what the nth batch of a kind is answered, counted from 0. It may wait, until ctx ends at
// the latest.
type Answer func(ctx context.Context, n int) error

// Accept takes every batch.
func Accept(context.Context, int) error { return nil }

// AcceptAfter takes every batch after a while.
func AcceptAfter(delay time.Duration) Answer {
	return func(ctx context.Context, _ int) error {
		select {
		case <-ctx.Done():
			return status.FromContextError(ctx.Err()).Err()
		case <-time.After(delay):
			return nil
		}
	}
}

// RefuseEvery refuses each nth batch, the first one included, in a way that asks the sender to try again.
func RefuseEvery(nth int) Answer {
	return func(_ context.Context, n int) error {
		if n%nth != 0 {
			return nil
		}
		return status.Error(codes.Unavailable, "refused, try again")
	}
}

// Fail refuses every batch for good.
func Fail(context.Context, int) error {
	return status.Error(codes.InvalidArgument, "refused for good")
}

// Block never answers.
func Block(ctx context.Context, _ int) error {
	<-ctx.Done()
	return status.FromContextError(ctx.Err()).Err()
}

// answerer counts the batches of one kind and answers them as last set.
type answerer struct {
	mu sync.Mutex
	n  int
	as Answer // nil accepts
}

func (a *answerer) set(as Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.as, a.n = as, 0
}

func (a *answerer) answer(ctx context.Context) error {
	a.mu.Lock()
	as, n := a.as, a.n
	a.n++
	a.mu.Unlock()
	if as == nil {
		return nil
	}
	return as(ctx, n)
}
