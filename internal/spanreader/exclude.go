// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// excludes reports whether the user leaves out spans for one of these attributes. Most users leave out none.
func (r *Reader) excludes(of Holder, attributes pcommon.Map) bool {
	return len(r.options.Exclude) > 0 && r.excludesOne(of, attributes)
}

func (r *Reader) excludesOne(of Holder, attributes pcommon.Map) bool {
	for i := range r.options.Exclude {
		e := &r.options.Exclude[i]
		if e.Of != of {
			continue
		}
		if v, ok := attributes.Get(e.Key); ok && fits(e.Value, v) {
			return true
		}
	}
	return false
}

// fits reports whether a value's text, or that of an item of a list, fits a pattern.
func fits(pattern string, v pcommon.Value) bool {
	if v.Type() != pcommon.ValueTypeSlice {
		return match.Match(pattern, v.AsString())
	}
	for _, item := range v.Slice().All() {
		if match.Match(pattern, item.AsString()) {
			return true
		}
	}
	return false
}
