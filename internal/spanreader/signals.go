// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// countedOf returns which signal the user has counted of a resource's service, if any.
func (r *Reader) countedOf(resource pcommon.Map) string {
	if len(r.options.Signals) == 0 {
		return ""
	}
	name, ok := resource.Get("service.name")
	if !ok || name.Type() != pcommon.ValueTypeStr {
		return ""
	}
	counted, _ := r.signals.find(name.Str())
	return counted
}

// takes reports whether requests of a service are read from a signal, by the user's choice.
func (o *origin) takes(signal llm.Signal) bool { return o.counted != signal.Other().Pipeline() }

// mayYieldRun reports whether runs of tools and agents that a signal brings count only while the other one brings none: on spans
// they are, if there are spans.
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
