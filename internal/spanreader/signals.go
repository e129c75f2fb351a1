// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// mayYieldRun reports whether runs of tools and agents that a signal brings count only while the other one brings none. They are
// on spans, if there are spans.
func (r *Reader) mayYieldRun(signal llm.Signal, o *origin) bool {
	return signal == llm.Logs && o.counted == "" && o.service.Name != 0
}

// mayYield reports whether requests of a family that a signal brings count only while the other one brings none.
func (r *Reader) mayYield(signal llm.Signal, family int16, o *origin) bool {
	if o.counted != "" || o.service.Name == 0 {
		return false
	}
	counts := emitter.SpansCount
	if family >= 0 {
		counts = r.emitters[family].counts
	}
	switch counts {
	case emitter.LogsCount:
		return signal == llm.Spans
	case emitter.BothCount:
		return false
	default:
		return signal == llm.Logs
	}
}
