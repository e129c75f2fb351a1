// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/sources"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// noLLMEvent names the reason for log records that no table knows; they count in no self telemetry.
const noLLMEvent = "no_llm_event"

// eventReasons say why a record of a known emitter describes no request.
var eventReasons = [logreader.Skips]string{
	logreader.SkipOtherEvent: "is an event that says nothing of requests",
	logreader.SkipNoTokens:   "lacks what makes such an event a request",
	logreader.SkipRepeat:     "says again what another event says",
	logreader.SkipStart:      "says when a request began, which another event describes",
	logreader.SkipCorrection: "says that a request was not billed",
}

// Record is what was found out about one log record, or about several alike that do not count.
type Record struct {
	// Name is the event's, Scope its scope's, without what may be a text of a user.
	Name, Scope string
	// Verdict and Detail are those of a Span.
	Verdict, Detail string
	// Count is the number of records.
	Count int
}

// records reports on log records, whose requests were read into a batch.
func (x *explainer) records(logs plog.Logs, batch *spanreader.Batch, now pcommon.Timestamp) (all []Record) {
	// A record that came twice has two requests, of which the first one to be asked for counts.
	requests := map[identity][]*llm.Request{}
	for i := range batch.Requests {
		q := &batch.Requests[i]
		of := identity{q.TraceID, q.SpanID}
		if q.Duplicate == llm.Unique {
			requests[of] = slices.Insert(requests[of], 0, q)
		} else {
			requests[of] = append(requests[of], q)
		}
	}
	alike := map[Record]int{}
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				one := Record{Name: eventName(record), Scope: word(sl.Scope().Name())}
				events := x.logs.Read(onlyRecord(rl, sl, record), now)
				x.event(&one, &events, requests)
				if one.Verdict == counts {
					one.Count = 1
					all = append(all, one)
				} else {
					alike[one]++
				}
			}
		}
	}
	dismissed := slices.SortedFunc(maps.Keys(alike), func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Detail, b.Detail))
	})
	for _, one := range dismissed {
		n := alike[one]
		one.Count = n
		all = append(all, one)
	}
	return all
}

// event says as what a record counts, or why it does not. The events are those of the record alone.
func (x *explainer) event(one *Record, events *logreader.Events, requests map[identity][]*llm.Request) {
	for skip := range logreader.Skips {
		if events.Skipped[skip] > 0 {
			one.Verdict, one.Detail = skip.String(), eventReasons[skip]
			return
		}
	}
	if len(events.Rows) == 0 {
		one.Verdict, one.Detail = noLLMEvent, "is no event that the tables of emitters name"
		return
	}
	span := events.Traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	of := identity{span.TraceID(), span.SpanID()}
	if found := requests[of]; len(found) > 0 {
		one.Verdict, one.Detail = verdict(found[0])
		requests[of] = found[1:]
		return
	}
	batch := x.reader.NewBatch()
	x.reader.ReadEvents(events, batch)
	one.Verdict, one.Detail = llm.SkipNoRequest.String(), llm.SkipNoRequest.Reason()
	for skip := range llm.Skips {
		if batch.Skipped[skip] > 0 {
			one.Verdict, one.Detail = skip.String(), skip.Reason()
		}
	}
}

// eventName returns the event's name, as emitters write it.
func eventName(record plog.LogRecord) string {
	if name, ok := record.Attributes().Get("event.name"); ok && name.Type() == pcommon.ValueTypeStr {
		return word(name.Str())
	}
	if name := record.EventName(); name != "" {
		return word(name)
	}
	return "(no name)"
}

// onlyRecord returns logs with a copy of one record.
func onlyRecord(rl plog.ResourceLogs, sl plog.ScopeLogs, record plog.LogRecord) plog.Logs {
	alone := plog.NewLogs()
	resource := alone.ResourceLogs().AppendEmpty()
	rl.Resource().CopyTo(resource.Resource())
	scope := resource.ScopeLogs().AppendEmpty()
	sl.Scope().CopyTo(scope.Scope())
	record.CopyTo(scope.LogRecords().AppendEmpty())
	return alone
}

// yield leaves out the requests of senders of which the other signal counts.
func yield(spans, logs *spanreader.Batch) {
	now := time.Time{}
	seen := sources.New(now, 2*len(spans.Described)+2*len(logs.Described), nil)
	for _, batch := range []*spanreader.Batch{spans, logs} {
		seen.Note(batch, now)
	}
	for _, batch := range []*spanreader.Batch{spans, logs} {
		seen.Yield(&batch.Batch, now)
	}
}
