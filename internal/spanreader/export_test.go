// SPDX-License-Identifier: Apache-2.0

package spanreader

import "github.com/otelcol-llm/otelcol-llm/internal/llm"

// BatchOf returns a batch with one request.
func BatchOf(q *llm.Request) *Batch {
	b := &Batch{}
	*b.Add().Request = *q
	return b
}
