package inference

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// Options says what a Reader reads beside the requests themselves.
type Options struct {
	// ResourceKeys are the resource attributes that tell resources apart.
	ResourceKeys []string
	// MaxText is the length in bytes at which texts are cut.
	MaxText int
	// Layers are the layers that are counted; none means all.
	Layers []Layer
}

// Reader reads requests out of spans. It is compiled once from the dialect tables, never changes,
// and may be used by many goroutines, each with a Batch of its own.
type Reader struct {
	dialects []dialect.Dialect
	keys     keyTable
	events   map[string]dialect.Field
	resource keyIndex
	maxText  int
	layers   [Layers]bool
}

// keyIndex finds the position of one of a few keys.
type keyIndex struct {
	index map[string]int
}

func newKeyIndex(keys []string) keyIndex {
	x := keyIndex{index: make(map[string]int, len(keys))}
	for i, k := range keys {
		x.index[k] = i
	}
	return x
}

func (x *keyIndex) find(key string) (int, bool) {
	i, ok := x.index[key]
	return i, ok
}

// NewReader compiles the dialects.
func NewReader(options Options) *Reader {
	r := &Reader{
		dialects: dialect.All(),
		events:   map[string]dialect.Field{},
		resource: newKeyIndex(options.ResourceKeys),
		maxText:  options.MaxText,
	}
	for l := range r.layers {
		r.layers[l] = len(options.Layers) == 0
	}
	for _, l := range options.Layers {
		r.layers[l] = true
	}
	r.compile()
	return r
}

// compile ranks the rows of each field: by priority, then by the order of dialects and rows.
func (r *Reader) compile() {
	var next [dialect.Fields]uint8
	rank := func(field dialect.Field) uint8 {
		next[field]++
		return next[field] - 1
	}
	for priority := maxPriority(r.dialects); priority >= 0; priority-- {
		for i := range r.dialects {
			for _, a := range r.dialects[i].Attributes {
				if int(a.Priority) != priority {
					continue
				}
				own := int16(-1)
				if a.Own {
					own = int16(i)
				}
				compiled := row{
					field: a.Field, form: a.Form, layer: a.Layer,
					own: own, kinds: a.Kinds,
				}
				if a.Form == dialect.JSON {
					for _, in := range a.Inside {
						compiled.inside = append(compiled.inside,
							insideRow{path: in.Path, field: in.Field, form: in.Form, rank: rank(in.Field)})
					}
				} else {
					compiled.rank = rank(a.Field)
				}
				r.keys.add(a.Key, !a.Common, compiled)
			}
		}
	}
	for i := range r.dialects {
		for _, e := range r.dialects[i].Events {
			r.events[e.Name] = e.Field
		}
	}
}

func maxPriority(dialects []dialect.Dialect) int {
	highest := 0
	for i := range dialects {
		for _, a := range dialects[i].Attributes {
			highest = max(highest, int(a.Priority))
		}
	}
	return highest
}

// NewBatch returns an empty batch for the reader.
func (r *Reader) NewBatch() *Batch {
	return &Batch{stride: len(r.resource.index), scopes: map[string]int16{}}
}

// Read adds all requests of the traces to the batch and marks those that describe the same request
// twice. It only reads, and keeps nothing of the traces but strings.
func (r *Reader) Read(traces ptrace.Traces, b *Batch) {
	for _, resourceSpans := range traces.ResourceSpans().All() {
		resource := int32(-1)
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			spans := scopeSpans.Spans()
			b.Spans += spans.Len()
			emitter := b.emitter(r.dialects, scopeSpans.Scope().Name())
			for _, span := range spans.All() {
				request, ok := r.readSpan(span, emitter, b)
				if !ok {
					continue
				}
				if resource < 0 {
					resource = b.addResource(resourceSpans.Resource().Attributes(), &r.resource, r.maxText)
				}
				request.Resource = resource
			}
		}
	}
	b.resolve.mark(traces, b.Requests)
}

// emitter returns the dialect of a scope, remembering the names that it saw.
func (b *Batch) emitter(dialects []dialect.Dialect, scope string) int16 {
	if e, ok := b.scopes[scope]; ok {
		return e
	}
	if len(b.scopes) >= maxScopes {
		clear(b.scopes)
	}
	e := emitterOf(dialects, scope)
	b.scopes[attr.Cut(scope, 4*maxScopes)] = e
	return e
}

// maxDuration is the longest request that is believed; spans that claim more have wrong times.
const maxDuration = 24 * time.Hour

// spanDuration returns the duration of a span in seconds, or Absent if its times make no sense.
func spanDuration(start, end pcommon.Timestamp) float64 {
	if start == 0 || end < start || end-start > pcommon.Timestamp(maxDuration) {
		return Absent
	}
	return float64(end-start) / float64(time.Second)
}

// readSpan appends the request that a span describes, if it describes one.
func (r *Reader) readSpan(span ptrace.Span, emitter int16, b *Batch) (*Request, bool) {
	f := &b.found
	f.collect(span.Attributes(), &r.keys)
	if !f.telling && (emitter < 0 || len(r.dialects[emitter].Spans) == 0) {
		return nil, false
	}
	f.weigh(emitter, spanDuration(span.StartTimestamp(), span.EndTimestamp()))
	class, operation := r.classify(f, span)
	if !class.IsRequest() {
		if class == dialect.NoRequest {
			b.Skipped[SkipNoRequest]++
		}
		return nil, false
	}
	if span.EndTimestamp() == 0 {
		b.Skipped[SkipUnfinished]++
		return nil, false
	}
	layer := r.layerOf(f, span)
	if !r.layers[layer] {
		b.Skipped[SkipLayer]++
		return nil, false
	}

	b.Requests = append(b.Requests, Request{
		Class:     class,
		Layer:     layer,
		Emitter:   emitter,
		Sequences: 1,
		Weight:    weightOf(span.TraceState().AsRaw()),
		End:       span.EndTimestamp(),
		Sampled:   sampled(span.Flags()),
		Operation: attr.Cut(operation, r.maxText),
		TraceID:   span.TraceID(),
		SpanID:    span.SpanID(),
		ParentID:  span.ParentSpanID(),
	})
	request := &b.Requests[len(b.Requests)-1]
	r.interpret(f, span, request)
	b.Corrected += f.corrected
	if request.Duration == Absent {
		b.BadTimes++
	}
	return request, true
}
