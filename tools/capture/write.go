// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
)

// shortIDs gives traces and spans ids that count up, in their order. So a case captured anew differs only where the emitter does.
type shortIDs struct {
	traces map[pcommon.TraceID]pcommon.TraceID
	spans  map[pcommon.SpanID]pcommon.SpanID
}

func newShortIDs() *shortIDs {
	return &shortIDs{traces: map[pcommon.TraceID]pcommon.TraceID{}, spans: map[pcommon.SpanID]pcommon.SpanID{}}
}

func (s *shortIDs) trace(id pcommon.TraceID) pcommon.TraceID {
	short, ok := s.traces[id]
	if !ok {
		binary.BigEndian.PutUint64(short[8:], uint64(len(s.traces)+1))
		s.traces[id] = short
	}
	return short
}

func (s *shortIDs) span(id pcommon.SpanID) pcommon.SpanID {
	if id.IsEmpty() {
		return id
	}
	short, ok := s.spans[id]
	if !ok {
		binary.BigEndian.PutUint64(short[:], uint64(len(s.spans)+1))
		s.spans[id] = short
	}
	return short
}

// shorten renames the ids of traces, cuts long texts, and returns the new ids of the traces. Paths below the build folder are
// renamed before a cut can end in one.
func (s *shortIDs) shorten(traces ptrace.Traces, build string) (ids []string) {
	known := map[string]bool{}
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				for _, v := range span.Attributes().All() {
					cut(v, build)
				}
				span.SetTraceID(s.trace(span.TraceID()))
				span.SetSpanID(s.span(span.SpanID()))
				span.SetParentSpanID(s.span(span.ParentSpanID()))
				for _, link := range span.Links().All() {
					link.SetTraceID(s.trace(link.TraceID()))
					link.SetSpanID(s.span(link.SpanID()))
				}
				if id := span.TraceID().String(); !known[id] {
					known[id], ids = true, append(ids, id)
				}
			}
		}
	}
	return ids
}

// thin leaves out spans whose names begin with none of the keeps, unless one of these is below them.
func thin(traces ptrace.Traces, keeps []string) {
	if len(keeps) == 0 {
		return
	}
	parents, stay := map[pcommon.SpanID]pcommon.SpanID{}, map[pcommon.SpanID]bool{}
	kept := func(span ptrace.Span) bool {
		return slices.ContainsFunc(keeps, func(keep string) bool { return strings.HasPrefix(span.Name(), keep) })
	}
	each := func(do func(span ptrace.Span) (remove bool)) {
		for _, rs := range traces.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				ss.Spans().RemoveIf(do)
			}
		}
	}
	each(func(span ptrace.Span) bool {
		parents[span.SpanID()] = span.ParentSpanID()
		return false
	})
	each(func(span ptrace.Span) bool {
		for id := span.SpanID(); kept(span) && !id.IsEmpty() && !stay[id]; id = parents[id] {
			stay[id] = true
		}
		return false
	})
	each(func(span ptrace.Span) bool { return !stay[span.SpanID()] })
	traces.ResourceSpans().RemoveIf(func(rs ptrace.ResourceSpans) bool {
		rs.ScopeSpans().RemoveIf(func(ss ptrace.ScopeSpans) bool { return ss.Spans().Len() == 0 })
		return rs.ScopeSpans().Len() == 0
	})
}

// Texts of more than maxText bytes are cut to keptText. Those are prompts of agents and stack traces, of which nothing is read.
const (
	maxText  = 1000
	keptText = 60
)

// appFolder stands for the build folder in what is written.
const appFolder = "/app"

// cut shortens long texts.
func cut(v pcommon.Value, build string) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if s := v.Str(); len(s) > maxText {
			s = strings.ReplaceAll(s, build, appFolder)
			v.SetStr(strings.ToValidUTF8(s[:min(len(s), keptText)], ""))
		}
	case pcommon.ValueTypeSlice:
		for _, member := range v.Slice().All() {
			cut(member, build)
		}
	}
}

// write writes a case of testdata/emitters, but for how it is read, which a test of the reader writes. Spans hold paths of programs:
// those below the build folder become paths that no machine has.
func write(root, build string, e *emitter, traces ptrace.Traces, truth *corpus.Truth, source []string) error {
	c := corpus.Case{Name: "captured-" + e.name}
	c.Folder = filepath.Join(root, "testdata", "emitters", c.Name)
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return err
	}
	raw, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
	if err != nil {
		return err
	}
	raw = bytes.ReplaceAll(raw, []byte(build), []byte(appFolder))
	if err := os.WriteFile(filepath.Join(c.Folder, "spans.json"), raw, 0o644); err != nil {
		return err
	}
	if err := c.FormatSpans(); err != nil {
		return err
	}
	if err := c.WriteTruth(truth); err != nil {
		return err
	}
	text := fmt.Sprintf("shows: %q\nrequests: %d\nbasis: measured\nsource: %q\n",
		e.Shows, truth.Count(), strings.Join(source, ", ")+"; tools/capture/emitters/"+e.name)
	return os.WriteFile(filepath.Join(c.Folder, "case.yaml"), []byte(text), 0o644)
}
