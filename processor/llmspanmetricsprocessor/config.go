// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor

import "github.com/otelcol-llm/otelcol-llm/config"

// Config is the configuration of the processor.
type Config = config.Config
