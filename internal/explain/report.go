// SPDX-License-Identifier: Apache-2.0

// Package explain says of each span and log record of OTLP data whether it counts as a request. It says as what, or by which rule
// not. What it says holds no texts of users: no ids, contents or messages.
package explain

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// remembered is the number of identities by which log events of the same requests as spans are known.
const remembered = 1 << 18

// Report is what was found out about spans and log records, in their order. Records that do not count come last.
type Report struct {
	Spans   []Span
	Records []Record
}

// Of reports on spans and log records, which it does not change. All of a trace are taken as if they had come together.
func Of(contents *Contents) *Report {
	x := explainer{spanreader.NewReader(spanreader.Options{MaxText: maxText}), logreader.New(emitter.All())}
	now := pcommon.NewTimestampFromTime(time.Now())
	spans, events := x.reader.NewBatch(), x.logs.Read(contents.Logs, now)
	x.reader.Read(contents.Traces, spans)
	logs := x.reader.NewBatch()
	x.reader.ReadEvents(&events, logs)
	if len(spans.Requests) > 0 && len(logs.Requests) > 0 {
		recent := settling.NewRecent(remembered, time.Hour)
		recent.Mark(&spans.Batch, now.AsTime())
		recent.Mark(&logs.Batch, now.AsTime())
		yield(spans, logs)
	}
	return &Report{Spans: x.spans(contents.Traces, spans), Records: x.records(contents.Logs, logs, now)}
}

// WriteTo writes the report for people: two or three lines for each span, and how many there are by verdict.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	var text strings.Builder
	for i := range r.Spans {
		s := &r.Spans[i]
		fmt.Fprintf(&text, "%s %s %s", s.Number, strings.ToUpper(s.Kind), s.Name)
		if s.Scope != "" {
			fmt.Fprintf(&text, " of %s", strings.TrimSpace(s.Scope+" "+s.Version))
		}
		if s.Parent != "" {
			fmt.Fprintf(&text, ", below %s", s.Parent)
		}
		if s.Verdict == counts {
			fmt.Fprintf(&text, "\n    counts: %s\n", s.Detail)
		} else {
			fmt.Fprintf(&text, "\n    does not count (%s): %s\n", s.Verdict, s.Detail)
		}
		if len(s.Keys) > 0 {
			fmt.Fprintf(&text, "    keys: %s\n", strings.Join(s.Keys, " "))
		}
	}
	for i := range r.Records {
		l := &r.Records[i]
		fmt.Fprintf(&text, "%d x log event %s", l.Count, l.Name)
		if l.Scope != "" {
			fmt.Fprintf(&text, " of %s", l.Scope)
		}
		if l.Verdict == counts {
			fmt.Fprintf(&text, "\n    counts: %s\n", l.Detail)
		} else {
			fmt.Fprintf(&text, "\n    does not count (%s): %s\n", l.Verdict, l.Detail)
		}
	}
	ofSpans, ofRecords := map[string]int{}, map[string]int{}
	for i := range r.Spans {
		ofSpans[r.Spans[i].Verdict]++
	}
	for i := range r.Records {
		ofRecords[r.Records[i].Verdict] += r.Records[i].Count
	}
	sum(&text, "spans", ofSpans)
	if len(r.Records) > 0 {
		sum(&text, "log records", ofRecords)
	}
	n, err := io.WriteString(w, text.String())
	return int64(n), err
}

// sum writes how many there are by verdict.
func sum(text *strings.Builder, what string, verdicts map[string]int) {
	total := 0
	for _, n := range verdicts {
		total += n
	}
	fmt.Fprintf(text, "%d %s, %d count", total, what, verdicts[counts])
	for _, verdict := range slices.Sorted(maps.Keys(verdicts)) {
		if verdict != counts {
			fmt.Fprintf(text, ", %d %s", verdicts[verdict], verdict)
		}
	}
	text.WriteByte('\n')
}

// Counted returns the number of requests that count.
func (r *Report) Counted() (n int) {
	for i := range r.Spans {
		if r.Spans[i].Verdict == counts {
			n++
		}
	}
	for i := range r.Records {
		if r.Records[i].Verdict == counts {
			n++
		}
	}
	return n
}
