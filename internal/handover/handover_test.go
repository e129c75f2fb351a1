// SPDX-License-Identifier: Apache-2.0

package handover_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/otelcol-llm/otelcol-llm/internal/handover"
)

var (
	plain = component.MustNewID("llm_span_metrics")
	named = component.MustNewIDWithName("llm_span_metrics", "eu")
)

func TestAnOfferIsFoundInItsServiceUnderItsIDUntilItIsWithdrawn(t *testing.T) {
	var r handover.Registry[string]
	service, other := componenttest.NewNopTelemetrySettings(), componenttest.NewNopTelemetrySettings()
	key := handover.NewKey(service, plain)
	require.Equal(t, "outlet", r.Offer(key, "outlet"))

	found, ok := r.Find(handover.NewKey(service, plain))
	assert.True(t, ok)
	assert.Equal(t, "outlet", found)
	for _, stranger := range []handover.Key{handover.NewKey(other, plain), handover.NewKey(service, named)} {
		_, ok = r.Find(stranger)
		assert.False(t, ok)
	}

	r.Withdraw(key, "another outlet")
	_, ok = r.Find(key)
	assert.True(t, ok, "only one's own offer can be withdrawn")
	r.Withdraw(key, "outlet")
	_, ok = r.Find(key)
	assert.False(t, ok)
}

func TestTheFirstOfferOfAnIDStands(t *testing.T) {
	var r handover.Registry[int]
	key := handover.NewKey(componenttest.NewNopTelemetrySettings(), plain)
	assert.Equal(t, 1, r.Offer(key, 1))
	assert.Equal(t, 1, r.Offer(key, 2))
}

func TestOthersListsTheOffersOfTheSameService(t *testing.T) {
	var r handover.Registry[int]
	service := componenttest.NewNopTelemetrySettings()
	key := handover.NewKey(service, plain)
	assert.Empty(t, r.Others(key))
	r.Offer(handover.NewKey(service, named), 1)
	r.Offer(handover.NewKey(componenttest.NewNopTelemetrySettings(), named), 1)
	assert.Equal(t, "llm_span_metrics/eu", r.Others(key))
}
