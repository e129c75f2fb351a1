// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"strings"
	"sync"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// list finds the price of a model: by rules, or else by its name.
type list struct {
	rules []compiled
	names map[string]Price

	mu    sync.RWMutex
	known map[asked]answer
}

type compiled struct {
	// Patterns in lower case.
	model, provider string
	price           Price
}

type asked struct{ provider, model string }

type answer struct {
	price Price
	found bool
}

// maxKnown bounds the names whose price is remembered; beyond it all are forgotten and looked up again.
const maxKnown = 10_000

func newList(rules []Rule, names map[string]Price) *list {
	l := &list{names: make(map[string]Price, len(names)), known: map[asked]answer{}}
	for _, r := range rules {
		l.rules = append(l.rules, compiled{pattern(r.Model), pattern(r.Provider), r.Price})
	}
	for name, price := range names {
		l.names[strings.ToLower(name)] = price
	}
	return l
}

// pattern returns a pattern for names in lower case. An empty one fits all.
func pattern(text string) string {
	if text == "" {
		return "*"
	}
	return strings.ToLower(text)
}

// of returns the price of the model that answered a request, or else of the one that was asked for.
func (l *list) of(q *llm.Request) (Price, bool) {
	if price, ok := l.find(q.Provider, q.ResponseModel); ok {
		return price, true
	}
	return l.find(q.Provider, q.RequestModel)
}

// find returns the price of a model.
func (l *list) find(provider, model string) (Price, bool) {
	if model == "" {
		return Price{}, false
	}
	name := asked{provider, model}
	l.mu.RLock()
	a, ok := l.known[name]
	l.mu.RUnlock()
	if ok {
		return a.price, a.found
	}
	a = l.look(strings.ToLower(provider), strings.ToLower(model))
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known) >= maxKnown {
		clear(l.known)
	}
	l.known[asked{strings.Clone(provider), strings.Clone(model)}] = a
	return a.price, a.found
}

func (l *list) look(provider, model string) answer {
	for i := range l.rules {
		if match.Match(l.rules[i].provider, provider) && match.Match(l.rules[i].model, model) {
			return answer{l.rules[i].price, true}
		}
	}
	if price, ok := l.names[provider+"/"+model]; ok {
		return answer{price, true}
	}
	price, ok := l.names[model]
	return answer{price, ok}
}
