// SPDX-License-Identifier: Apache-2.0

// Package alerts holds the alerts and recording rules that are shipped, as rows, and makes Prometheus' files of them.
package alerts

import "time"

// File is one file of rules.
type File struct {
	// Name is in rules_<name>.yaml.
	Name   string
	Groups []Group
}

// Group are rules that Prometheus evaluates together.
type Group struct {
	Name string
	// Interval is between two evaluations; zero is Prometheus' own.
	Interval   time.Duration
	Recordings []Recording
	Alerts     []Alert
}

// Recording keeps the result of a query as a series.
type Recording struct {
	Record string
	// Text is PromQL as package query expands it.
	Text   string
	Labels map[string]string
	// Comment is what the file says above the rule.
	Comment string
}

// Alert is one alert. Its runbook is the heading of its name in docs/runbook.md.
type Alert struct {
	Name string
	// Text is PromQL as package query expands it, where <threshold:name> is a row of Thresholds.
	Text string
	// For is how long it must hold.
	For      time.Duration
	Severity Severity
	// Summary says in one line what is wrong, with the number.
	Summary string
	// Action is what to do first.
	Action string
}

// Severity is whom an alert concerns.
type Severity string

// The severities.
const (
	// Page wakes somebody: users suffer now.
	Page Severity = "page"
	// Ticket can wait for the morning.
	Ticket Severity = "ticket"
)

const (
	after5m  = 5 * time.Minute
	after10m = 10 * time.Minute
	after15m = 15 * time.Minute
)
