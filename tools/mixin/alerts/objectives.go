// SPDX-License-Identifier: Apache-2.0

package alerts

import (
	"bytes"
	"context"
	"fmt"

	"github.com/slok/sloth/pkg/common/model"
	"github.com/slok/sloth/pkg/lib"
	sloth "github.com/slok/sloth/pkg/prometheus/api/v1"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
)

// Objective is a share of requests that shall be good over 30 days. Sloth makes alerts of it, which fire when the rest, the
// error budget, is spent too fast. A long window makes sure that it matters, a short one that they end with the trouble.
type Objective struct {
	Name string
	// Alert is the name of its alerts, of which one pages and one makes a ticket.
	Alert string
	// Percent is how many requests of a hundred shall be good, and Reason why.
	Percent float64
	Reason  string
	// Bad and Total are texts of package query, with [{{.window}}].
	Bad, Total string
	// Summary says what is wrong.
	Summary string
	// Action is what to do first.
	Action string
}

// byModel groups by what an on-call engineer can act on.
const byModel = "sum by (gen_ai_provider_name, gen_ai_request_model) "

// enough leaves out models with so few requests that one bad request is too large a share. The threshold traffic_minimum says 6
// in 5 minutes.
const enough = " > 0.02"

// Objectives are those that are shipped. Their limits of time are bounds of buckets.
var Objectives = []Objective{
	{
		Name: "requests", Alert: "LLMErrorBudgetBurns", Percent: 99,
		Reason:  "One request in a hundred may fail: hosted providers themselves promise no more than 99 to 99.9 %.",
		Bad:     byModel + `(rate(<llm.requests llm_layer="client", llm_outcome="error">[{{.window}}])) or 0 * ` + byModel + `(rate(<llm.requests llm_layer="client">[{{.window}}]))`,
		Total:   byModel + `(rate(<llm.requests llm_layer="client">[{{.window}}]))` + enough,
		Summary: "requests fail",
		Action:  "See which error type it is, and whether gateways and engines see it, too. Route around a provider that fails.",
	},
	{
		Name: "first-token", Alert: "LLMFirstTokenBudgetBurns", Percent: 95,
		Reason: "Nineteen of twenty streamed requests show something within 2.56 s, the bound of a bucket beside the two to three seconds that people wait for a chat.",
		Bad: byModel + `(rate(<gen_ai.client.operation.time_to_first_chunk:count>[{{.window}}])) - ` +
			byModel + `(rate(<gen_ai.client.operation.time_to_first_chunk:bucket le="2.56">[{{.window}}]))`,
		Total:   byModel + `(rate(<gen_ai.client.operation.time_to_first_chunk:count>[{{.window}}]))` + enough,
		Summary: "requests wait more than 2.56 s for their first token",
		Action:  "Compare queue and prefill of the engine with what clients see: is it the queue, the prompt or the network? A queue needs replicas or less load.",
	},
	{
		Name: "output-token", Alert: "LLMOutputTokenBudgetBurns", Percent: 95,
		Reason: "Nineteen of twenty requests write a token within 100 ms, which is about as fast as people read.",
		Bad: byModel + `(rate(<llm.client.time_per_output_token:count llm_layer="client">[{{.window}}])) - ` +
			byModel + `(rate(<llm.client.time_per_output_token:bucket llm_layer="client", le="0.1">[{{.window}}]))`,
		Total:   byModel + `(rate(<llm.client.time_per_output_token:count llm_layer="client">[{{.window}}]))` + enough,
		Summary: "requests take more than 100 ms for a token",
		Action:  "The engine's batches are too large, or its GPU is slowed down: look at running requests and at throttling.",
	},
}

// ObjectivesYAML returns the file of rules that Sloth makes.
func ObjectivesYAML(catalogue names.Catalogue) ([]byte, error) {
	spec := sloth.Spec{Version: sloth.Version, Service: "llm"}
	for _, o := range Objectives {
		bad, err := expand(catalogue, o.Bad)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
		total, err := expand(catalogue, o.Total)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
		spec.SLOs = append(spec.SLOs, sloth.SLO{
			Name: o.Name, Description: o.Reason, Objective: o.Percent,
			SLI: sloth.SLI{Events: &sloth.SLIEvents{ErrorQuery: bad, TotalQuery: total}},
			Alerting: sloth.Alerting{
				Name: o.Alert,
				Annotations: map[string]string{
					"summary": "{{ $value | humanizePercentage }} of the " + o.Summary +
						": {{ $labels.gen_ai_request_model }} of {{ $labels.gen_ai_provider_name }} spends its error budget too fast",
					"description": o.Action,
					"runbook_url": RunbookURL(o.Alert),
				},
				PageAlert:   sloth.Alert{Labels: map[string]string{"severity": string(Page)}},
				TicketAlert: sloth.Alert{Labels: map[string]string{"severity": string(Ticket)}},
			},
		})
	}
	return rules(func(ctx context.Context, generator *lib.PrometheusSLOGenerator) (*model.PromSLOGroupResult, error) {
		return generator.GenerateFromSlothV1(ctx, spec)
	})
}

// RulesOfSpec returns the file of rules that Sloth makes of a specification in its own format.
func RulesOfSpec(text []byte) ([]byte, error) {
	return rules(func(ctx context.Context, generator *lib.PrometheusSLOGenerator) (*model.PromSLOGroupResult, error) {
		return generator.GenerateFromRaw(ctx, text)
	})
}

func rules(generate func(context.Context, *lib.PrometheusSLOGenerator) (*model.PromSLOGroupResult, error)) ([]byte, error) {
	generator, err := lib.NewPrometheusSLOGenerator(lib.PrometheusSLOGeneratorConfig{})
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	made, err := generate(ctx, generator)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = generator.WriteResultAsPrometheusStd(ctx, *made, &text)
	return text.Bytes(), err
}
