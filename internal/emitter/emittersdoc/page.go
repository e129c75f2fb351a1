// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// The pages, by their path below docs.
const (
	indexPage      = "emitters.md"
	attributesPage = "attributes.md"
	groupFolder    = "emitters"
)

// origin says on each page where it comes from.
const origin = "<!-- Written by go generate ./internal/emitter. Change the tables there, or the cases in testdata/emitters. -->\n\n"

var indexIntro = `# Emitters

What spans of each emitter hold. An emitter is a program or library that writes spans of LLM requests. [Connect](connect.md) says what to set
in it, and [attributes](attributes.md) which attribute counts first. The content of prompts and answers is never read.

| | |
| --- | --- |
| ✓ | a case of [testdata/emitters](../testdata/emitters) or [testdata/logevents](../testdata/logevents) proves it |
| – | the emitter never sends it, by its source or by spans that were measured |
` + reasonRows() + `| ? | there is no case yet |
| known from | spans of the real program (measured), its source, or its documentation; with the version or commit that was looked at first; the emitter's section names all |

A span belongs to an emitter by its instrumentation scope, or else by its resource. Where neither says it, an attribute that only that emitter writes decides. The
keys of all emitters are read on all spans, since emitters borrow each other's. Where a key means something else for one
emitter, its section lists the key as its own.

`

const attributesIntro = `# Attributes, and what counts first

Each fact has several sources, which are read in this order; the first good value counts.

* A value is good if it is of its type, plausible and not empty. ` + "`unknown`, `none`, `null` and `N/A`" + ` are empty.
* Numbers and booleans may come as text.
* A time is plausible if it is above zero and no longer than its span. Its unit is that of the key for the emitter, never guessed
  from the value.
* Every inference and every embedding has a prompt. So 0 input tokens are unknown, as are 0 output tokens beside them.
* Last come counts of tokens under keys that are not listed here. Their words say what they count, in any order and spelling, as in
  ` + "`llm.tokens.prompt` or `usage.cachedContentTokenCount`" + `. A key with an unknown word is not read: it may be a limit or a price.
  So are names: models, providers, costs in US dollars or cents, streams, finish reasons and retries. One of their words has to be
  about models, as in ` + "`llm.model.id` or `ai.response.cost_usd`" + `.
* The name of your own code's span may say that it is a call. Then no word has to be about models, and
  ` + "`acme.tokens.in` and `acme.model`" + ` are read. Words such as ` + "`session`, `limit` or `total`" + ` keep a key out.

A star in a key stands for any text. ` + "`key#path`" + ` is a value inside a JSON attribute, ` + "`event:name`" + ` a span event.

`

// pages returns all pages by their path below docs.
func pages(root string) (map[string]string, error) {
	all, err := grouped(root)
	if err != nil {
		return nil, err
	}
	shown, err := corpus.Survey(root)
	if err != nil {
		return nil, err
	}
	ends, err := outcomeSigns(root)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	var index, attributes strings.Builder
	index.WriteString(origin + indexIntro)
	for i := range all {
		g := &all[i]
		fmt.Fprintf(&index, "## %s\n\n", g.title)
		if g.vocabulary {
			vocabularies(&index, g)
		} else {
			matrix(&index, g, shown)
		}
		texts[groupFolder+"/"+g.file+".md"] = groupPage(g, shown, ends)
	}
	texts[indexPage] = strings.TrimSuffix(index.String(), "\n")
	attributes.WriteString(origin + attributesIntro)
	for f := fact.None + 1; f < fact.Carried; f++ {
		sourcesOf(&attributes, f)
	}
	words(&attributes)
	texts[attributesPage] = attributes.String()
	return texts, nil
}

// groupPage returns the page of a group.
func groupPage(g *group, shown map[string]*corpus.Shown, ends map[string]signs) string {
	var p strings.Builder
	fmt.Fprintf(&p, "%s# %s\n\nWhat each holds: [emitters](../emitters.md). Which attribute counts first: [attributes](../attributes.md).\n\n", origin, g.title)
	outcomes(&p, g, ends)
	for i := range g.families {
		family(&p, &g.families[i], shown[g.families[i].Name])
	}
	return strings.TrimSuffix(p.String(), "\n")
}

// family writes what is known of one family.
func family(p *strings.Builder, d *emitter.Family, shown *corpus.Shown) {
	fmt.Fprintf(p, "## %s\n\n", d.Title)
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
	line("Log events", logs(d.Logs))
	if len(d.Logs) > 0 {
		line("Counted", counted[d.Counts])
	}
	if texts := quirks(d.Quirks); len(texts) > 0 {
		p.WriteString("* Peculiarities:\n  * " + strings.Join(texts, "\n  * ") + "\n")
	}
	line("Source", d.Source)
	line("Cases", cases(shown))
	p.WriteString("\n")
	if d.Notes != "" {
		p.WriteString(d.Notes + "\n\n")
	}
}

// counted says which signal of a family counts.
var counted = map[emitter.Counts]string{
	emitter.SpansCount: "spans; log events of services that send no such spans",
	emitter.LogsCount:  "log events; spans of services that send no such log events",
	emitter.BothCount:  "spans and log events, which are joined by their request's id",
}

// logs lists the names of log events by what they are.
func logs(all []emitter.Log) string {
	var kinds []string
	names := map[string][]string{}
	for _, l := range all {
		what := [...]string{
			emitter.Describes: l.Span.Operation, emitter.Begins: "the beginning of a request", emitter.Corrects: "was not billed",
			emitter.Repeats: "repeats others",
		}[l.Role]
		if what == "" {
			what = "a request"
		}
		if names[what] == nil {
			kinds = append(kinds, what)
		}
		for _, name := range l.Names {
			if !slices.Contains(names[what], name) {
				names[what] = append(names[what], name)
			}
		}
	}
	texts := make([]string, len(kinds))
	for i, what := range kinds {
		texts[i] = codes(names[what]) + " (" + what + ")"
	}
	return strings.Join(texts, "; ")
}

// cases links to the cases that show requests of a family.
func cases(shown *corpus.Shown) string {
	if shown == nil {
		return ""
	}
	links := make([]string, len(shown.Cases))
	for i, path := range shown.Cases {
		kind, name, _ := strings.Cut(path, "/")
		if kind == "logevents" {
			name += ", log events"
		}
		links[i] = fmt.Sprintf("[%s](../../testdata/%s)", name, path)
	}
	return strings.Join(links, ", ")
}

// spans lists the names of spans by what they are.
func spans(all []emitter.Span) string {
	var kinds []string
	names := map[string][]string{}
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
				what = "its duration is the " + f.String()
			}
		}
		if names[what] == nil {
			kinds = append(kinds, what)
		}
		names[what] = append(names[what], s.Name)
	}
	texts := make([]string, len(kinds))
	for i, what := range kinds {
		texts[i] = codes(names[what]) + " (" + what + ")"
	}
	return strings.Join(texts, "; ")
}

func quirks(set emitter.Quirk) (texts []string) {
	for _, one := range []struct {
		quirk emitter.Quirk
		text  string
	}{
		{emitter.CacheInTotal, "its input count leaves out cached tokens, which are in the total alone; they are added"},
		{emitter.ProviderCounts, "its input count leaves out cached tokens where the provider's does (Anthropic, Bedrock); they are added"},
		{emitter.MessagesCounts, "with a finish reason of Anthropic's Messages API, its input count leaves out cached tokens; they are added"},
		{emitter.ProviderThoughts, "its output count leaves out reasoning tokens where the provider's does (Gemini); they are added"},
		{emitter.EstimatesTokens, "token counts of streams may be its own estimates, and are marked so"},
		{emitter.EstimatesInput, "input counts are its own estimates, and are marked so"},
		{emitter.ExceptionFails, "an exception event means failure even with status OK"},
		{emitter.SilenceCancels, "a span without output tokens, finish reason and answer counts as cancelled"},
		{emitter.SpanPerAttempt, "a span per attempt; failed ones are retries of the last"},
		{emitter.SpanPerOutput, "a span per output of a request"},
		{emitter.Framework, "framework: if an instrumented client library reports the same call, the client's span is counted"},
		{emitter.BareErrorCancels, "the finish reason `error` without a status or an error type means that the caller left"},
		{emitter.CountAtEnd, "0 output tokens beside an answer, without a finish reason, mean that the caller left"},
		{emitter.BareFailureCancels, "success `false` without a status or an error type means that the caller left"},
		{emitter.ModelAtAnswer, "a span without a model and without an answer failed"},
		{emitter.NoResponseFails, "a span without an HTTP status and without an answer failed"},
		{emitter.TTFTFromHeaders, "its time to first token leaves out the wait for the response's headers, and is dropped"},
		{emitter.TTFTOfAny, "it writes a time to first token for any response; above 75 % of the duration it is dropped"},
		{emitter.EngineClock, "it knows the first token of any response, so that the time does not show streaming"},
		{emitter.TTFTAtEnd, "it notes the first token when the stream ends; above 98 % of the duration the time is dropped"},
		{emitter.StepSpans, "child spans of the request span carry attributes that it lacks"},
		{emitter.StepsAround, "the step around the request says whether the response was streamed"},
		{emitter.GlobalIDs, "request IDs are globally unique"},
		{emitter.EndsElsewhere, "another span beside the request carries the end of a response, which waits for it up to a minute"},
		{emitter.PrefillsApart, "one engine can read the prompt and another generate the output, with a span for each"},
		{emitter.LoneRoots, "a request without a parent is alone in its trace, and counts at once"},
		{emitter.OperationForModel, "the operation's name in the place of a model counts as none"},
		{emitter.ServiceForProvider, "the service's name in the place of the provider counts as none"},
		{emitter.ModelForOperation, "the model's name shows what kind of request it is"},
		{emitter.RunsBelowCalls, "agents and tools that a call starts run below it, and what they call is no part of it"},
		{emitter.Unlisted, "read by what its events show; the event of the conventions beside them is not counted"},
		{emitter.EventsInTraces, "log events about each request whose span it sends are written in the span's trace"},
	} {
		if set.Has(one.quirk) {
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
	fmt.Fprintf(p, "## %s%s\n\n| source | written as | table |\n| --- | --- | --- |\n", strings.ToUpper(f.String()[:1]), f.String()[1:])
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
	case e.Only.Key != "" && e.Attribute != "":
		return "attribute " + code(e.Attribute) + " where " + code(e.Only.Key+"="+e.Only.Value)
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
		switch emitter.Operations[word].Class {
		case llm.NoRequest:
			as = "no request"
		case llm.Supplement:
			as = "no request; its tokens are those of the request with its response's id"
		default:
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
