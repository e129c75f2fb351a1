// SPDX-License-Identifier: Apache-2.0

package alerts

import "fmt"

// Threshold is a value that alerts compare with. It becomes a recording rule, so that users change it in one place.
type Threshold struct {
	Name string
	// Value is PromQL for a number.
	Value string
	// Reason says in what unit it is, and why it is this one.
	Reason string
}

// Thresholds are all that alerts compare with.
var Thresholds = []Threshold{
	{"error_ratio", "0.05", "Share of failed requests. From 5 % on most users meet an error within a conversation of some turns."},
	{"traffic_minimum", "0.02", "Requests per second, 6 in 5 minutes. With fewer one failed request is too large a share to mean anything."},
	{"missing_usage_ratio", "0.1", "Share of successful requests without token counts. Some emitters leave single requests without; a tenth is a setting that is off."},
	{"unpriced_ratio", "0.05", "Share of requests whose model has no price. A new model starts small: below 5 % the cost is about right."},
	{"price_list_days", "60", "Days since the price list was changed. Providers bring out models and change prices every few weeks."},
	{"cost_spike_factor", "3", "Cost of the last hour as a multiple of the day before: its mean hour that cost anything. Office hours alone make some 2."},
	{"cost_spike_minimum", "5", "US dollars an hour below which no spike is worth a look."},
	{"monthly_budget", "+Inf", "US dollars in 30 days that one layer may cost. Without limit until you set yours."},
	{"monthly_team_agent_budget", "+Inf", "US dollars in 30 days that the coding agents of one team may cost. Without limit until you set yours."},
	{"engine_queue_ratio", "1", "Requests that wait for each one that runs. At 1 a new request waits as long as those before it take."},
	{"engine_kv_cache_ratio", "0.95", "Share of an engine's KV cache in use. Beyond it engines put running requests back into the queue."},
	{"engine_preemption_ratio", "0.1", "Preemptions for each ended request. Each computes a request's input again; a tenth is felt."},
	{"dimension_sets_ratio", "0.8", "Share of limits::dimension_sets in use. Beyond the limit details are missing; a fifth leaves days to decide."},
	{"gpu_throttled_ratio", "0.1", "Share of the time in which heat or a power brake slows a GPU down. Below a tenth it is hardly felt; all the time it is a third of the clock."},
	{"gpu_hour_price", "2", "US dollars for an hour of one GPU, rented or written off. 2 is about what a rented H100 costs; set what yours does."},
	{"gpu_idle_ratio", "0.95", "Share of six hours in which a GPU that somebody has did nothing. A GPU that serves anybody at all is busy for more than a twentieth."},
	{"gpu_busy_ratio", "0.5", "Share of the time in which the GPUs of an engine work without tokens that are worth a look. Loading a model takes less."},
	{"gpu_memory_ratio", "0.99", "Share of a GPU's memory in use. Engines reserve 90 to 95 % at their start; at 99 % nothing more fits."},
	{"queue_ratio", "0.8", "Share of an exporter's queue that is full. At 1 data is refused; 0.8 leaves some minutes."},
}

// thresholdMetric holds each threshold, by name.
const thresholdMetric = "llm_alert_threshold"

// thresholdOf is PromQL for the number that users have set.
func thresholdOf(name string) (string, error) {
	for _, t := range Thresholds {
		if t.Name == name {
			return fmt.Sprintf("scalar(%s{threshold=%q})", thresholdMetric, name), nil
		}
	}
	return "", fmt.Errorf("no threshold %q", name)
}

func thresholdFile() File {
	values := Group{Name: "llm-thresholds"}
	for _, t := range Thresholds {
		values.Recordings = append(values.Recordings, Recording{
			Record: thresholdMetric, Text: "vector(" + t.Value + ")", Labels: map[string]string{"threshold": t.Name}, Comment: t.Reason,
		})
	}
	return File{Name: "thresholds", Groups: []Group{values}}
}

// thresholdCheck belongs into another file than the thresholds: it is for those who have not loaded theirs.
func thresholdCheck() Group {
	return Group{Name: "llm-thresholds-are-there", Alerts: []Alert{{
		Name: "LLMThresholdsMissing",
		Text: fmt.Sprintf("absent(%s) or count(%[1]s) < %d", thresholdMetric, len(Thresholds)),
		For:  after10m, Severity: Ticket,
		Summary: "Alerts about LLM serving have nothing to compare with, and stay silent",
		Action:  "Load rules_thresholds.yaml beside the other files.",
	}}}
}
