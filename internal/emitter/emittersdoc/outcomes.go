// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const outcomesIntro = `## How each says how a request ended

What the spans of the cases carry. One line of a cell is what one span carries, beside others that carry something else. "Nothing"
is the absence of tokens, finish reason and answer. Emitters that are known to write one of these at a real end are taken at that.
"Another span" is one below the request, around it or beside it. A line in italics says what becomes of a stream that its caller
leaves where no span shows it.

`

// outcomeColumns are the outcomes of the table, in its order.
var outcomeColumns = []llm.Outcome{llm.Success, llm.Error, llm.Cancelled}

// signs are what the spans of one emitter carry at each outcome, with how often.
type signs map[string]map[string]int

// outcomeSigns returns what the cases of a repository show, by emitter.
func outcomeSigns(root string) (map[string]signs, error) {
	cases, err := corpus.Load(root)
	if err != nil {
		return nil, err
	}
	all := map[string]signs{}
	for i := range cases {
		if err := addSigns(all, &cases[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", cases[i].Name, err)
		}
	}
	return all, nil
}

// addSigns adds what the spans of a case show.
func addSigns(all map[string]signs, c *corpus.Case) error {
	raw, err := os.ReadFile(filepath.Join(c.Folder, "expected.json"))
	if err != nil {
		return err
	}
	var expected struct {
		Spans []struct {
			ID, Emitter, Outcome string
			Counted              bool
		}
	}
	if err := json.Unmarshal(raw, &expected); err != nil {
		return err
	}
	spans := map[string]ptrace.Span{}
	for _, traces := range c.Batches {
		for _, resourceSpans := range traces.ResourceSpans().All() {
			for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
				for _, span := range scopeSpans.Spans().All() {
					spans[span.SpanID().String()] = span
				}
			}
		}
	}
	for _, one := range expected.Spans {
		if one.Emitter == "" {
			one.Emitter = c.Emitter
		}
		if !one.Counted || one.Emitter == "" {
			continue
		}
		s := all[one.Emitter]
		if s == nil {
			s = signs{}
			all[one.Emitter] = s
		}
		if s[one.Outcome] == nil {
			s[one.Outcome] = map[string]int{}
		}
		s[one.Outcome][strings.Join(signsOf(spans[one.ID], one.Emitter, one.Outcome), ", ")]++
	}
	return nil
}

// signsOf returns what a span of an emitter carries of its outcome.
func signsOf(span ptrace.Span, name, outcome string) (texts []string) {
	of := families[name]
	failed := outcome != llm.Success.String()
	switch status := span.Status().Code(); {
	case failed && status == ptrace.StatusCodeError:
		texts = append(texts, "status `ERROR`")
	case !failed && status == ptrace.StatusCodeOk:
		texts = append(texts, "status `OK`")
	default:
	}
	var keys []string
	for key, value := range span.Attributes().All() {
		if sign := signOf(key, value, &of, failed); sign != "" {
			keys = append(keys, sign)
		}
	}
	slices.Sort(keys)
	texts = append(texts, keys...)
	for _, event := range span.Events().All() {
		if sign := "event `" + event.Name() + "`"; failed && saysFailure(event, &of) && !slices.Contains(texts, sign) {
			texts = append(texts, sign)
		}
	}
	switch {
	case len(texts) > 0:
	case outcome == llm.Cancelled.String() && of.Quirks.Has(emitter.SilenceCancels):
		texts = append(texts, "nothing")
	case failed && of.Quirks.Has(emitter.NoResponseFails):
		texts = append(texts, "no HTTP status")
	case failed && of.Quirks.Has(emitter.ModelAtAnswer):
		texts = append(texts, "no model")
	case failed:
		texts = append(texts, "another span")
	default:
		texts = append(texts, "no sign but the answer")
	}
	return texts
}

// saysFailure reports whether an event says that a request failed.
func saysFailure(event ptrace.SpanEvent, of *emitter.Family) bool {
	return event.Name() == "exception" || slices.ContainsFunc(of.Events, func(e emitter.Event) bool {
		return e.Only.Key != "" && (e.Fact == fact.HTTPStatus || e.Fact == fact.ErrorType || e.Fact == fact.Failed)
	})
}

// sharedRows are the rows that hold for spans of all emitters, by key. sharedEndings are those of keys that begin with a star.
var sharedRows, sharedEndings = func() (rows map[string][]emitter.Attribute, endings []emitter.Attribute) {
	rows = map[string][]emitter.Attribute{}
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			switch {
			case a.EmitterSpecific:
			case strings.HasPrefix(a.Key, "*"):
				endings = append(endings, a)
			default:
				rows[a.Key] = append(rows[a.Key], a)
			}
		}
	}
	return rows, endings
}()

// families are all emitters by name.
var families = func() map[string]emitter.Family {
	all := map[string]emitter.Family{}
	for _, d := range emitter.All() {
		all[d.Name] = d
	}
	return all
}()

// signOf returns what an attribute says of the outcome, empty for nothing.
func signOf(key string, value pcommon.Value, of *emitter.Family, failed bool) string {
	rows := slices.Concat(of.Attributes, sharedRows[key], sharedEndings)
	for i := range rows {
		a := &rows[i]
		if !emitter.Fits(a.Key, key) {
			continue
		}
		for _, field := range a.JSONFields {
			if inside := gjson.Get(value.AsString(), field.Path); failed && (field.Fact == fact.ErrorType || field.Fact == fact.Failed) && inside.Bool() {
				return code(key + "#" + field.Path)
			}
		}
		switch word := strings.Trim(value.AsString(), `[]"`); {
		case a.Encoding == emitter.FailureWord && !emitter.FailureWords[strings.ToLower(word)],
			a.Encoding == emitter.EndWord && emitter.EndWords[strings.ToLower(word)] == "":
		case a.Fact == fact.FinishReason && failed:
			if emitter.FinishReasons[strings.ToLower(word)] > emitter.FinishNothing {
				return code(key + "=" + word)
			}
		case a.Fact == fact.FinishReason:
			return code(key)
		case !failed:
		case a.Fact == fact.HTTPStatus && word >= "400":
			return code(key)
		case a.Fact == fact.ErrorType && value.Type() == pcommon.ValueTypeStr && word != "" && !strings.EqualFold(word, "success"),
			a.Fact == fact.ErrorType && value.Type() == pcommon.ValueTypeBool && value.Bool(),
			a.Fact == fact.Failed && (a.Encoding != emitter.FalseOnly || word == "false") && word != "" && (value.Type() != pcommon.ValueTypeBool || a.Encoding == emitter.FalseOnly || value.Bool()):
			if value.Type() == pcommon.ValueTypeBool || a.Fact == fact.Failed && len(word) < 10 {
				return code(key + "=" + word)
			}
			return code(key)
		}
	}
	return ""
}

// outcomes writes the table of a group.
func outcomes(p *strings.Builder, g *group, all map[string]signs) {
	p.WriteString(outcomesIntro + "| emitter |")
	for _, outcome := range outcomeColumns {
		p.WriteString(" " + outcome.String() + " |")
	}
	p.WriteString("\n|" + strings.Repeat(" --- |", len(outcomeColumns)+1) + "\n")
	for i := range g.families {
		d := &g.families[i]
		cells := []string{fmt.Sprintf("[%s](#%s)", d.Title, anchor(d.Title))}
		for _, outcome := range outcomeColumns {
			signs := cell(all[d.Name][outcome.String()])
			if left := leftStreams[d.Name]; outcome == llm.Cancelled && left != "" {
				signs += "<br>*" + left + "*"
			}
			cells = append(cells, signs)
		}
		p.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	p.WriteString("\n")
}

// leftStreams says what becomes of a stream that its caller leaves after a part of the answer. It is for streams of which no span
// shows that. Known from spans that were measured, or from the source that the emitter's table names.
var leftStreams = map[string]string{
	"azure-ai-inference":             "looks like a success without tokens",
	"edot-python":                    "looks like a success without tokens",
	"guardrails-ai":                  "ends when the stream begins",
	"langchain4j":                    "no span",
	"langfuse":                       "no span",
	"langtrace":                      "looks complete, with tokens that it estimates",
	"langwatch":                      "no span",
	"loongsuite":                     "no span",
	"mistral-sdk":                    "looks like a success without tokens",
	"openinference":                  "JS: looks complete, since a copy of the stream is read to its end",
	"openinference-google-adk":       "looks like a success without tokens",
	"openinference-python-bedrock":   "no span",
	"openinference-python-groq":      "no span",
	"openinference-python-mistralai": "no span",
	"openinference-python-openai":    "no span",
	"openlit-anthropic":              "no span",
	"openllmetry":                    "no span",
	"openllmetry-js-bedrock":         "no span",
	"openllmetry-js-openai":          "no span",
	"openllmetry-llamaindex":         "no span",
	"openllmetry-python-bedrock":     "no span",
	"openllmetry-python-openai":      "looks like a success without tokens",
	"opentelemetry":                  "no span, if it is not read to its end",
	"opentelemetry-js":               "no span",
	"opentelemetry-php":              "ends when the stream begins",
	"respan":                         "looks like a success without tokens",
	"tei":                            "looks like a success without times",
	"tgi":                            "looks like a success without times",
	"traceai":                        "no span",
	"trulens":                        "looks like a shorter stream",
}

// mostSigns bounds the lines of a cell.
const mostSigns = 4

// cell lists what spans carry, the usual first.
func cell(counts map[string]int) string {
	if len(counts) == 0 {
		return "no case"
	}
	texts := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], strings.Compare(a, b)) })
	if len(texts) > mostSigns {
		texts = append(texts[:mostSigns], "…")
	}
	return strings.Join(texts, "<br>")
}
