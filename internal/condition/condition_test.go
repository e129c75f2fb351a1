// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-llm/otelcol-llm/internal/condition"
)

func someSpan() (ptrace.ResourceSpans, ptrace.ScopeSpans, ptrace.Span) {
	resource := ptrace.NewResourceSpans()
	resource.Resource().Attributes().PutStr("region", "eu")
	scope := resource.ScopeSpans().AppendEmpty()
	scope.Scope().SetName("openai")
	span := scope.Spans().AppendEmpty()
	span.SetName("chat gpt-4o")
	span.Attributes().PutStr("app.tier", "gold")
	span.Attributes().PutStr("words", "many")
	return resource, scope, span
}

func TestEachConditionThatHoldsSetsItsBit(t *testing.T) {
	for text, want := range map[string]bool{
		`attributes["app.tier"] == "gold"`:                                   true,
		`attributes["app.tier"] != "gold"`:                                   false,
		`attributes["absent"] != nil`:                                        false,
		`resource.attributes["region"] == "eu" and scope.name == "openai"`:   true,
		`IsMatch(name, "^chat ")`:                                            true,
		`name == "chat gpt-4o" and not (attributes["app.tier"] == "silver")`: true,
	} {
		set, err := condition.New([]string{`name == ""`, text}, zap.NewNop())
		require.NoError(t, err, text)
		mask := uint32(0)
		if want {
			mask = 2
		}
		assert.Equal(t, mask, set.Holding(someSpan()), text)
		assert.Zero(t, set.Errors())
	}
}

func TestAConditionThatCannotBeEvaluatedDoesNotHold(t *testing.T) {
	core, logs := observer.New(zap.WarnLevel)
	set, err := condition.New([]string{`Int(attributes["words"]) > 0`, `Substring(name, 100, 5) == ""`}, zap.New(core))
	require.NoError(t, err)
	for range 3 {
		assert.Zero(t, set.Holding(someSpan()))
	}
	assert.EqualValues(t, 3, set.Errors())
	assert.Equal(t, 1, logs.Len(), "told once")
}

func TestTextsThatAreNoConditions(t *testing.T) {
	for _, text := range []string{"", "attributes[", `set(name, "x")`, `colour == "red"`} {
		assert.ErrorContains(t, condition.Check(text), "is no OTTL condition on a span", text)
	}
}

func BenchmarkHolding(b *testing.B) {
	set, err := condition.New([]string{`attributes["app.tier"] == "gold"`}, zap.NewNop())
	require.NoError(b, err)
	resource, scope, span := someSpan()
	b.ReportAllocs()
	for b.Loop() {
		set.Holding(resource, scope, span)
	}
}
