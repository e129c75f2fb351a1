// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsconnector

import (
	"errors"
	"slices"

	"go.opentelemetry.io/collector/confmap"

	"github.com/otelcol-llm/otelcol-llm/config"
)

// Config is the configuration of the connector: the same settings as the processor's, for pipelines without
// one. Where there is a processor of the same id, its settings count and the connector may set none.
type Config struct {
	// Settings are those of config.Config.
	Settings config.Config `mapstructure:",squash"`

	// written are the keys that the user wrote.
	written []string
}

var _ confmap.Unmarshaler = (*Config)(nil)

// Unmarshal remembers which keys the user wrote, which the values do not show.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	c.written = conf.AllKeys()
	slices.Sort(c.written)
	return c.Settings.Unmarshal(conf)
}

// Validate checks what only a processor can do.
func (c *Config) Validate() error {
	if c.Settings.Enrichment.Enabled {
		return errors.New("enrichment::enabled: must be false on a connector, which hands no spans on; " +
			"to enrich them, set it on a processor of the same name")
	}
	return nil
}
