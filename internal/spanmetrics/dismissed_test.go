// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestDismissedSpansAreCountedByScopesOfABoundedNumber(t *testing.T) {
	const spans = 3 * maxScopes
	e := New(Options{}, time.Now())
	for n := range spans {
		traces := ptrace.NewTraces()
		scope := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
		scope.Scope().SetName(fmt.Sprintf("own.%d", n))
		span := scope.Spans().AppendEmpty()
		span.SetEndTimestamp(1)
		span.Attributes().PutStr("gen_ai.request.model", "m")
		e.Commit(e.Read(traces), time.Now())
	}
	stats := e.Stats()
	assert.EqualValues(t, spans, stats.Skipped[llm.SkipUnproven])
	assert.EqualValues(t, 1, stats.Dismissed[Dismissal{"own.0", llm.SkipUnproven}])
	assert.LessOrEqual(t, len(stats.Dismissed), maxScopes+1)
	all := uint64(0)
	for _, n := range stats.Dismissed {
		all += n
	}
	assert.EqualValues(t, spans, all, "what has no room counts without its scope")
}
