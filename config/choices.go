// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/condition"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Layer is where a request is measured.
type Layer string

// The choices for Layer.
const (
	LayerClient  Layer = "client"  // SDKs and frameworks
	LayerGateway Layer = "gateway" // proxies on the way
	LayerServer  Layer = "server"  // engines
)

var layers = map[Layer]llm.Layer{
	"client": llm.Client, "gateway": llm.Gateway, "server": llm.Server,
}

// Validate checks the layer's name.
func (l Layer) Validate() error {
	if _, ok := layers[l]; !ok {
		return fmt.Errorf("must be \"client\", \"gateway\" or \"server\", got %q", string(l))
	}
	return nil
}

// Holder is what has attributes.
type Holder string

// The choices for Holder.
const (
	FromSpan     Holder = "span"
	FromScope    Holder = "scope"
	FromResource Holder = "resource"
)

var holders = map[Holder]spanreader.Holder{
	"": spanreader.OfSpan, "span": spanreader.OfSpan, "scope": spanreader.OfScope, "resource": spanreader.OfResource,
}

// Validate checks one of the choices.
func (h Holder) Validate() error {
	if _, ok := holders[h]; !ok {
		return fmt.Errorf("must be \"span\", \"scope\" or \"resource\", got %q", string(h))
	}
	return nil
}

// Condition is an OTTL condition on a span, such as attributes["app.tier"] == "gold". Where it cannot be evaluated it
// does not hold, which llm_span_metrics_condition_errors counts.
type Condition string

// Validate checks the condition's language.
func (c Condition) Validate() error {
	if c == "" {
		return nil
	}
	return condition.Check(string(c))
}

// mapped returns what the choices mean, each once.
func mapped[K comparable, V comparable](choices []K, meanings map[K]V) (meant []V) {
	for _, choice := range choices {
		if v := meanings[choice]; !slices.Contains(meant, v) {
			meant = append(meant, v)
		}
	}
	return meant
}

// listed returns the keys of a map as a text.
func listed[K ~string, V any](choices map[K]V) string {
	names := make([]string, 0, len(choices))
	for name := range choices {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
