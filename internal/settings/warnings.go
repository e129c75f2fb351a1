package settings

import (
	"fmt"

	"github.com/otelcol-llm/otelcol-llm/internal/promname"
)

// Warnings tells what valid settings may do that the user does not expect.
func (c *Config) Warnings() []string {
	var warnings []string
	all, _, _ := c.compile()
	owners := map[string]string{}
	for i := range all {
		in := &all[i]
		if i > 0 && all[i-1].key == in.key {
			continue // another row of the same metric
		}
		if in.unlayered {
			warnings = append(warnings, fmt.Sprintf("%s::dimensions leaves out the layer, so that a request that client, gateway and "+
				"server tell of is measured three times in one series: add {concept: layer}, or restrict the layers.", in.key))
		}
		shown, err := promname.Of(&in.Instrument)
		if err != nil {
			continue // of no name that passes Validate
		}
		if plain, err := promname.Plain(&in.Instrument); err == nil && in.chosen && shown != plain {
			warnings = append(warnings, fmt.Sprintf("%s: Prometheus shows %s as %s, since it is a %s of unit %q.",
				in.key, in.Name, shown, in.Kind, in.Unit))
		}
		if owner, taken := owners[shown]; taken {
			warnings = append(warnings, fmt.Sprintf("%s: Prometheus shows it as %s, which is the name of %s, too.", in.key, shown, owner))
		}
		owners[shown] = in.key
	}
	return warnings
}
