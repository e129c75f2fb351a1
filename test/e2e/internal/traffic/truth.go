// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"cmp"
	"slices"
)

// Part is a part of the requests.
type Part struct{ Layer, Service, Model string }

// Truth says what the spans that were handed out describe.
type Truth map[Part]Counts

// Counts are of requests, by how they ended, and their tokens.
type Counts struct {
	Requests, Failed, Cancelled float64
	Input, Output               float64
}

// counts is what one span adds to the truth; its layer is empty if the span is no request.
type counts struct {
	part Part
	one  Counts
}

func (t Truth) add(c counts) {
	if c.part.Layer == "" {
		return
	}
	sum := t[c.part]
	sum.Requests += c.one.Requests
	sum.Failed += c.one.Failed
	sum.Cancelled += c.one.Cancelled
	sum.Input += c.one.Input
	sum.Output += c.one.Output
	t[c.part] = sum
}

// Parts lists the parts in order.
func (t Truth) Parts() []Part {
	parts := make([]Part, 0, len(t))
	for part := range t {
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Model, b.Model))
	})
	return parts
}
