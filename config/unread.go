// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// runs reports whether a metric measures the runs of tools and agents.
func runs(instruments []spanmetrics.Instrument) bool {
	return slices.ContainsFunc(instruments, func(in spanmetrics.Instrument) bool {
		return in.Measure == fact.ToolDuration || in.Measure == fact.AgentDuration
	})
}

// unread are the fields that neither a metric, nor a dimension, nor a price needs. The reader can leave them alone.
func unread(instruments []spanmetrics.Instrument, used []fact.Fact, priced bool) []fact.Fact {
	fields := []fact.Fact{fact.User, fact.Tenant, fact.Session, fact.Endpoint}
	gaps := func(in spanmetrics.Instrument) bool { return in.Measure == fact.TimePerOutputChunk }
	if !slices.ContainsFunc(instruments, gaps) {
		fields = append(fields, fact.TimePerOutputChunk)
	}
	split := func(in spanmetrics.Instrument) bool { return spanmetrics.OfModality(in.Measure) }
	if !priced {
		fields = append(fields, fact.ServiceTier, fact.CacheWriteHourTokens)
	}
	if !priced && !slices.ContainsFunc(instruments, split) {
		for _, parts := range emitter.SplitFacts {
			fields = append(fields, parts[:]...)
		}
	}
	return slices.DeleteFunc(fields, func(f fact.Fact) bool { return slices.Contains(used, f) })
}
