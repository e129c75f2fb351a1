// SPDX-License-Identifier: Apache-2.0

package emitter_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

func TestEveryFamilySaysWhatItIsAndWhereItsFactsAreFrom(t *testing.T) {
	names := map[string]bool{}
	for _, d := range emitter.All() {
		assert.NotEmpty(t, d.Title, d.Name)
		assert.NotEmpty(t, d.Source, d.Name)
		assert.False(t, names[d.Name], "two families are called %s", d.Name)
		names[d.Name] = true
	}
}

func TestPrecedenceNamesOnlySourcesThatAreRead(t *testing.T) {
	sources := map[fact.Fact]map[string]bool{}
	add := func(field fact.Fact, name string) {
		if sources[field] == nil {
			sources[field] = map[string]bool{}
		}
		sources[field][name] = true
	}
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			add(a.Fact, a.Key)
			for _, in := range a.JSONFields {
				add(in.Fact, a.Key+"#"+in.Path)
			}
		}
		for _, e := range d.Events {
			add(e.Fact, "event:"+e.Name)
		}
	}
	for field, order := range emitter.Precedence {
		for _, name := range order {
			assert.True(t, sources[field][name], "%s of %s is in no table", name, field)
		}
	}
}

func TestWordsAreInLowerCase(t *testing.T) {
	for word := range emitter.Operations {
		assert.Equal(t, strings.ToLower(word), word)
	}
	for word := range emitter.Providers {
		assert.Equal(t, strings.ToLower(word), word)
	}
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			for word := range a.Meanings {
				assert.Equal(t, strings.ToLower(word), word, a.Key)
			}
			assert.Equal(t, a.Fact == fact.Kind, a.Meanings != nil, a.Key)
			assert.Equal(t, a.Encoding == emitter.JSON, a.JSONFields != nil, a.Key)
		}
	}
}
