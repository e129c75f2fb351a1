// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/confmap"
)

// A number without a unit would be nanoseconds. A name that does not exist would have to be looked up.
func TestMistakesAreNamedWithWhatIsAllowed(t *testing.T) {
	for want, set := range map[string]map[string]any{
		"collection_interval: must be a time with its unit, such as 15s or 5m, got 15":                             {"collection_interval": 15},
		"helper::start_timeout: must be a time with its unit":                                                      {"helper": map[string]any{"start_timeout": 60}},
		"interval: there is no such setting; there are codec_utilization, collection_interval, device_attributes,": {"interval": "15s"},
		"helper::restart: there is no such setting; there are max_restart_delay, restart_delay, start_timeout":     {"helper": map[string]any{"restart": "5s"}},
		"metrics::hw.powr: there is no such setting; did you mean hw.power? there are hw.energy,":                  {"metrics": map[string]any{"hw.powr": map[string]any{"enabled": true}}},
		"metrics::hw.power::on: there is no such setting; there are":                                               {"metrics": map[string]any{"hw.power": map[string]any{"on": true}}},
		"metrics::hw.power::enabled: must be true or false, got \"yes please\"":                                    {"metrics": map[string]any{"hw.power": map[string]any{"enabled": "yes please"}}},
	} {
		assert.ErrorContains(t, confmap.NewFromStringMap(set).Unmarshal(createDefaultConfig()), want)
	}
}
