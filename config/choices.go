// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/condition"
	"github.com/otelcol-llm/otelcol-llm/internal/confcheck"
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

// oneOf says which names there are, what was written, and which name is nearest to that.
func oneOf[K ~string, V any](choices map[K]V, written string) string {
	names := make([]string, 0, len(choices))
	for name := range choices {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return notAmong(names, written)
}

// notAmong is oneOf for names in an order of their own.
func notAmong(names []string, written string) string {
	return fmt.Sprintf("must be one of %s, got %q", strings.Join(names, ", "), written) + confcheck.DidYouMean(names, written)
}
