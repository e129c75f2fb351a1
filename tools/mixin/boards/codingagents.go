// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

// agents are the services of coding agents. Source: the service.name of each, docs/emitters.md.
const ofAgents = `service_name=~"claude-code|codex.*|gemini-cli|qwen-code|cursor|cline|copilot.*|github-copilot.*"`

// agents is ofAgents behind a metric that has no other matchers.
const agents = " " + ofAgents

func codingAgents() grafana.Board {
	return grafana.Board{
		UID: "otelcol-llm-coding-agents", Title: "Coding agents",
		Description: "What do Claude Code, Codex, Gemini CLI, Cursor and others cost, who uses them, and do they answer? By team, person, model and " +
			"tool. Teams and people need examples/coding-agents.",
		Variables: with(grafana.RequestVariables, grafana.Histograms),
		Rows: []grafana.Row{
			{Title: "At a glance", Panels: agentStats()},
			{Title: "Who made the cost?", Panels: agentCost()},
			{Title: "Are tokens well spent?", Panels: agentTokens()},
			{Title: "Do they answer?", Panels: agentHealth()},
		},
	}
}

const noAgents = "No coding agents"

func agentStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Cost of a day?", Kind: grafana.Stat, Unit: "currencyUSD", Width: 4, Empty: "No prices",
			Help:    "US dollars per day at the present pace, as agents report it at list price or from your prices. A subscription pays otherwise.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost"+agents, "") + " * 86400", Legend: "Per day"}},
		},
		{
			Title: "Cost of a month?", Kind: grafana.Stat, Unit: "currencyUSD", Width: 4, Empty: "No prices",
			Help:    "What 30 days cost at the mean pace of the time that is shown. Show a week, so that nights and weekends are in it.",
			Queries: []grafana.Query{{Text: "sum(rate(<llm.cost" + agents + ">[$__range])) * 2592000", Legend: "Projected"}},
		},
		{
			Title: "How many people?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: "No people",
			Help: "People with requests in the time that is shown. Needs the dimension `llm.user`, under pseudonyms (examples/coding-agents). " +
				"Compare with the seats that are paid.",
			Queries: []grafana.Query{{
				Text: `count(sum by (llm_user) (increase(<llm.requests` + agents + `, llm_user!="", llm_user!="none">[$__range])) > 0)`, Legend: "Active",
			}},
		},
		{
			Title: "Requests a minute?", Kind: grafana.Stat, Unit: "short", Width: 4, Decimals: 1, Empty: noAgents,
			Help:    "Requests to models per minute. An agent sends several for one prompt. Nothing at all: see whether log events arrive.",
			Queries: []grafana.Query{{Text: perSecond("llm.requests"+agents, "") + " * 60", Legend: "Requests"}},
		},
		{
			Title: "How many fail?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Steps: errorSteps, Empty: noAgents,
			Help:    "Share of requests that failed for good, after the agent's own retries. Below, by type.",
			Queries: []grafana.Query{{Text: agentShare(`llm_outcome="error"`, ""), Legend: "Failed"}},
		},
		{
			Title: "Rate limited?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Steps: errorSteps, Empty: noAgents,
			Help:    "Share of requests that ended with a rate limit or an overloaded provider. Ask for a higher limit, or spread the work.",
			Queries: []grafana.Query{{Text: agentShare(`error_type=~"429|529|.*[Rr]ate.?[Ll]imit.*|.*overloaded.*"`, ""), Legend: "Limited"}},
		},
	}
}

// agentShare is the share of agents' requests that fit further matchers, 0 where none does.
func agentShare(matchers, labels string) string {
	all := perSecond("llm.requests"+agents, labels)
	return ratio(perSecond("llm.requests "+matchers+", "+ofAgents, labels)+" or 0 * "+all, all)
}

func agentCost() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which team costs most?", Unit: "currencyUSD", Width: 8, Stacked: true, Empty: "No prices, or no teams",
			Help: "US dollars per day by team, the resource attribute `team.id` (examples/coding-agents). A jump of one team: look for a loop, or " +
				"for one who works with the dearest model.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost"+agents, "llm_tenant") + " * 86400", Legend: "{{llm_tenant}}"}},
		},
		{
			Title: "Which agent costs most?", Unit: "currencyUSD", Width: 8, Stacked: true, Empty: "No prices",
			Help:    "US dollars per day by agent. Codex and Cursor report no cost: set prices, or they are missing here.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost"+agents, "service_name") + " * 86400", Legend: "{{service_name}}"}},
		},
		{
			Title: "Which model costs most of it?", Unit: "currencyUSD", Width: 8, Stacked: true, Empty: "No prices",
			Help:    "US dollars per day by model. Small models for small tasks are the largest saving.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost"+agents, model) + " * 86400", Legend: modelLegend}},
		},
		{
			Title: "Who spent how much?", Kind: grafana.Table, Unit: "currencyUSD", Width: 24, Height: 11,
			Help: "Cost, requests and tokens of the time that is shown, by team, person, agent and model. People are there under pseudonyms, if you " +
				"asked for them.",
			Columns: []grafana.Column{
				{Label: "llm_tenant", Title: "Team"},
				{Label: "llm_user", Title: "Person"},
				{Label: "service_name", Title: "Agent"},
				{Label: model, Title: "Model"},
			},
			Queries: []grafana.Query{
				{Text: total("llm.cost"+agents, agentLabels), Legend: "Cost"},
				{Text: total("llm.requests"+agents, agentLabels), Legend: "Requests", Unit: "locale"},
				{Text: total("llm.usage.input_tokens"+agents, agentLabels), Legend: "Input tokens", Unit: "locale"},
				{Text: total("llm.usage.output_tokens"+agents, agentLabels), Legend: "Output tokens", Unit: "locale"},
			},
			SortBy: "Cost", Rows: 10,
		},
	}
}

const agentLabels = "llm_tenant, llm_user, service_name, " + model

// uncached are input tokens that neither came from the cache nor went into it.
var uncached = func() string {
	all := perSecond("llm.usage.input_tokens"+agents, "")
	part := func(metric string) string { return "(" + perSecond(metric+agents, "") + " or 0 * " + all + ")" }
	return all + "\n- " + part("llm.usage.cache_read.input_tokens") + "\n- " + part("llm.usage.cache_write.input_tokens")
}()

func agentTokens() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How much comes from the cache?", Unit: "percentunit", Width: 8, Max: 1, Empty: "No cache",
			Help: "Share of input tokens that were read from the prompt cache, by team. It decides the bill: 60 % in one team and 15 % in another " +
				"is a habit, such as long pauses or a changed system prompt.",
			Queries: []grafana.Query{{
				Text:   ratio(perSecond("llm.usage.cache_read.input_tokens"+agents, "llm_tenant"), perSecond("llm.usage.input_tokens"+agents, "llm_tenant")),
				Legend: "{{llm_tenant}}",
			}},
		},
		{
			Title: "Which tokens?", Unit: "si:tok/s", Width: 8, Stacked: true, Empty: noAgents,
			Help: "Tokens per second: input beside the cache, from the cache, written to it, and output. Much that is written and little that is read: " +
				"the cache ends before it is used.",
			Queries: []grafana.Query{
				{Text: perSecond("llm.usage.cache_read.input_tokens"+agents, ""), Legend: "from the cache"},
				{Text: perSecond("llm.usage.cache_write.input_tokens"+agents, ""), Legend: "to the cache"},
				{Text: uncached, Legend: "other input"},
				{Text: perSecond("llm.usage.output_tokens"+agents, ""), Legend: "output"},
			},
		},
		{
			Title: "What does a request cost?", Unit: "currencyUSD", Width: 8, Decimals: 3, Empty: "No prices",
			Help:    "Mean US dollars of a request by agent. It grows with the length of sessions, whose whole history every request carries.",
			Queries: []grafana.Query{{Text: ratio(perSecond("llm.cost"+agents, "service_name"), perSecond("llm.requests"+agents, "service_name")), Legend: "{{service_name}}"}},
		},
	}
}

func agentHealth() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which errors?", Unit: "reqps", Width: 8, Stacked: true, Empty: "No errors",
			Help:    "Failed requests per second by type. 429 and 529: limits. 400: a context that is too long. stream_error: a response broke off.",
			Queries: []grafana.Query{{Text: perSecond(`llm.requests llm_outcome="error", `+ofAgents, "error_type"), Legend: "{{error_type}}"}},
		},
		{
			Title: "How long do people wait?", Unit: "s", Width: 8, Empty: "No durations",
			Help:    "Duration of a request by agent, 95th percentile. Of Codex it comes from two events, Cursor and Cline send none.",
			Queries: []grafana.Query{{Text: quantile(0.95, "gen_ai.client.operation.duration"+agents, "service_name"), Legend: "{{service_name}}"}},
		},
		{
			Title: "How late is the first token?", Unit: "s", Width: 8, Empty: "No first tokens",
			Help:    "Time to the first token by model, 95th percentile. It grows with the context: long sessions answer late.",
			Queries: []grafana.Query{{Text: quantile(0.95, "gen_ai.client.operation.time_to_first_chunk"+agents, model), Legend: modelLegend}},
		},
	}
}
