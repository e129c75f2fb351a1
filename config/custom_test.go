// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// written returns valid settings out of YAML.
func written(t *testing.T, yaml string) *config.Config {
	t.Helper()
	conf, err := confmap.NewRetrievedFromYAML([]byte(yaml))
	require.NoError(t, err)
	asConf, err := conf.AsConf()
	require.NoError(t, err)
	cfg := config.Default()
	require.NoError(t, asConf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	return cfg
}

func TestWarnings(t *testing.T) {
	for yaml, want := range map[string]string{
		`custom_metrics: {llm_tokens_per_second: {type: gauge, value: output_token_rate}}`:                                           `custom_metrics::llm_tokens_per_second: Prometheus shows llm_tokens_per_second as llm_tokens_per_second_per_second, since it is a gauge of unit "{token}/s".`,
		`custom_metrics: {llm_tokens_per_second: {type: gauge, value: output_token_rate, unit: "{token}"}}`:                          "",
		`custom_metrics: {hits: {type: gauge, attribute: hits, unit: "1"}}`:                                                          `Prometheus shows hits as hits_ratio, since it is a gauge of unit "1".`,
		`custom_metrics: {errors: {type: counter, value: requests, outcomes: [error]}}`:                                              `Prometheus shows errors as errors_total`,
		`custom_metrics: {errors_total: {type: counter, value: requests, outcomes: [error]}}`:                                        "",
		`custom_metrics: {acme.latency: {type: histogram, value: duration, unit: ms}}`:                                               `shows acme.latency as acme_latency_milliseconds`,
		`metrics: {llm.request.queue.duration: {name: queue_wait_seconds}}`:                                                          "",
		`metrics: {llm.request.queue.duration: {name: queue_wait}}`:                                                                  `metrics::llm.request.queue.duration: Prometheus shows queue_wait as queue_wait_seconds`,
		`custom_metrics: {llm.requests.total: {type: counter, value: requests}}`:                                                     `custom_metrics::llm.requests.total: Prometheus shows it as llm_requests_total, which is the name of metrics::llm.requests, too.`,
		`metrics: {llm.requests: {dimensions: [{concept: model}]}}`:                                                                  `metrics::llm.requests::dimensions leaves out the layer`,
		`metrics: {llm.requests: {dimensions: [{concept: model}, {concept: layer}]}}`:                                                "",
		"layers: [server]\nmetrics: {llm.requests: {dimensions: [{concept: model}]}}":                                                "",
		`metrics: {gen_ai.server.request.duration: {dimensions: [{concept: model}]}}`:                                                "",
		`custom_metrics: {calls_total: {type: counter, value: requests, layers: [client, gateway], dimensions: []}}`:                 "",
		`custom_metrics: {batches_total: {type: counter, value: batches, dimensions: [{concept: provider}]}}`:                        "",
		`metrics: {llm.requests: {enabled: false, name: calls, dimensions: []}}`:                                                     "",
		`custom_metrics: {calls_total: {type: counter, value: requests, dimensions: [{concept: layer, name: tier, default: none}]}}`: "",
		`dimensions: [{attribute: app.release}, {attribute: app_release}]`:                                                           `dimensions: Prometheus shows app_release as the label app_release, which is that of app.release, too`,
		`dimensions: [{attribute: service.name, from: resource, name: service_name}]`:                                                `dimensions: Prometheus shows service_name as the label service_name, which is that of service.name, too`,
		`dimensions: [{attribute: service.name, from: resource}]`:                                                                    "",
		`dimensions: [{attribute: queue, name: job}]`:                                                                                `dimensions: Prometheus shows job as the label job, which is that of the exporter itself, too`,
		`metrics: {llm.requests: {dimensions: [{concept: layer}, {attribute: a, name: instance}]}}`:                                  `metrics::llm.requests::dimensions: Prometheus shows instance as`,
		`metrics: {llm.requests: {add_dimensions: [{attribute: a, name: gen_ai_request_model}]}}`:                                    `metrics::llm.requests::dimensions: Prometheus shows gen_ai_request_model as`,
		`prices: {models: [{model: "gpt-4.*", input: 1}]}`:                                                                           `prices::models::0::model: "gpt-4.*" is no regular expression: "*" stands for any characters, and every other character for itself. If you mean all names like "gpt-4*", write that.`,
		`prices: {overrides: [{concept: tenant, value: "^a", models: [{model: "*", input: 1}]}]}`:                                    `prices::overrides::0::value: "^a"`,
		`targets: {fast: {duration: 1s, models: ["(gpt|o3)-mini"]}}`:                                                                 `targets::fast::models::0: "(gpt|o3)-mini"`,
		`reading: {models: {"prod-.+": gpt-4o}}`:                                                                                     `reading::models: "prod-.+"`,
		`reading: {exclude: {user_agents: ["kube-probe/.*"]}}`:                                                                       `reading::exclude::user_agents::0`,
		`reading: {exclude: {attributes: [{attribute: a, value: "[0-9]"}]}}`:                                                         `reading::exclude::attributes::0::value`,
		`dimensions: [{attribute: a, values: [{match: "x$", value: y}]}]`:                                                            `dimensions::0::values::0::match`,
		`prices: {models: [{model: "meta-llama/Llama-3.1-*", provider: vllm, input: 1}, {model: "gpt-4.1*", input: 1}]}`:             "",
	} {
		warnings := written(t, yaml).Compile().Warnings
		if want == "" {
			assert.Empty(t, warnings, yaml)
		} else if assert.Len(t, warnings, 1, yaml) {
			assert.Contains(t, warnings[0], want, yaml)
		}
	}
}

func TestReplacingValuesAllocatesNothing(t *testing.T) {
	cfg := written(t, `
dimensions:
  - {concept: error_type, name: error, values: [{match: "*Timeout*", value: timeout}, {match: "*", value: other}]}
  - {concept: server_port, name: port, values: [{match: "80*", value: web}], default: none}
`)
	dimensions := cfg.Compile().Options.Dimensions
	q := llm.Request{ErrorType: "openai.APITimeoutError", ServerAddress: "localhost"}
	q.Number[fact.ServerPort] = 8080
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for i := range dimensions {
			dimensions[i].Value(&q)
		}
	}))
}

func TestASourceIsReadOnce(t *testing.T) {
	cfg := written(t, `
dimensions: [{attribute: app.tier}]
custom_metrics:
  one: {type: counter, attribute: app.score, dimensions: [{attribute: app.tier, default: none}], condition: 'name == "a"'}
  two: {type: gauge, attribute: app.score, dimensions: [{attribute: app.tier, from: resource}], condition: 'name == "a"'}
`)
	options := cfg.Compile().Options
	assert.Equal(t, []spanreader.Source{{Key: "app.tier"}, {Of: spanreader.OfResource, Key: "app.tier"}}, options.Reading.Dimensions)
	assert.Equal(t, []spanreader.Source{{Key: "app.score"}}, options.Reading.Numbers)
	assert.Equal(t, []string{`name == "a"`}, cfg.Compile().Conditions)
}
