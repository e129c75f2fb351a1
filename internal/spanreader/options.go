// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Options says what a Reader reads.
type Options struct {
	// ResourceKeys are the resource attributes that identify a resource.
	ResourceKeys []string
	// MaxText is the length in bytes at which texts are cut.
	MaxText int
	// Layers are the layers that are counted; none means all.
	Layers []llm.Layer
	// Unread are facts that nobody uses, so that the reader need not look at them. Those that say nothing of a request's class,
	// outcome, streaming or tokens can be left out. They are User, Tenant, Session, Endpoint, Cost, Retries, BatchSize,
	// TimePerOutputToken, TimePerOutputChunk, ChunkGaps, and those of emitter.SplitFacts.
	Unread []fact.Fact

	// Attributes are further span attributes of facts. They are read on every span, before all others of the
	// same fact.
	Attributes []emitter.Attribute
	// Operations adds to or replaces emitter.Operations; words are in lower case.
	Operations map[string]emitter.Meaning
	// Providers adds to or replaces emitter.Providers; words are in lower case.
	Providers map[string]string
	// Models renames models, of requests and of responses alike.
	Models map[string]string
	// Signals says which signal counts of services, by the names of services, in which a star stands for any characters. A value
	// is one of the words of llm.Signal.Pipeline, or BothSignals. Of other services what their emitters say.
	Signals map[string]string
	// ModelKeys and ProviderKeys are resource attributes that name the model and the provider of spans that name none. The first
	// that is there counts.
	ModelKeys, ProviderKeys []string
	// Dimensions are attributes to keep of each request, in llm.Request.Dimensions, each once.
	Dimensions []Source
	// Numbers are attributes with numbers to keep of each request, in llm.Request.UserNumbers.
	Numbers []Source
	// Conditions returns the conditions that hold for a span; nil for none. They become the Conditions of an llm.Request or
	// llm.NonRequest.
	Conditions func(ptrace.ResourceSpans, ptrace.ScopeSpans, ptrace.Span) uint32
	// Holds reports whether requests of a trace may be held until nothing new describes them. If it is set, Read leaves requests
	// as they are. It adds all other spans of their traces to the batch. nil relates the requests of each batch.
	Holds func(pcommon.TraceID) bool
	// Runs adds the runs of tools and agents to Batch.NonRequests.
	Runs bool
	// DropEstimates leaves out token counts that may be an emitter's own estimate.
	DropEstimates bool
	// ExcludeScopes and ExcludeSpans are patterns of the names of instrumentation scopes and of spans that are left out. See
	// package match.
	ExcludeScopes, ExcludeSpans []string
	// Exclude are attributes that leave out the spans that have one of them.
	Exclude []AttributeMatch
	// LayerRules give layers to spans; of several that hold for one the first counts.
	LayerRules []LayerRule
}

// BothSignals is the choice of Options.Signals to count both, without a look at what the emitter says.
const BothSignals = "both"

// AttributeMatch is an attribute with a pattern of its value.
type AttributeMatch struct {
	Source
	// Value is a pattern of the value's text; see package match. Of a list one item that fits is enough.
	Value string
}

// Source is an attribute of a span, its scope or its resource.
type Source struct {
	Of  Holder
	Key string
}

// Holder is what has attributes.
type Holder uint8

// The holders.
const (
	OfSpan Holder = iota
	OfScope
	OfResource
)

// LayerRule gives a layer to the spans of a scope. Or it gives it to those that have an attribute, or whose scope or resource has
// it.
type LayerRule struct {
	Layer llm.Layer
	// Scope is a pattern of the scope's name; empty for a rule about an attribute.
	Scope string
	AttributeMatch
}
