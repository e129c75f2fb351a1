// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/promname"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// warnings says what valid settings may do that the user does not expect.
func (c *Config) warnings(all []defined, general []spanmetrics.Dimension) []string {
	var warnings []string
	owners := map[string]string{}
	for i := range all {
		in := &all[i]
		if i > 0 && all[i-1].key == in.key {
			continue // another row of the same metric
		}
		if in.unlayered {
			warnings = append(warnings, fmt.Sprintf("%s::dimensions leaves out the layer, so that a request that client, gateway and "+
				"server report is measured three times in one series: add {concept: layer}, or restrict the layers.", in.key))
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
	return slices.Concat(warnings, labelWarnings(all, general), c.patternWarnings())
}

// exporterLabels are set by Prometheus's exporter itself, or mean something to Prometheus.
var exporterLabels = []string{"job", "instance", "le", "quantile", "otel_scope_name", "otel_scope_version", "otel_scope_schema_url"}

// labelWarnings names attributes that Prometheus shows as one label, with which the exporter drops the whole metric.
func labelWarnings(all []defined, general []spanmetrics.Dimension) []string {
	var warnings []string
	told := map[string]bool{}
	check := func(setting string, keys []string) {
		owners := map[string]string{}
		for _, label := range exporterLabels {
			owners[label] = "the exporter itself"
		}
		for _, key := range slices.Concat(sharedResource, instanceResource, []string{spanmetrics.CollectorKey}, keys) {
			label, err := promname.Label(key)
			if err != nil {
				continue
			}
			owner, taken := owners[label]
			if taken && owner != key && !told[key] {
				told[key] = true
				warnings = append(warnings, fmt.Sprintf("%s: Prometheus shows %s as the label %s, which is that of %s, too, so that its exporter "+
					"drops the metrics: give it another name.", setting, key, label, owner))
			}
			owners[label] = key
		}
	}
	check("dimensions", append(spanmetrics.DimensionKeys(), keysOf(general)...))
	for i := range all {
		check(all[i].key+"::dimensions", append(keysOf(all[i].Own), keysOf(all[i].Extra)...))
	}
	return warnings
}

func keysOf(dimensions []spanmetrics.Dimension) (keys []string) {
	for _, d := range dimensions {
		keys = append(keys, d.Key)
	}
	return keys
}
