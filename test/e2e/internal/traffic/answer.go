// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// task is one thing that a user wants of a service: all its spans are in one trace.
type task struct {
	world   *World
	service *service
	scene   Scene
	tenant  string
	trace   pcommon.TraceID
}

// answer is what becomes of a request, as its client sees it.
type answer struct {
	model         model
	name          string // of the model, as it was asked for
	streamed      bool
	start         time.Time
	first, end    time.Time
	input, cached int
	output        int
	finish        string
	failure       string // error.type; empty for what did not fail
	httpStatus    int
	cancelled     bool
	retries       int
	call          call
}

func (a answer) succeeded() bool { return a.failure == "" && !a.cancelled }

// counts is what a span of the request adds to the truth.
func (a answer) counts(layer, service string) counts {
	c := counts{part: Part{layer, service, a.name}, one: Counts{Requests: 1}}
	switch {
	case a.cancelled:
		c.one.Cancelled = 1
	case a.failure != "":
		c.one.Failed = 1
	default:
		c.one.Input, c.one.Output = float64(a.input), float64(a.output)
	}
	return c
}

// application is the process of the service.
func (t task) application() process {
	return process{name: t.service.name, namespace: t.service.namespace}
}
