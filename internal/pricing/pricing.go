// Package pricing computes what requests cost out of price lists.
//
// A Table is compiled once and never changes; a changed list makes a new table. Prices are in US dollars per token.
package pricing

import (
	"fmt"
	"strings"
	"sync"

	"github.com/gobwas/glob"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
)

// Price is the price of a model in US dollars per token. A kind of tokens without a price of its own costs what the
// tokens that it is a part of cost.
type Price struct {
	Input, Output float64
	// CacheRead and CacheWrite are those of cached input, Reasoning that of output; nil where there is none.
	CacheRead, CacheWrite, Reasoning *float64
}

// Rule is the price of the models that fit it.
type Rule struct {
	// Model and Provider are patterns: "*" stands for any characters, case does not matter, and an empty pattern
	// fits all.
	Model, Provider string
	Price           Price
}

// Table finds prices. It may be used by many goroutines.
type Table struct {
	rules []compiled
	names map[string]Price

	mu    sync.RWMutex
	known map[asked]answer
}

type compiled struct {
	model, provider glob.Glob
	price           Price
}

type asked struct{ provider, model string }

type answer struct {
	price Price
	found bool
}

// maxKnown bounds the names whose price is remembered; beyond it all are forgotten and looked up again.
const maxKnown = 10_000

// NewTable returns a table of rules, of which the first that fits counts, and of a list by name, which counts where no
// rule fits. A name of the list is that of a model, or of a provider and a model with a slash in between.
func NewTable(rules []Rule, names map[string]Price) (*Table, error) {
	t := &Table{names: make(map[string]Price, len(names)), known: map[asked]answer{}}
	for _, r := range rules {
		model, err := pattern(r.Model)
		if err != nil {
			return nil, fmt.Errorf("model: %w", err)
		}
		provider, err := pattern(r.Provider)
		if err != nil {
			return nil, fmt.Errorf("provider: %w", err)
		}
		t.rules = append(t.rules, compiled{model, provider, r.Price})
	}
	for name, price := range names {
		t.names[strings.ToLower(name)] = price
	}
	return t, nil
}

// pattern compiles a pattern, in which only "*" is special.
func pattern(text string) (glob.Glob, error) {
	if text == "" {
		text = "*"
	}
	parts := strings.Split(strings.ToLower(text), "*")
	for i := range parts {
		parts[i] = glob.QuoteMeta(parts[i])
	}
	return glob.Compile(strings.Join(parts, "*"))
}

// Cost returns what a request costs in US dollars, or false if the price of its model or its tokens are not known: an
// unknown price is not zero. The model that answered counts before the one that was asked for.
func (t *Table) Cost(q *inference.Request) (float64, bool) {
	if q.InputTokens == inference.Absent && q.OutputTokens == inference.Absent {
		return 0, false
	}
	price, ok := t.find(q.Provider, q.ResponseModel)
	if !ok {
		price, ok = t.find(q.Provider, q.RequestModel)
	}
	if !ok {
		return 0, false
	}
	return price.of(q), true
}

// of charges each token once: cached tokens are a part of the input, reasoning is a part of the output.
func (p *Price) of(q *inference.Request) float64 {
	input, output := max(q.InputTokens, 0), max(q.OutputTokens, 0)
	read := min(max(q.CacheReadTokens, 0), input)
	write := min(max(q.CacheWriteTokens, 0), input-read)
	reasoning := min(max(q.ReasoningTokens, 0), output)
	return float64(input-read-write)*p.Input + float64(output-reasoning)*p.Output +
		float64(read)*orElse(p.CacheRead, p.Input) +
		float64(write)*orElse(p.CacheWrite, p.Input) +
		float64(reasoning)*orElse(p.Reasoning, p.Output)
}

func orElse(price *float64, otherwise float64) float64 {
	if price == nil {
		return otherwise
	}
	return *price
}

// find returns the price of a model.
func (t *Table) find(provider, model string) (Price, bool) {
	if model == "" {
		return Price{}, false
	}
	name := asked{provider, model}
	t.mu.RLock()
	a, ok := t.known[name]
	t.mu.RUnlock()
	if ok {
		return a.price, a.found
	}
	a = t.look(strings.ToLower(provider), strings.ToLower(model))
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= maxKnown {
		clear(t.known)
	}
	t.known[asked{strings.Clone(provider), strings.Clone(model)}] = a
	return a.price, a.found
}

func (t *Table) look(provider, model string) answer {
	for i := range t.rules {
		if t.rules[i].provider.Match(provider) && t.rules[i].model.Match(model) {
			return answer{t.rules[i].price, true}
		}
	}
	if price, ok := t.names[provider+"/"+model]; ok {
		return answer{price, true}
	}
	price, ok := t.names[model]
	return answer{price, ok}
}
