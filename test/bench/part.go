// SPDX-License-Identifier: Apache-2.0

package main

// part is one of the measurements. docs/benchmarks.md has a place for the tables of each.
type part struct {
	name, what string
	measure    func(effort) (report, error)
	// lean parts need the small collector that contrib's parts are built into; whole parts the distribution's.
	lean, whole bool
}

// parts are all measurements, in the order of the page.
var parts = []part{
	{name: "outcome", what: "the same outcome, in one process", measure: measureOutcome},
	{name: "outcome-whole", what: "the same outcome, whole collectors", measure: measureOutcomeWhole, lean: true},
	{name: "gate", what: "whole collectors, with metrics and without", measure: measureGate, whole: true},
	{name: "span", what: "CPU of a span", measure: measureSpan},
	{name: "engine", what: "the engine alone, warm and cold", measure: measureEngine},
	{name: instructionsPart, what: "instructions of the engine", measure: measureInstructions},
	{name: "choices", what: "other settings of the processor", measure: measureChoices},
	{name: "settings", what: "settings around the processor", measure: measureSettings, whole: true},
	{name: "connections", what: "memory of connections", measure: measureConnections, whole: true},
	{name: "growth", what: "growth with sets and senders", measure: measureGrowth},
	{name: "scrape", what: "scrapes of a full configuration", measure: measureScrape, whole: true},
	{name: "tiers", what: "two tiers", measure: measureTiers, whole: true},
	{name: "profile", what: "the same program with a profile and without", measure: measureProfile, whole: true},
}
