// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// runs reports whether a metric tells of the runs of tools and agents.
func runs(instruments []spanmetrics.Instrument) bool {
	return slices.ContainsFunc(instruments, func(in spanmetrics.Instrument) bool {
		return in.Measure == spanmetrics.ToolRun || in.Measure == spanmetrics.AgentRun
	})
}

// unread are the fields that neither a metric nor a dimension tells, so that the reader can leave them alone.
func unread(instruments []spanmetrics.Instrument, used []dialect.Field) []dialect.Field {
	fields := []dialect.Field{dialect.User, dialect.Tenant, dialect.Session, dialect.Endpoint}
	gaps := func(in spanmetrics.Instrument) bool { return in.Measure == spanmetrics.ChunkGaps }
	if !slices.ContainsFunc(instruments, gaps) {
		fields = append(fields, dialect.ChunkGap)
	}
	if !slices.ContainsFunc(instruments, func(in spanmetrics.Instrument) bool { return in.Measure.OfModality() }) {
		for _, parts := range dialect.SplitFields {
			fields = append(fields, parts[:]...)
		}
	}
	return slices.DeleteFunc(fields, func(f dialect.Field) bool { return slices.Contains(used, f) })
}
