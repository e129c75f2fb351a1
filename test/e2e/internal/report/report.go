// SPDX-License-Identifier: Apache-2.0

// Package report turns a reading of the Prometheus endpoint into a table for people.
package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
)

// requests counts each request once per layer; the other metrics are joined to it by service and model.
const requests = "llm_requests_total"

// timing names the histograms of each layer.
var timing = map[string]struct{ duration, firstToken string }{
	"client":  {"gen_ai_client_operation_duration_seconds", "gen_ai_client_operation_time_to_first_chunk_seconds"},
	"gateway": {"llm_gateway_request_duration_seconds", "llm_gateway_time_to_first_token_seconds"},
	"server":  {"gen_ai_server_request_duration_seconds", "gen_ai_server_time_to_first_token_seconds"},
}

// Row is what one service did with one model, seen from one layer.
type Row struct {
	Service, Layer, Provider, Model string

	Requests float64
	Failures []Failure

	// TokensIn and TokensOut are NaN where no span held them.
	TokensIn, TokensOut float64

	Duration   promtext.Histogram
	FirstToken promtext.Histogram
}

// Failure counts requests that did not succeed for one reason.
type Failure struct {
	Reason string
	Count  float64
}

// group is the labels that make a row.
type group struct{ service, layer, provider, requestModel, responseModel string }

func groupOf(labels promtext.Labels) group {
	g := group{
		service: labels["service_name"], layer: labels["llm_layer"], provider: labels["gen_ai_provider_name"],
		requestModel: labels["gen_ai_request_model"],
	}
	if g.requestModel == "" {
		// Engines that serve one model name it in the response alone.
		g.responseModel = labels["gen_ai_response_model"]
	}
	return g
}

// where are the labels of the group without the layer, which only the metrics of all layers carry.
func (g group) where() promtext.Labels {
	where := promtext.Labels{
		"service_name": g.service, "gen_ai_provider_name": g.provider, "gen_ai_request_model": g.requestModel,
	}
	if g.requestModel == "" {
		where["gen_ai_response_model"] = g.responseModel
	}
	return where
}

// Rows answers one row per service, layer, provider and model, sorted by these.
func Rows(metrics promtext.Metrics) []Row {
	failures := map[group]map[string]float64{}
	for _, series := range metrics[requests] {
		g := groupOf(series.Labels)
		if failures[g] == nil {
			failures[g] = map[string]float64{}
		}
		if reason := reasonOf(series.Labels); reason != "" {
			failures[g][reason] += series.Value
		}
	}
	rows := make([]Row, 0, len(failures))
	for g, reasons := range failures {
		rows = append(rows, rowOf(metrics, g, reasons))
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Model, b.Model))
	})
	return rows
}

func rowOf(metrics promtext.Metrics, g group, reasons map[string]float64) Row {
	names, where := timing[g.layer], g.where()
	row := Row{
		Service: g.service, Layer: g.layer, Provider: g.provider, Model: cmp.Or(g.requestModel, g.responseModel),
		Duration:   metrics.Histogram(names.duration, where),
		FirstToken: metrics.Histogram(names.firstToken, where),
	}
	where["llm_layer"] = g.layer
	row.Requests = metrics.Sum(requests, where)
	row.TokensIn = known(metrics.Select("llm_usage_input_tokens_total", where))
	row.TokensOut = known(metrics.Select("llm_usage_output_tokens_total", where))
	for reason, count := range reasons {
		row.Failures = append(row.Failures, Failure{Reason: reason, Count: count})
	}
	slices.SortFunc(row.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return row
}

// known adds counters; what no counter holds is not zero.
func known(counters []promtext.Series) float64 {
	if len(counters) == 0 {
		return math.NaN()
	}
	var sum float64
	for _, counter := range counters {
		sum += counter.Value
	}
	return sum
}

// reasonOf says why requests did not succeed; it is empty for those that did.
func reasonOf(labels promtext.Labels) string {
	switch outcome := labels["llm_outcome"]; outcome {
	case "success":
		return ""
	case "error":
		return cmp.Or(labels["error_type"], outcome)
	default:
		return outcome
	}
}
