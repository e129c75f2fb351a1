// SPDX-License-Identifier: Apache-2.0

package llmengineprocessor

import (
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otelcol-llm/otelcol-llm/internal/confcheck"
	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
)

// Config is the configuration of the processor.
type Config struct {
	enginemetrics.Config `mapstructure:",squash"`

	// KeepSource passes the engines' own metrics on, too; on by default. Without it, those that were read end here.
	KeepSource bool `mapstructure:"keep_source"`
	// KeepOthers passes on what an engine's page has beside that; on by default. It is metrics of its web server and runtime, and
	// those that are not in the vocabulary. Without it, only what the Prometheus receiver says of the scrape passes.
	KeepOthers bool `mapstructure:"keep_others"`
	// EngineAttribute is a resource attribute that names the engine, so that the state of targets is known that never answered. There
	// is none by default.
	EngineAttribute string `mapstructure:"engine_attribute"`
	// Histograms adds the engine's latency histograms; off by default.
	Histograms bool `mapstructure:"histograms"`

	_ struct{} // no unkeyed literals
}

// Unmarshal names mistakes with their key, value and what is allowed.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return confcheck.Unmarshal(conf, c) }

func createDefaultConfig() component.Config {
	return &Config{Config: enginemetrics.DefaultConfig(), KeepSource: true, KeepOthers: true}
}
