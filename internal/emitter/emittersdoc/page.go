// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const intro = `# Emitters

What is read from whose spans. This page is written from the tables that the reader is compiled from
(` + "`internal/emitter`" + `, ` + "`go generate ./internal/emitter`" + `), so that it lists all that is read, and
nothing else. The content of prompts and answers is never read.

A span belongs to a family by its instrumentation scope, else by its resource, else by an attribute that only
that family writes. The keys of all families are read on all spans, since emitters borrow each other's; where a key
means something else in one family, it is listed as the family's own.

`

const precedenceIntro = `## What is read, and what counts first

Of several sources of one fact the first with a good value counts. A value is good if it is of its type, plausible and
not empty; ` + "`unknown`, `none`, `null` and `N/A`" + ` are empty. Numbers and booleans may come as text. A time is plausible if it is
above zero and no longer than its span. Its unit is that of the key in the family, never guessed from the value: what is
no plausible time in that unit is left out. No inference and no embedding is without a prompt: 0 input tokens
are unknown, and so are 0 output tokens beside them. A key with a star stands for all with that end.

`

// page returns the whole page.
func page() string {
	var p strings.Builder
	p.WriteString(intro)
	for _, section := range []struct {
		title string
		layer llm.Layer
	}{
		{"Inference servers", llm.Server},
		{"Gateways", llm.Gateway},
		{"SDKs and frameworks", llm.NoLayer},
	} {
		fmt.Fprintf(&p, "## %s\n\n", section.title)
		for _, d := range emitter.All() {
			if d.Layer == section.layer {
				family(&p, &d)
			}
		}
	}
	p.WriteString(precedenceIntro)
	for f := fact.None + 1; f < fact.Carried; f++ {
		sourcesOf(&p, f)
	}
	words(&p)
	return p.String()
}

// family writes what is known of one family.
func family(p *strings.Builder, d *emitter.Family) {
	fmt.Fprintf(p, "### %s\n\n", d.Title)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(p, "* %s: %s\n", name, text)
		}
	}
	line("Name", code(d.Name))
	line("Scopes", codes(d.Scopes))
	var resource, marks, own []string
	for _, r := range d.Resource {
		resource = append(resource, r.Key+"="+r.Value)
	}
	for _, a := range d.Attributes {
		if a.Identifies {
			marks = append(marks, a.Key)
		}
		if a.EmitterSpecific {
			own = append(own, a.Key)
		}
	}
	line("Resource", codes(resource))
	line("Known by the keys", codes(marks))
	line("Keys of its own meaning", codes(own))
	if d.Provider != "" {
		line("Provider, if the span names none", code(d.Provider))
	}
	line("Spans by name", spans(d.Spans))
	line("Peculiarities", strings.Join(traits(d.Quirks), "; "))
	line("Source", d.Source)
	p.WriteString("\n")
	if d.Notes != "" {
		p.WriteString(d.Notes + "\n\n")
	}
}

func spans(all []emitter.Span) string {
	var texts []string
	for _, s := range all {
		what := map[bool]string{true: "a request", false: "none"}[s.Class.IsRequest()]
		switch {
		case s.Class == llm.Supplement:
			what = "adds to a request"
		case s.Operation != "":
			what = s.Operation
		}
		if s.NeedsModel {
			what += " if it names a model"
		}
		if s.Instant {
			what += ", a moment of it"
		}
		for _, f := range []fact.Fact{s.Lasts, s.Ends, s.Alone} {
			if f != fact.None {
				what = "tells the " + f.String()
			}
		}
		texts = append(texts, fmt.Sprintf("%s (%s)", code(s.Name), what))
	}
	return strings.Join(texts, ", ")
}

func traits(t emitter.Quirk) (texts []string) {
	for _, one := range []struct {
		trait emitter.Quirk
		text  string
	}{
		{emitter.CacheInTotal, "its input leaves out cached tokens, which only the total contains; they are added"},
		{emitter.ProviderCounts, "its input leaves out cached tokens where the provider's count does (Anthropic, Bedrock); they are added"},
		{emitter.MessagesCounts, "with a finish reason of Anthropic's Messages API, its input leaves out cached tokens, which are added"},
		{emitter.ProviderThoughts, "its output leaves out reasoning tokens where the provider's count does (Gemini); they are added"},
		{emitter.EstimatesTokens, "token counts may be its own estimates and are marked so, unless the response was not streamed"},
		{emitter.ExceptionFails, "an exception event means failure even with status OK"},
		{emitter.SilenceCancels, "a span without output tokens, finish reason and answer counts as cancelled"},
		{emitter.SpanPerAttempt, "a span per attempt; failed ones are retries of the last"},
		{emitter.SpanPerOutput, "a span per output of a request"},
		{emitter.Framework, "of two spans that tell equally much of a call, that of the client library counts"},
		{emitter.BareErrorCancels, "the finish reason `error` without a status or an error type means that the caller left"},
		{emitter.BareFailureCancels, "a call that denies success without a status or an error type was left by its caller"},
		{emitter.NoResponseFails, "a span without an HTTP status and without an answer failed"},
		{emitter.TTFTFromHeaders, "its time to the first token leaves out the wait for the response's headers and is dropped"},
		{emitter.TTFTOfAny, "it writes a time to the first token for any response; above 75 % of the duration it is dropped"},
		{emitter.EngineClock, "it knows the first token of any response, so that the time says nothing of streaming"},
		{emitter.TTFTAtEnd, "it notes the first token when the stream ends; above 98 % of the duration the time is dropped"},
		{emitter.StepSpans, "spans of the steps of a request tell more of it"},
		{emitter.GlobalIDs, "its request ids hold across traces"},
	} {
		if t.Has(one.trait) {
			texts = append(texts, one.text)
		}
	}
	return texts
}

// source is one source of a fact.
type source struct{ name, form, family string }

// sourcesOf writes the sources of one fact in their order.
func sourcesOf(p *strings.Builder, f fact.Fact) {
	all := sources(f)
	if len(all) == 0 {
		return
	}
	order := func(s source) int {
		if i := slices.Index(emitter.Precedence[f], s.name); i >= 0 {
			return i
		}
		return len(emitter.Precedence[f])
	}
	slices.SortStableFunc(all, func(a, b source) int { return order(a) - order(b) })
	fmt.Fprintf(p, "### %s%s\n\n| source | written as | table |\n| --- | --- | --- |\n", strings.ToUpper(f.String()[:1]), f.String()[1:])
	for _, s := range all {
		fmt.Fprintf(p, "| %s | %s | %s |\n", code(s.name), s.form, s.family)
	}
	p.WriteString("\n")
}

func sources(f fact.Fact) (all []source) {
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			family := d.Title
			if a.EmitterSpecific {
				family += ", on its spans only"
			}
			if a.Fact == f && a.Encoding != emitter.JSON {
				all = append(all, source{a.Key, a.Encoding.String(), family})
			}
			for _, in := range a.JSONFields {
				if in.Fact == f {
					all = append(all, source{a.Key + "#" + in.Path, in.Encoding.String() + " in JSON", family})
				}
			}
		}
		for _, e := range d.Events {
			if e.Fact == f {
				all = append(all, source{"event:" + e.Name, eventForm(e), d.Title})
			}
		}
	}
	return all
}

func eventForm(e emitter.Event) string {
	switch {
	case e.Last:
		return "attribute " + code(e.Attribute) + " of the last"
	case e.Attribute != "":
		return "attribute " + code(e.Attribute)
	case e.Begins:
		return "its beginning"
	case e.Since != "":
		return "time since " + code(e.Since)
	case e.Fact == fact.ChunkGaps:
		return "time since the one before"
	default:
		return "time since the span's start"
	}
}

// words writes what the words mean that are compared without regard to case.
func words(p *strings.Builder) {
	p.WriteString("## Words\n\nWithout regard to case. Operations, as in `gen_ai.operation.name`:\n\n| word | counts as |\n| --- | --- |\n")
	for _, word := range slices.Sorted(maps.Keys(emitter.Operations)) {
		as := emitter.Operations[word].Operation
		if emitter.Operations[word].Class == llm.NoRequest {
			as = "no request"
		}
		fmt.Fprintf(p, "| %s | %s |\n", code(word), as)
	}
	p.WriteString("\nProviders; a framework's name is none:\n\n| word | provider |\n| --- | --- |\n")
	for _, word := range slices.Sorted(maps.Keys(emitter.Providers)) {
		as := emitter.Providers[word]
		if as == "" {
			as = "not known"
		} else {
			as = code(as)
		}
		fmt.Fprintf(p, "| %s | %s |\n", code(word), as)
	}
	p.WriteString("\nFinish reasons that are no success:\n\n| word | outcome |\n| --- | --- |\n")
	outcomes := map[emitter.FinishMeaning]string{
		emitter.FinishNothing: "not ended yet", emitter.FinishError: "error", emitter.FinishCancelled: "cancelled",
	}
	for _, word := range slices.Sorted(maps.Keys(emitter.FinishReasons)) {
		fmt.Fprintf(p, "| %s | %s |\n", code(word), outcomes[emitter.FinishReasons[word]])
	}
}

func code(text string) string { return "`" + text + "`" }

func codes(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = code(text)
	}
	return strings.Join(quoted, ", ")
}
