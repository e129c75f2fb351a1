// SPDX-License-Identifier: Apache-2.0

// Package boards holds the dashboards, one in a file.
package boards

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"
)

// All returns the dashboards.
func All() []grafana.Board {
	return []grafana.Board{
		overview(),
		latency(),
		tokens(),
		codingAgents(),
		errorBoard(),
		engines(),
		efficiency(),
		gpuFleet(),
		gpuDetail(),
		gpuOwners(),
		collector(),
	}
}

// with are variables and some more.
func with(variables []grafana.Variable, more ...grafana.Variable) []grafana.Variable {
	return slices.Concat(variables, more)
}

// errorSteps judge shares of failed requests: from 1 % on users notice, from 5 % on it is an outage.
var errorSteps = []grafana.Step{{From: 0.01, Color: "yellow"}, {From: 0.05, Color: "red"}}
