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
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestWhoseSpansMadeAMetric(t *testing.T) {
	const metric = "gen_ai.server.request.duration"
	id := component.MustNewID("llm_span_metrics")
	here, elsewhere := componenttest.NewNopTelemetrySettings(), componenttest.NewNopTelemetrySettings()
	here.Resource, elsewhere.Resource = pcommon.NewResource(), pcommon.NewResource()
	outlet := NewOutlet(id, here, "", config.Default(), nil)
	require.Same(t, outlet, Outlets.Offer(handover.NewKey(here, id), outlet))
	defer Outlets.Withdraw(handover.NewKey(here, id), outlet)
	engine := func(service, pod string) pcommon.Map {
		attributes := pcommon.NewMap()
		attributes.PutStr("service.name", service)
		attributes.PutStr("k8s.pod.name", pod)
		return attributes
	}
	require.NoError(t, CheckNotOfSpans(here, "histograms", engine("chat", "chat-0"), metric), "no span came")

	port, err := outlet.Open(llm.Spans, consumertest.NewNop())
	require.NoError(t, err)
	defer shut(t, port)
	d, err := port.Own()
	require.NoError(t, err)
	for service, name := range map[string]string{"chat": metric, "shop": "gen_ai.client.operation.duration"} {
		metrics := pmetric.NewMetrics()
		rm := metrics.ResourceMetrics().AppendEmpty()
		rm.Resource().Attributes().PutStr("service.name", service)
		rm.Resource().Attributes().PutStr("k8s.pod.name", service+"-0")
		rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetName(name)
		d.made.note(metrics)
	}
	require.EqualError(t, CheckNotOfSpans(here, "histograms", engine("chat", "another"), metric),
		`histograms: llm_span_metrics makes gen_ai.server.request.duration of the spans of service.name "chat", and it would be there twice: `+
			`it is left out here; switch histograms off, or set metrics::gen_ai.server.request.duration::enabled to false for llm_span_metrics`)
	require.ErrorContains(t, CheckNotOfSpans(here, "histograms", engine("job", "chat-0"), metric), `of k8s.pod.name "chat-0"`)
	assert.NoError(t, CheckNotOfSpans(here, "histograms", engine("shop", "shop-0"), metric), "only as a client")
	assert.NoError(t, CheckNotOfSpans(here, "histograms", engine("other", "other-0"), metric), "another engine")
	assert.NoError(t, CheckNotOfSpans(here, "histograms", pcommon.NewMap(), metric), "nobody says who it is")
	assert.NoError(t, CheckNotOfSpans(elsewhere, "histograms", engine("chat", "chat-0"), metric), "in another service")
}
