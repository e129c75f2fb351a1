// SPDX-License-Identifier: Apache-2.0

// Package boards holds the dashboards, one in a file.
package boards

import (
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
