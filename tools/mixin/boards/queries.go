// SPDX-License-Identifier: Apache-2.0

package boards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"
)

// by groups by labels, of which there may be none.
func by(labels string) string {
	if labels == "" {
		return ""
	}
	return " by (" + labels + ")"
}

// perSecond adds up the rates of a counter.
func perSecond(metric, labels string) string {
	return fmt.Sprintf("sum%s (rate(<%s>[$__rate_interval]))", by(labels), metric)
}

// total is what a counter grew by in the time that is shown.
func total(metric, labels string) string {
	return fmt.Sprintf("sum%s (increase(<%s>[$__range]))", by(labels), metric)
}

// failed is the share of requests that failed. Where none failed there is no such series, hence the zero; where there was
// no request there is no share.
func failed(labels string) string {
	return ratio(
		perSecond(`llm.requests llm_outcome="error"`, labels)+" or 0 * "+perSecond("llm.requests", labels),
		perSecond("llm.requests", labels))
}

// ratio divides by what is more than nothing.
func ratio(part, whole string) string { return fmt.Sprintf("(%s)\n/\n(%s > 0)", part, whole) }

// quantile is one of a histogram.
func quantile(q float64, metric, labels string) string {
	name, matchers, _ := strings.Cut(metric, " ")
	if matchers != "" {
		matchers = " " + matchers
	}
	if labels != "" {
		labels = ", " + labels
	}
	return fmt.Sprintf("histogram_quantile(%g, sum by (le%s) (rate(<%s:buckets%s>[$__rate_interval])))", q, labels, name, matchers)
}

const (
	model    = "gen_ai_request_model"
	provider = "gen_ai_provider_name"
	layer    = "llm_layer"
)

// modelLegend is the name of a model in a legend.
const modelLegend = "{{" + model + "}}"

// with are variables and some more.
func with(variables []grafana.Variable, more ...grafana.Variable) []grafana.Variable {
	return slices.Concat(variables, more)
}

// errorSteps judge shares of failed requests: from 1 % on users notice, from 5 % on it is an outage.
var errorSteps = []grafana.Step{{From: 0.01, Color: "yellow"}, {From: 0.05, Color: "red"}}
