// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"errors"
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// roundRobin is a load balancer that knows nothing of traces.
type roundRobin struct {
	to   []Sender
	next atomic.Int64
}

// RoundRobin gives each batch to the next one of some senders, and again to the first after the last.
func RoundRobin(to ...Sender) Sender { return &roundRobin{to: to} }

func (r *roundRobin) Send(ctx context.Context, batch ptrace.Traces) error {
	n := r.next.Add(1) - 1
	return r.to[n%int64(len(r.to))].Send(ctx, batch)
}

func (r *roundRobin) Close() error {
	var errs []error
	for _, to := range r.to {
		errs = append(errs, to.Close())
	}
	return errors.Join(errs...)
}
