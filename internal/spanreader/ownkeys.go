// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// maxOwnKeys bounds the keys that ownKeys remember.
const maxOwnKeys = 128

// ownKeys reads the keys of programs that call models and write keys of their own. They are read only where a span's name says that it
// stands for a call. Elsewhere the same words mean something else.
type ownKeys struct {
	// none is set for scopes whose spans are not a program's own.
	none bool
	// known are some of the keys that the scope's spans had.
	known map[string]ownKey
}

// ownKey is what such a key means.
type ownKey struct {
	key    *key // nil if it means nothing
	narrow bool // see emitter.Own
}

// isLibrary reports whether a scope is that of a library that instruments others. Most scopes are, and write no keys of a program's own.
func isLibrary(scope string) bool {
	return strings.Contains(scope, "opentelemetry") || strings.Contains(scope, "OpenTelemetry")
}

// may reports whether a span can be a program's own for a call of a model. What a program does around a call is none, nor is a message
// that it sends or takes.
func (o *ownKeys) may(span ptrace.Span, words *wordMemo) bool {
	if o.none {
		return false
	}
	name, kind := words.of(span.Name()), span.Kind()
	return name&(emitter.NamesCall|emitter.NamesAsking) != 0 && !name.Has(emitter.NamesAside) &&
		kind != ptrace.SpanKindProducer && kind != ptrace.SpanKindConsumer
}

// of returns what a key means.
func (o *ownKeys) of(name string, keys *keyTable) ownKey {
	k, ok := o.known[name]
	if ok || len(name) > maxName {
		return k
	}
	if listed := keys.find(name); listed == nil && keys.worded(name) == nil || listed != nil && listed.use(-1).how == unused {
		if says, means := emitter.OwnKey(name); means && says.Counts {
			k = ownKey{keys.counts[says.Counted], says.Narrow}
		} else if means {
			k = ownKey{keys.names[says.Said], says.Narrow}
		}
	}
	if len(o.known) < maxOwnKeys {
		if o.known == nil {
			o.known = map[string]ownKey{}
		}
		o.known[strings.Clone(name)] = k
	}
	return k
}

// read reads such keys of a span, and reports whether it shows a call. Tokens and a kind do, and so does a provider that is known. So
// does a name that says in so many words that a model was asked.
func (o *ownKeys) read(f *spanValues, span ptrace.Span, keys *keyTable) bool {
	name := f.memo.words.of(span.Name())
	for attribute, value := range span.Attributes().All() {
		k := o.of(attribute, keys)
		if k.key == nil || k.narrow && !name.Has(emitter.NamesNarrow) {
			continue
		}
		if row := k.key.rows[0].valueRow; row.rank < f.ranks[row.field] {
			f.storeAttribute(row, value)
		}
	}
	_, provided := lookUp(emitter.Providers, f.text(fact.Provider))
	return provided || name.Has(emitter.NamesAsking) || f.llmOnly != 0 || f.kind.Class != llm.Unknown || f.has(fact.InputTokens) || f.has(fact.OutputTokens)
}
