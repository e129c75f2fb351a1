// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/otelcol-llm/otelcol-llm/config"
)

// The three settings that people change: dimensions, prices and targets.
func Example() {
	input, output := 2.5, 10.0 // US dollars per million tokens

	cfg := config.Default()
	cfg.Dimensions = []config.Dimension{{Concept: "tenant", Default: "none"}}
	cfg.Prices.Models = []config.ModelPrice{{Model: "gpt-4o*", TokenPrices: config.TokenPrices{Input: &input, Output: &output}}}
	cfg.Targets = map[string]config.Target{
		"interactive": {TimeToFirstToken: time.Second, Layers: []config.Layer{config.LayerClient}},
	}

	fmt.Println(confmap.Validate(cfg))
	// Output: <nil>
}

// Values that make no sense are named with their key, what they must be and what they are.
func ExampleConfig_Validate() {
	cfg := config.Default()
	cfg.FlushInterval = time.Millisecond
	cfg.Layers = []config.Layer{"proxy"}

	fmt.Println(confmap.Validate(cfg))
	// Output:
	// flush_interval: must be at least 100ms, got 1ms
	// layers::0: must be "client", "gateway" or "server", got "proxy"
}

// Settings as users write them, in YAML.
func ExampleConfig_Unmarshal() {
	written, err := confmap.NewRetrievedFromYAML([]byte("flush_interval: 30s\nlimits: {dimension_sets: 5000}"))
	if err != nil {
		panic(err)
	}
	conf, err := written.AsConf()
	if err != nil {
		panic(err)
	}

	cfg := config.Default()
	fmt.Println(cfg.Unmarshal(conf))
	fmt.Println(cfg.FlushInterval, cfg.Limits.DimensionSets, cfg.Limits.Resources)
	// Output:
	// <nil>
	// 30s 5000 1000
}

// A metric under the name of an older system.
func ExampleCustomMetric() {
	cfg := config.Default()
	cfg.CustomMetrics = map[string]config.CustomMetric{
		"acme_llm_requests_total": {
			Type:       config.TypeCounter,
			Value:      "requests",
			Outcomes:   []config.Outcome{config.OutcomeError},
			Dimensions: []config.Dimension{{Concept: "model", Name: "model"}, {Attribute: "app.release", From: config.FromResource}},
		},
	}

	fmt.Println(confmap.Validate(cfg))
	// Output: <nil>
}

// Health checks and load tests are no requests of users.
func ExampleExclude() {
	cfg := config.Default()
	cfg.Reading.Exclude = config.Exclude{
		Services:   []string{"k6-*"},
		UserAgents: []string{"kube-probe/*"},
		Attributes: []config.MatchedAttribute{{Attribute: "app.synthetic", Value: "true"}},
	}

	fmt.Println(confmap.Validate(cfg))
	// Output: <nil>
}

// A proxy whose callers are not traced is a gateway all the same.
func ExampleLayerRule() {
	cfg := config.Default()
	cfg.Reading.Layers = []config.LayerRule{{Layer: config.LayerGateway, Services: []string{"llm-proxy"}}}

	fmt.Println(confmap.Validate(cfg))
	// Output: <nil>
}
