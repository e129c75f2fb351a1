// SPDX-License-Identifier: Apache-2.0

package config

import (
	"maps"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/enrichment"
	"github.com/otelcol-llm/otelcol-llm/internal/pricing"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Compiled is what the components of this module run. The types of its fields are internal: importers have no use for it.
type Compiled struct {
	// Config is what was compiled. It must not change any more.
	Config *Config
	// Options are those of the engine, but for its conditions, which need a logger.
	Options spanmetrics.Options
	// Conditions are the texts of all conditions, in the order of their bits.
	Conditions []string
	// Enricher writes to spans what was derived from them; nil if nothing is to be written.
	Enricher *enrichment.Enricher
	// Warnings are what the configuration may do that the user does not expect.
	Warnings []string
}

// Compile compiles a valid configuration. It is for the components of this module, which call it once at their start.
func (c *Config) Compile() *Compiled {
	all, general, compiler := c.compile()
	options := spanmetrics.Options{
		Dimensions:        general,
		Targets:           c.targets(),
		Interval:          c.FlushInterval,
		SharedResource:    sharedResource,
		InstanceResource:  instanceResource,
		Collector:         c.CollectorID,
		CollectorOnPoints: c.CollectorIDOnPoints,
		Delta:             c.Temporality == Delta,
		ZeroPoint:         c.ZeroPoint,
		Exemplars:         c.Exemplars,
		MaxBuckets:        c.ExponentialMaxSize,
		Reading:           c.Reading.options(),
		Limits:            c.Limits.options(),
		Waiting:           c.waiting(),
		Recent:            spanmetrics.RecentWindow{Size: c.RecentRequests.Size, Age: c.RecentRequests.Age},
	}
	for i := range all {
		options.Instruments = append(options.Instruments, all[i].Instrument)
	}
	options.Reading.Dimensions, options.Reading.Numbers = compiler.attributes, compiler.numbers
	options.Reading.Unread, options.Reading.Runs = unread(options.Instruments, compiler.used, c.Prices.Set()), runs(options.Instruments)
	c.Prices.read(&options.Reading)
	for _, l := range c.Layers {
		options.Layers = append(options.Layers, layers[l])
	}
	return &Compiled{
		Config:     c,
		Options:    options,
		Conditions: compiler.conditions,
		Enricher:   c.Enrichment.enricher(),
		Warnings:   c.warnings(all, general),
	}
}

// Prices returns the prices for requests that are read with Options, with those of a list by name.
func (c *Compiled) Prices(names map[string]pricing.Price) *pricing.Table {
	return c.Config.Prices.table(c.Options.Reading, names)
}

func (c *Config) waiting() settling.Options {
	n := c.Limits.WaitingRequests
	return settling.Options{
		Wait: c.DecisionWait, Unfinished: settling.MaxUnfinished, Requests: n, Bytes: n * waitingBytes, Spans: n * waitingSpans,
		Group: settling.MaxGroup,
	}
}

// targets compiles the targets, in the order of their names.
func (c *Config) targets() (targets []spanmetrics.Target) {
	for _, name := range slices.Sorted(maps.Keys(c.Targets)) {
		t := c.Targets[name]
		targets = append(targets, spanmetrics.Target{
			Name: name, Models: t.Models, Providers: t.Providers, Layers: mapped(t.Layers, layers),
			TTFT: t.TimeToFirstToken.Seconds(), TimePerOutputToken: t.TimePerOutputToken.Seconds(), Duration: t.Duration.Seconds(),
		})
	}
	return targets
}
