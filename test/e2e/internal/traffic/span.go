// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// attribute is one of a span or a resource. Its value is a text, a whole number, a number, a boolean or a list of texts.
type attribute struct {
	key   string
	value any
}

// process is what exports spans: its attributes are the resource.
type process struct {
	name, namespace string
	// pod is empty for applications, whose instances nobody needs to distinguish.
	pod string
	// node is the host, where it matters.
	node string
}

// span is one that will end, or has.
type span struct {
	process process
	scope   string
	name    string
	kind    ptrace.SpanKind
	trace   pcommon.TraceID
	id      pcommon.SpanID
	parent  pcommon.SpanID

	start, end time.Time
	attributes []attribute
	status     ptrace.StatusCode
	counts     counts
}

// batches puts spans together by the process that exports them.
func batches(spans []span) []ptrace.Traces {
	type origin struct {
		process process
		scope   string
	}
	var all []ptrace.Traces
	at := map[process]int{}
	scopes := map[origin]ptrace.ScopeSpans{}
	for _, s := range spans {
		i, known := at[s.process]
		if !known {
			i = len(all)
			at[s.process] = i
			batch := ptrace.NewTraces()
			s.process.write(batch.ResourceSpans().AppendEmpty().Resource().Attributes())
			all = append(all, batch)
		}
		from := origin{s.process, s.scope}
		if _, known := scopes[from]; !known {
			scope := all[i].ResourceSpans().At(0).ScopeSpans().AppendEmpty()
			scope.Scope().SetName(s.scope)
			scopes[from] = scope
		}
		s.write(scopes[from].Spans().AppendEmpty())
	}
	return all
}

func (p process) write(to pcommon.Map) {
	to.PutStr("service.name", p.name)
	to.PutStr("deployment.environment.name", "demo")
	to.PutStr("k8s.cluster.name", cluster)
	to.PutStr("k8s.namespace.name", p.namespace)
	if p.pod != "" {
		to.PutStr("service.instance.id", p.pod)
		to.PutStr("k8s.pod.name", p.pod)
	}
	if p.node != "" {
		to.PutStr("host.name", p.node)
	}
}

func (s span) write(to ptrace.Span) {
	to.SetTraceID(s.trace)
	to.SetSpanID(s.id)
	to.SetParentSpanID(s.parent)
	to.SetName(s.name)
	to.SetKind(s.kind)
	to.SetStartTimestamp(pcommon.NewTimestampFromTime(s.start))
	to.SetEndTimestamp(pcommon.NewTimestampFromTime(s.end))
	// Exemplars are of sampled spans alone.
	to.SetFlags(1)
	to.Status().SetCode(s.status)
	for _, a := range s.attributes {
		switch value := a.value.(type) {
		case string:
			to.Attributes().PutStr(a.key, value)
		case int:
			to.Attributes().PutInt(a.key, int64(value))
		case float64:
			to.Attributes().PutDouble(a.key, value)
		case bool:
			to.Attributes().PutBool(a.key, value)
		case []string:
			list := to.Attributes().PutEmptySlice(a.key)
			for _, text := range value {
				list.AppendEmpty().SetStr(text)
			}
		}
	}
}
