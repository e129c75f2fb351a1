// SPDX-License-Identifier: Apache-2.0

package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Reading configures attributes, names and models that cannot be inferred from spans. Known emitters need none of it.
type Reading struct {
	// Attributes are further span attributes, by the fact that they hold; they count before all known ones. A request's span
	// needs an operation. Or it needs tokens or a time to the first token beside a model.
	Attributes map[Concept][]Attribute `mapstructure:"attributes"`
	// Operations says what words in the operation's attribute (gen_ai.operation.name and its like) mean, without regard to case.
	// The meaning is an operation to count, or "none" for spans that are no requests.
	Operations map[string]Operation `mapstructure:"operations"`
	// Providers renames providers, without regard to case; "*" stands for any characters.
	Providers map[string]string `mapstructure:"providers"`
	// Models renames models, of requests and responses; "*" stands for any characters. A name without "*" counts first, then
	// the pattern with the most other characters.
	Models map[string]string `mapstructure:"models"`
	// DefaultModel are resource attributes that name the model of spans that name none, such as those of vLLM. The first that is
	// there counts.
	DefaultModel []string `mapstructure:"default_model"`
	// DefaultProvider are resource attributes that name the provider of spans that name none.
	DefaultProvider []string `mapstructure:"default_provider"`
	// EstimatedTokens counts tokens that may be an emitter's own estimate; on by default.
	EstimatedTokens bool `mapstructure:"estimated_tokens"`
	// Signals says which signal counts of a service that sends both spans and log events: "traces", "logs" or "both". Keys are
	// values of service.name, in which "*" stands for any characters. By default the emitter decides; see docs/emitters.md.
	Signals map[string]Signal `mapstructure:"signals"`
	// Exclude leaves out spans that would be requests.
	Exclude Exclude `mapstructure:"exclude"`
	// Layers says where spans were measured that neither their emitter nor their place in the trace shows. Of several entries
	// that hold for a span the first counts.
	Layers []LayerRule `mapstructure:"layers"`
}

// Signal is which signal of a service counts.
type Signal string

// The choices for Signal.
const (
	TracesSignal Signal = "traces"
	LogsSignal   Signal = "logs"
	BothSignals  Signal = spanreader.BothSignals
)

// Validate checks one of the choices.
func (s Signal) Validate() error {
	if s != TracesSignal && s != LogsSignal && s != BothSignals {
		return fmt.Errorf("must be %q, %q or %q, got %q", TracesSignal, LogsSignal, BothSignals, string(s))
	}
	return nil
}

// LayerRule says at which layer spans were measured. It needs services, scopes or attributes, one of which must fit.
type LayerRule struct {
	// Layer is "client", "gateway" or "server".
	Layer Layer `mapstructure:"layer"`
	// Services are values of the resource's service.name; "*" stands for any characters.
	Services []string `mapstructure:"services"`
	// Scopes are names of instrumentation scopes; "*" stands for any characters.
	Scopes []string `mapstructure:"scopes"`
	// Attributes are attributes with values; a span with one of them fits.
	Attributes []MatchedAttribute `mapstructure:"attributes"`
}

// Validate checks that the entry says a layer, and of which spans.
func (l LayerRule) Validate() error {
	switch {
	case len(l.Services)+len(l.Scopes)+len(l.Attributes) == 0:
		return errors.New("must name services, scopes or attributes of the spans, got none of them")
	case slices.Contains(l.Services, ""):
		return errors.New("services: must not hold an empty name")
	case slices.Contains(l.Scopes, ""):
		return errors.New("scopes: must not hold an empty name")
	default:
		return nil
	}
}

// rules compiles a valid entry.
func (l *LayerRule) rules() (all []spanreader.LayerRule) {
	layer := layers[l.Layer]
	for _, service := range l.Services {
		all = append(all, spanreader.LayerRule{Layer: layer, AttributeMatch: spanreader.AttributeMatch{
			Source: spanreader.Source{Of: spanreader.OfResource, Key: "service.name"}, Value: service,
		}})
	}
	for _, scope := range l.Scopes {
		all = append(all, spanreader.LayerRule{Layer: layer, Scope: scope})
	}
	for _, a := range l.Attributes {
		all = append(all, spanreader.LayerRule{Layer: layer, AttributeMatch: a.match()})
	}
	return all
}

// Attribute is a span attribute that holds a concept.
type Attribute struct {
	// Key is the attribute's name.
	Key string `mapstructure:"key"`
	// Unit is that of a time: s (default), ms, us or ns.
	Unit Unit `mapstructure:"unit"`
}

// Exclude are spans to leave out; "*" in a name or value stands for any characters, and case matters.
type Exclude struct {
	// Scopes are names of instrumentation scopes.
	Scopes []string `mapstructure:"scopes"`
	// Spans are names of spans.
	Spans []string `mapstructure:"spans"`
	// Services are values of the resource's service.name.
	Services []string `mapstructure:"services"`
	// UserAgents are values of a span's user_agent.original, http.user_agent or http.request.header.user-agent.
	UserAgents []string `mapstructure:"user_agents"`
	// Attributes are attributes with values; a span with one of them is left out.
	Attributes []MatchedAttribute `mapstructure:"attributes"`
}

// MatchedAttribute is an attribute by whose value spans are chosen.
type MatchedAttribute struct {
	// Attribute is the attribute's name.
	Attribute string `mapstructure:"attribute"`
	// From is what has the attribute: "span" (default), "scope" or "resource".
	From Holder `mapstructure:"from"`
	// Value is the value, in which "*" stands for any characters; any by default. Of a list, one item that fits is enough.
	Value string `mapstructure:"value"`
}

// Validate checks that the attribute has a name.
func (a MatchedAttribute) Validate() error {
	if a.Attribute == "" {
		return errors.New("attribute: must name an attribute of the spans, such as app.synthetic, got \"\"")
	}
	return nil
}

func (a MatchedAttribute) match() spanreader.AttributeMatch {
	return spanreader.AttributeMatch{Source: spanreader.Source{Of: holders[a.From], Key: a.Attribute}, Value: cmp.Or(a.Value, "*")}
}

// userAgentKeys are the attributes of spans that hold a caller's user agent. Source: semantic conventions v1.41
// (user_agent.original, http.request.header.<key>), v1.18 (http.user_agent).
var userAgentKeys = []string{"user_agent.original", "http.user_agent", "http.request.header.user-agent"}

// sources compiles what leaves spans out by attributes.
func (e *Exclude) sources() (all []spanreader.AttributeMatch) {
	add := func(of spanreader.Holder, key, value string) {
		all = append(all, spanreader.AttributeMatch{Source: spanreader.Source{Of: of, Key: key}, Value: value})
	}
	for _, service := range e.Services {
		add(spanreader.OfResource, "service.name", service)
	}
	for _, agent := range e.UserAgents {
		for _, key := range userAgentKeys {
			add(spanreader.OfSpan, key, agent)
		}
	}
	for _, a := range e.Attributes {
		all = append(all, a.match())
	}
	return all
}

// Concept is what an attribute holds of a request.
type Concept string

// readable are the facts that attributes of the user's own may carry.
var readable = fact.Names(fact.Readable)

// forms are how such attributes are read, by what the fact is.
var forms = map[fact.Type]emitter.Encoding{
	fact.Text: emitter.Text, fact.Texts: emitter.TextList, fact.Truth: emitter.Bool, fact.Count: emitter.Count,
	fact.Seconds: emitter.Seconds, fact.Dollars: emitter.USD,
}

// Validate checks that the concept exists.
func (c Concept) Validate() error {
	if _, ok := readable[string(c)]; !ok {
		return errors.New(oneOf(readable, string(c)))
	}
	return nil
}

// Unit is the unit of a time.
type Unit string

// The choices for Unit.
const (
	Seconds      Unit = "s"
	Milliseconds Unit = "ms"
	Microseconds Unit = "us"
	Nanoseconds  Unit = "ns"
)

var units = map[Unit]emitter.Encoding{
	"": emitter.Seconds, "s": emitter.Seconds, "ms": emitter.Milliseconds, "us": emitter.Microseconds, "ns": emitter.Nanoseconds,
}

// Validate checks one of the choices.
func (u Unit) Validate() error {
	if _, ok := units[u]; !ok {
		return fmt.Errorf("must be \"s\", \"ms\", \"us\" or \"ns\", got %q", string(u))
	}
	return nil
}

// Operation is what an operation's word means.
type Operation string

var operations = map[Operation]emitter.Meaning{
	"chat":             {Class: llm.Inference, Operation: "chat"},
	"text_completion":  {Class: llm.Inference, Operation: "text_completion"},
	"generate_content": {Class: llm.Inference, Operation: "generate_content"},
	"embeddings":       {Class: llm.Embeddings, Operation: "embeddings"},
	"rerank":           {Class: llm.Rerank, Operation: "rerank"},
	"image_generation": {Class: llm.Media, Operation: "image_generation"},
	"speech":           {Class: llm.Media, Operation: "speech"},
	"transcription":    {Class: llm.Media, Operation: "transcription"},
	"translation":      {Class: llm.Media, Operation: "translation"},
	"none":             {Class: llm.NoRequest},
}

// Validate checks one of the choices.
func (o Operation) Validate() error {
	if _, ok := operations[o]; !ok {
		return errors.New(oneOf(operations, string(o)))
	}
	return nil
}

// Validate checks that keys are set and units are those of times.
func (r Reading) Validate() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		for i, a := range r.Attributes[name] {
			if a.Key == "" {
				errs = append(errs, fmt.Errorf("attributes::%s::%d::key: must name an attribute, got \"\"", name, i))
			}
			if a.Unit != "" && readable[string(name)].Row().Type != fact.Seconds {
				errs = append(errs, fmt.Errorf("attributes::%s::%d::unit: only times have one, got %q", name, i, string(a.Unit)))
			}
		}
	}
	for _, list := range []struct {
		key    string
		values []string
	}{
		{"default_model", r.DefaultModel},
		{"default_provider", r.DefaultProvider},
		{"exclude::scopes", r.Exclude.Scopes},
		{"exclude::spans", r.Exclude.Spans},
		{"exclude::services", r.Exclude.Services},
		{"exclude::user_agents", r.Exclude.UserAgents},
	} {
		if slices.Contains(list.values, "") {
			errs = append(errs, fmt.Errorf("%s: must not hold an empty name", list.key))
		}
	}
	for _, word := range slices.Sorted(maps.Keys(r.Operations)) {
		if strings.Contains(word, "*") {
			errs = append(errs, fmt.Errorf("operations: takes whole words, in which \"*\" stands for nothing else, got %q", word))
		}
	}
	return errors.Join(errs...)
}

// options compiles valid settings for a reader.
func (r *Reading) options() spanreader.Options {
	options := spanreader.Options{
		Signals:       map[string]string{},
		Operations:    map[string]emitter.Meaning{},
		Providers:     map[string]string{},
		Models:        r.Models,
		ModelKeys:     r.DefaultModel,
		ProviderKeys:  r.DefaultProvider,
		DropEstimates: !r.EstimatedTokens,
		ExcludeScopes: r.Exclude.Scopes,
		ExcludeSpans:  r.Exclude.Spans,
		Exclude:       r.Exclude.sources(),
	}
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		for _, a := range r.Attributes[name] {
			what := readable[string(name)]
			form := forms[what.Row().Type]
			if a.Unit != "" {
				form = units[a.Unit]
			}
			options.Attributes = append(options.Attributes, emitter.Attribute{Key: a.Key, Fact: what, Encoding: form})
		}
	}
	for i := range r.Layers {
		options.LayerRules = append(options.LayerRules, r.Layers[i].rules()...)
	}
	for word, operation := range r.Operations {
		options.Operations[strings.ToLower(word)] = operations[operation]
	}
	for service, signal := range r.Signals {
		options.Signals[service] = string(signal)
	}
	for word, provider := range r.Providers {
		options.Providers[strings.ToLower(word)] = provider
	}
	return options
}
