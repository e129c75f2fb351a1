// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
)

func TestWhoMakesAMetricOfSpans(t *testing.T) {
	const metric = "gen_ai.server.request.duration"
	id := component.MustNewID("llm_span_metrics")
	here, elsewhere := componenttest.NewNopTelemetrySettings(), componenttest.NewNopTelemetrySettings()
	here.Resource, elsewhere.Resource = pcommon.NewResource(), pcommon.NewResource()
	settings := config.Default()
	outlet := NewOutlet(id, here, "", consumertest.NewNop(), settings, nil)
	require.NoError(t, Outlets.Offer(handover.NewKey(here, id), outlet))
	defer Outlets.Withdraw(handover.NewKey(here, id), outlet)

	require.ErrorContains(t, CheckNotOfSpans(here, "histograms", metric),
		"histograms: llm_span_metrics makes gen_ai.server.request.duration of the engines' spans, and it would be there twice")
	assert.NoError(t, CheckNotOfSpans(elsewhere, "histograms", metric), "in another service")
	off := false
	settings.Metrics = map[string]config.Metric{metric: {Enabled: &off}}
	assert.NoError(t, CheckNotOfSpans(here, "histograms", metric))
}
