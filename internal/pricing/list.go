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
	names map[string]*schedule

	mu sync.RWMutex
	// known are the prices of names that were asked for, nil of those without one.
	known map[asked]*schedule
}

type compiled struct {
	// Patterns in lower case.
	model, provider string
	price           *schedule
}

type asked struct{ provider, model string }

// maxKnown bounds the names whose price is remembered; beyond it all are forgotten and looked up again.
const maxKnown = 10_000

func newList(rules []Rule, names map[string]Price) *list {
	l := &list{names: make(map[string]*schedule, len(names)), known: map[asked]*schedule{}}
	for i := range rules {
		r := &rules[i]
		l.rules = append(l.rules, compiled{pattern(r.Model), pattern(r.Provider), newSchedule(&r.Price)})
	}
	for name, price := range names {
		l.names[strings.ToLower(name)] = newSchedule(&price)
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

// of returns the price of the model that answered a request, or else of the requested one. It is nil if there is none.
func (l *list) of(q *llm.Request) *schedule {
	if price := l.find(q.Provider, q.ResponseModel); price != nil {
		return price
	}
	return l.find(q.Provider, q.RequestModel)
}

// find returns the price of a model, nil if there is none.
func (l *list) find(provider, model string) *schedule {
	if model == "" {
		return nil
	}
	name := asked{provider, model}
	l.mu.RLock()
	price, ok := l.known[name]
	l.mu.RUnlock()
	if ok {
		return price
	}
	price = l.look(strings.ToLower(provider), strings.ToLower(model))
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known) >= maxKnown {
		clear(l.known)
	}
	l.known[asked{strings.Clone(provider), strings.Clone(model)}] = price
	return price
}

func (l *list) look(provider, model string) *schedule {
	for i := range l.rules {
		if match.Match(l.rules[i].provider, provider) && match.Match(l.rules[i].model, model) {
			return l.rules[i].price
		}
	}
	var found *schedule
	listed(provider, model, func(name string) bool {
		found = l.names[name]
		return found == nil
	})
	return found
}
