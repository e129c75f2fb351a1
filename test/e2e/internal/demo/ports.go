// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
)

// What listens beside the collector.
var (
	Page    = collector.Port{Use: "database and its page", Env: "OTELCOL_LLM_DATABASE_PORT", Default: 8428}
	Engines = collector.Port{Use: "simulated engines", Env: "OTELCOL_LLM_ENGINES_PORT", Default: 18000}
)

// Ports are all that the demo listens on.
func Ports() []collector.Port { return append([]collector.Port{Page, Engines}, collector.Ports...) }

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 20 * time.Second
	// step is how often spans are sent.
	step = 200 * time.Millisecond
	// interval is how often the database asks; the collector delivers as often.
	interval = 2 * time.Second
)
