// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// join merges two candidates of the relation that is applied if they are related.
func (f *Forest) join(kept, other int32) (related bool) {
	r, q, o := f.relation, &f.requests[kept], &f.requests[other]
	if !r.relates(q, o) {
		return false
	}
	f.unite(kept, other)
	if r.prefers != nil && r.prefers(q, o) {
		kept, other, q, o = other, kept, o, q
	}
	if o.Duplicate == llm.Unique {
		o.Duplicate = r.rule
	}
	if r.rule == llm.Sibling {
		f.root[other] = kept
	}
	if r.merge != nil {
		r.merge(q, o)
	}
	return true
}
