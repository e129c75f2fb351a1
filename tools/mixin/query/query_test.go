// SPDX-License-Identifier: Apache-2.0

package query_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/query"
)

var catalogue = names.Catalogue{
	"llm.requests": {
		Name: "llm.requests", Prometheus: "llm_requests_total", Source: names.Requests, Labels: []string{"llm_layer", "llm_outcome", "service_name"},
	},
	"gen_ai.server.request.duration": {
		Name: "gen_ai.server.request.duration", Prometheus: "gen_ai_server_request_duration_seconds", Source: names.Requests,
		Histogram: true, Labels: []string{"service_name"},
	},
}

var scope = query.Scope{names.Requests: {`service_name=~"$service"`, `tenant="a"`}}

func TestExpand(t *testing.T) {
	for text, want := range map[string]string{
		`rate(<llm.requests>[5m])`:                       `rate(llm_requests_total{service_name=~"$service", llm_layer="$layer"}[5m])`,
		`<llm.requests llm_outcome="error">`:             `llm_requests_total{service_name=~"$service", llm_layer="$layer", llm_outcome="error"}`,
		`sum by (llm_layer) (<llm.requests>)`:            `sum by (llm_layer) (llm_requests_total{service_name=~"$service"})`,
		`<gen_ai.server.request.duration:count> < 1 > 0`: `gen_ai_server_request_duration_seconds_count{service_name=~"$service"} < 1 > 0`,
		`<gen_ai.server.request.duration:buckets>`:       `{__name__=~"gen_ai_server_request_duration_seconds${histogram}", service_name=~"$service"}`,
	} {
		got, err := query.Expand(catalogue, text, scope, "$layer")
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestExpandRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`<llm.request>`:                          `no metric "llm.request"`,
		`<llm.requests>`:                         "of which layer is <llm.requests>",
		`<llm.requests:bucket llm_layer="x">`:    "a histogram needs one of",
		`<gen_ai.server.request.duration>`:       "a histogram needs one of",
		`<gen_ai.server.request.duration:total>`: `no part "total"`,
	} {
		_, err := query.Expand(catalogue, text, scope, "")
		assert.ErrorContains(t, err, want, text)
	}
}
