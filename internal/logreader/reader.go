// SPDX-License-Identifier: Apache-2.0

package logreader

import (
	"hash/maphash"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// Reader reads log records by the tables of the families. It never changes and may be used by many goroutines.
type Reader struct {
	families []emitter.Family
	// rows are the rows of a name, in the order of the tables. starred are those of names with a star.
	rows    map[string][]row
	starred []row
	// unlisted are the rows of last parts of names, for emitters that no other table knows.
	unlisted map[string][]row
	ids      ids
}

// row is one row of a family.
type row struct {
	*emitter.Log
	family int
}

// unknown is the family of a scope and resource that no table knows.
const unknown = -1

// conventions is the family whose rows hold for all that have none of their own for an event.
const conventions = 0

// New compiles the tables.
func New(families []emitter.Family) *Reader {
	r := &Reader{families: families, rows: map[string][]row{}, unlisted: map[string][]row{}, ids: ids{maphash.MakeSeed()}}
	for i := range families {
		for j := range families[i].Logs {
			row := row{Log: &families[i].Logs[j], family: i}
			for _, name := range row.Names {
				switch {
				case families[i].AnyPrefix:
					r.unlisted[name] = append(r.unlisted[name], row)
				case strings.Contains(name, "*"):
					r.starred = append(r.starred, row)
				default:
					r.rows[name] = append(r.rows[name], row)
				}
			}
		}
	}
	return r
}

// Read returns what the records say. It keeps nothing of the logs but strings. Records without any time are given now.
func (r *Reader) Read(logs plog.Logs, now pcommon.Timestamp) Events {
	events := Events{}
	for _, resourceLogs := range logs.ResourceLogs().All() {
		of := origin{events: &events, resource: resourceLogs.Resource(), now: now}
		of.service = correlate.ServiceOf(of.resource.Attributes()).Name
		ofResource := r.familyOfResource(of.resource.Attributes())
		for _, scopeLogs := range resourceLogs.ScopeLogs().All() {
			of.scope, of.spans = scopeLogs.Scope(), map[string]scopeSpans{}
			of.family = r.familyOfScope(of.scope.Name())
			if of.family == unknown {
				of.family = ofResource
			}
			events.Records += scopeLogs.LogRecords().Len()
			for _, record := range scopeLogs.LogRecords().All() {
				r.read(record, &of)
			}
		}
	}
	return events
}

// origin is where records come from.
type origin struct {
	events   *Events
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	service  uint64
	family   int
	now      pcommon.Timestamp
	// to is where the resource's spans go; spans are those of the scope, by its name.
	to    ptrace.ResourceSpans
	added bool
	spans map[string]scopeSpans
}

// scopeSpans are the spans of a scope, the index-th of all.
type scopeSpans struct {
	ptrace.SpanSlice
	index int
}

// span returns a new span of a scope that is read under a row. An empty name stands for that of the record's scope.
func (o *origin) span(under *emitter.Log, scope string) ptrace.Span {
	spans, ok := o.spans[scope]
	if !ok {
		if !o.added {
			if o.events.Traces == (ptrace.Traces{}) {
				o.events.Traces = ptrace.NewTraces()
			}
			o.to, o.added = o.events.Traces.ResourceSpans().AppendEmpty(), true
			o.resource.CopyTo(o.to.Resource())
		}
		added := o.to.ScopeSpans().AppendEmpty()
		o.scope.CopyTo(added.Scope())
		if scope != "" {
			added.Scope().SetName(scope)
		}
		spans = scopeSpans{added.Spans(), len(o.events.Rows)}
		o.events.Rows = append(o.events.Rows, nil)
		o.spans[scope] = spans
	}
	o.events.Rows[spans.index] = append(o.events.Rows[spans.index], under)
	return spans.AppendEmpty()
}

// read reads one record.
func (r *Reader) read(record plog.LogRecord, o *origin) {
	name := r.eventName(record, o.family)
	if name == "" {
		return
	}
	found, empty, known := r.rowOf(name, record.Attributes(), o.family)
	if !known && (o.family == unknown || len(r.families[o.family].Logs) == 0) {
		found = r.unlistedRowOf(name, record.Attributes())
		known = found.Log != nil
	}
	switch {
	case !known:
		if o.family != unknown && len(r.families[o.family].Logs) > 0 {
			o.events.Skipped[SkipOtherEvent]++
		}
		return
	case found.Log == nil && empty:
		o.events.Skipped[SkipNoTokens]++
		return
	case found.Log == nil:
		o.events.Skipped[SkipOtherEvent]++
		return
	}
	if trace := record.TraceID(); !trace.IsEmpty() && (found.Role != emitter.Describes || found.Group != nil) {
		written := Written{o.service, trace}
		if n := len(o.events.Written); n == 0 || o.events.Written[n-1] != written {
			o.events.Written = append(o.events.Written, written)
		}
	}
	switch found.Role {
	case emitter.Begins:
		o.events.Skipped[SkipStart]++
		end := timeOf(record, o.now)
		if seconds, ok := millis(record.Attributes(), found.Lasts); ok {
			end -= pcommon.Timestamp(seconds)
		}
		o.events.Starts = append(o.events.Starts, Start{Trace: r.ids.traceID(record, found.Log, r.families[found.family].Name), At: end})
	case emitter.Corrects:
		o.events.Skipped[SkipCorrection]++
		if id, ok := record.Attributes().Get(found.ID[0]); ok && id.Type() == pcommon.ValueTypeStr {
			o.events.Corrected = append(o.events.Corrected, id.Str())
		}
	case emitter.Repeats:
		o.events.Skipped[SkipRepeat]++
	default:
		r.describe(record, found, name, o)
	}
}

// describe adds the span that says what the record says.
func (r *Reader) describe(record plog.LogRecord, found row, name string, o *origin) {
	scope := ""
	if o.family == unknown && found.family != conventions || r.families[found.family].AnyPrefix {
		scope = strings.TrimSuffix(r.families[found.family].Scopes[0], "*")
	}
	span := o.span(found.Log, scope)
	span.SetName(name)
	end := timeOf(record, o.now)
	start := end
	if found.Lasts != "" {
		nanos, ok := millis(record.Attributes(), found.Lasts)
		switch {
		case !ok || nanos > uint64(end):
			start = 0 // The span reader takes it for a time that makes no sense.
		case nanos == 0:
			start = end - 1 // Less than a millisecond.
		default:
			start = end - pcommon.Timestamp(nanos)
		}
	}
	if lasted := end - start; start != 0 && (found.Starts || r.families[found.family].AnyPrefix && beganAt(record, lasted)) {
		start, end = end, end+lasted
	}
	span.SetStartTimestamp(start)
	span.SetEndTimestamp(end)
	span.SetTraceID(r.ids.traceID(record, found.Log, r.families[found.family].Name))
	span.SetSpanID(r.ids.eventID(record, found.Log, r.families[found.family].Name, name))
	// The record's span is the request's own, or the one around it. In either case it is around what the record says.
	span.SetParentSpanID(record.SpanID())
	span.SetFlags(notSampled)
	if span.TraceID() != record.TraceID() {
		span.SetParentSpanID(llm.MadeUpParent(span.TraceID()))
	} else if record.Flags().IsSampled() {
		span.SetFlags(isSampled)
	}
	if found.Fails {
		span.Status().SetCode(ptrace.StatusCodeError)
	}
	copyAttributes(record.Attributes(), span.Attributes())
	if found.ErrorType != "" {
		span.Attributes().PutStr("error.type", found.ErrorType)
	}
}

// The trace flags of a span that was sampled, and of one that was not. No flags at all say nothing. Source: W3C Trace Context,
// level 2, which has the second bit for random ids.
const (
	isSampled  = 0x01
	notSampled = 0x02
)

const (
	// eventNameKey is the attribute with an event's name. Source: semantic conventions before v1.32, and all coding agents.
	eventNameKey = "event.name"
	// maxName is the length in bytes up to which text is taken for the name of an event.
	maxName = 64
)

// eventName returns the name of a record's event, or "". The attribute goes first: Codex writes a line of its source code into the
// record's event name.
func (r *Reader) eventName(record plog.LogRecord, of int) string {
	if v, ok := record.Attributes().Get(eventNameKey); ok && v.Type() == pcommon.ValueTypeStr {
		return v.Str()
	}
	if name := record.EventName(); name != "" {
		return name
	}
	if of != unknown && r.families[of].NamesInBody && record.Body().Type() == pcommon.ValueTypeStr {
		if name := record.Body().Str(); len(name) <= maxName {
			return name
		}
	}
	return ""
}

// rowOf returns the row that a record is read under. If there is none, known says that there are rows for its event. empty says
// that one would do if the record said more.
func (r *Reader) rowOf(name string, attributes pcommon.Map, of int) (found row, empty, known bool) {
	rows := r.rows[name]
	if rows == nil {
		for _, row := range r.starred {
			if row.family == of && match.Any(row.Names, name) {
				rows = append(rows, row)
			}
		}
	}
	owner := r.ownerOf(rows, name, of)
	for _, row := range rows {
		if row.family != owner {
			continue
		}
		known = true
		fits, lacks := row.fits(attributes)
		if fits {
			return row, false, true
		}
		empty = empty || lacks
	}
	return row{}, empty, known
}

// unlistedRowOf returns the row for a record of an unknown emitter by the last part of the event's name.
func (r *Reader) unlistedRowOf(name string, attributes pcommon.Map) row {
	for _, row := range r.unlisted[name[strings.LastIndexByte(name, '.')+1:]] {
		if fits, _ := row.fits(attributes); fits {
			return row
		}
	}
	return row{}
}

// fits reports whether a row holds for a record of its event, or lacks attributes for that.
func (r *row) fits(attributes pcommon.Map) (fits, lacks bool) {
	if r.Only.Key != "" {
		if v, ok := attributes.Get(r.Only.Key); !ok || v.Type() != pcommon.ValueTypeStr || v.Str() != r.Only.Value {
			return false, false
		}
	}
	for _, keys := range r.Needs {
		if !hasAny(attributes, keys) {
			return false, true
		}
	}
	fits = len(r.Any) == 0 || hasAny(attributes, r.Any)
	return fits, !fits
}

// ownerOf returns whose rows hold for a record of an emitter: its own, else those of the conventions. Where neither scope nor
// resource show the emitter, a name with its prefix does.
func (r *Reader) ownerOf(rows []row, name string, of int) int {
	has := func(e int) bool { return slices.ContainsFunc(rows, func(x row) bool { return x.family == e }) }
	switch {
	case of != unknown && has(of):
		return of
	case has(conventions):
		return conventions
	case of == unknown && len(rows) > 0 && strings.Contains(name, "."):
		return rows[0].family
	default:
		return unknown
	}
}

func (r *Reader) familyOfScope(name string) int {
	for i := range r.families {
		if match.Any(r.families[i].Scopes, name) {
			return i
		}
	}
	return unknown
}

func (r *Reader) familyOfResource(attributes pcommon.Map) int {
	for i := range r.families {
		for _, rule := range r.families[i].Resource {
			if v, ok := attributes.Get(rule.Key); ok && match.Match(rule.Value, v.AsString()) {
				return i
			}
		}
	}
	return unknown
}
