// SPDX-License-Identifier: Apache-2.0

package alerts

import "time"

// costLabels are what cost over long times is kept by: few series, for years. The tenant is there with examples/tenants.
const costLabels = "llm_layer, service_name, llm_tenant, gen_ai_provider_name, gen_ai_request_model"

// Names of the recorded costs.
const (
	HourlyCost = "llm_cost_usd:increase1h"
	DailyCost  = "llm_cost_usd:increase1d"
)

// codingAgents matches the services of coding agents, as the dashboard does.
const codingAgents = `service_name=~"claude-code|codex.*|gemini-cli|qwen-code|cursor|cline|copilot.*|github-copilot.*"`

func costFile() File {
	return File{Name: "cost", Groups: []Group{
		{
			Name: "llm-cost-hourly", Interval: time.Hour,
			Recordings: []Recording{{
				Record: HourlyCost, Text: "sum by (" + costLabels + ") (increase(<llm.cost>[1h]))",
				Comment: "US dollars of each hour.",
			}},
		},
		{
			Name: "llm-cost-daily", Interval: 24 * time.Hour,
			Recordings: []Recording{{
				Record: DailyCost, Text: "sum by (" + costLabels + ") (sum_over_time(" + HourlyCost + "[1d]))",
				Comment: "US dollars of each day, for months and years: sum_over_time(" + DailyCost + "[30d]).",
			}},
		},
		{
			Name: "llm-cost",
			Alerts: []Alert{
				{
					Name: "LLMCostSpike",
					Text: `(
  (sum by (llm_layer, service_name) (increase(<llm.cost>[1h])) > <threshold:cost_spike_minimum>)
/
  (sum by (llm_layer, service_name) (avg_over_time(` + HourlyCost + `[1d] offset 1h)))
) > <threshold:cost_spike_factor>`,
					For: after15m, Severity: Ticket,
					Summary: "{{ $labels.service_name }} costs {{ $value | humanize }} times as much as in a usual hour of the last day ({{ $labels.llm_layer }} layer)",
					Action:  "See which model and tenant it is, and whether there are more requests or longer ones. A loop of an agent looks like this.",
				},
				{
					Name:     "LLMBudgetSpent",
					Text:     `sum by (llm_layer) (sum_over_time(` + DailyCost + `[30d])) > <threshold:monthly_budget>`,
					Severity: Ticket,
					Summary:  "{{ $value | printf \"%.0f\" }} US dollars were spent in 30 days ({{ $labels.llm_layer }} layer), more than the budget",
					Action:   "See which tenant and model most of it is. The budget is monthly_budget in rules_thresholds.yaml.",
				},
				{
					Name: "LLMTeamAgentBudgetSpent",
					Text: `sum by (llm_tenant) (sum_over_time(` + DailyCost + `{llm_layer="client", ` + codingAgents + `}[30d])) ` +
						`> <threshold:monthly_team_agent_budget>`,
					Severity: Ticket,
					Summary:  "Coding agents of team {{ $labels.llm_tenant }} cost {{ $value | printf \"%.0f\" }} US dollars in 30 days, more than the budget",
					Action:   "See which people and models most of it is, and how much comes from the cache. The budget is monthly_team_agent_budget in rules_thresholds.yaml.",
				},
				{
					Name: "LLMPricesMissing",
					Text: `(
  sum(rate(<otelcol_llm_span_metrics_unpriced_requests>[15m]))
/
  (sum(rate(<otelcol_llm_span_metrics_requests>[15m])) > <threshold:traffic_minimum>)
) > <threshold:unpriced_ratio>`,
					For: after15m, Severity: Ticket,
					Summary: "{{ $value | humanizePercentage }} of the requests have no price, and are not in the cost",
					Action:  "Find the model that has tokens and no cost, and add it to the collector's prices.",
				},
			},
		},
	}}
}
