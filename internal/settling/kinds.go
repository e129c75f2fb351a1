// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"cmp"
	"hash/maphash"
	"slices"
	"unsafe"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// Kind identifies what a request shares with others: all but its ids, user, session, times and numbers. Two requests of one Kind have the same
// dimensions. The zero Kind is none. A number is used again with another generation.
type Kind struct{ Number, Generation uint32 }

// kinds keeps each kind once, mostly: one that is not among the recent ones of its set is kept again.
//
//	hash ──► set of recent kinds ──► kind ◄── nodes
type kinds struct {
	seed    maphash.Seed
	entries slab[kind]
	recent  [kindSets][kindWays]uint32
	// bytes is the size of the kinds that requests are held of.
	bytes int
	// created is the generation of the newest kind.
	created uint32
}

const (
	kindSets = 1 << 12
	kindWays = 4
	// kindBytes is the size of a kind. A test compares it with the real one.
	kindBytes = 224
)

// kind is what requests share.
type kind struct {
	fields
	texts
	dimensions []attr.Value
	reasons    []string
	hash       uint64
	generation uint32
	// held is the number of requests that are held; recent is set while the kind is among the recent ones.
	held   uint32
	recent bool
	// sole is set if the finish reason, which is among the texts, is the only reason.
	sole bool
}

// fields are those of a kind that are neither texts nor lists.
type fields struct {
	service    correlate.Service
	port       float64
	place      uint32
	traits     emitter.Quirk
	conditions uint32
	sequences  int32
	emitter    int16
	class      llm.Class
	layer      llm.Layer
	outcome    llm.Outcome
	stream     llm.Streaming
	duplicate  llm.Rule
	signal     llm.Signal
	cache      usage.Place
	thoughts   usage.Place
	spareOf    usage.Spare
	hop        correlate.Hop
	// The rest are as in a request.
	estimated, sampled, ended, breaks, prefilledElsewhere, layerGiven, unmetered, mayYield, cacheAdded, thoughtsAdded bool
}

// textsOfKind is the number of texts that requests of a kind share, of which the last few are rare.
const (
	textsOfKind = 11
	rareTexts   = 4
)

// texts are texts one after the other. Each ends where the next one begins.
//
//	memory | model | model | scope | operation | …
//	begin  ^       ^       ^       ^           ^
type texts struct {
	// begin is the places of the texts, and last the end of all.
	begin  [textsOfKind + 1]uint32
	memory []byte
	// all is the texts in the memory. Nothing writes there while the kind is held or recent.
	all string
}

// textsOf returns the texts of a request's kind. Ids, users and sessions are too many for that.
func textsOf(q *correlate.Request) [textsOfKind]string {
	return [...]string{
		q.RequestModel, q.ResponseModel, q.Scope, q.Operation, q.Provider, q.ServerAddress, q.FinishReason,
		q.ErrorType, q.ServiceTier, q.Endpoint, q.Tenant,
	}
}

// rare reports whether there are any of the rare texts.
func (t *texts) rare() bool { return t.begin[textsOfKind] != t.begin[textsOfKind-rareTexts] }

// give gives a new request the texts of its kind, which are valid while the kind is held.
func (t *texts) give(q *correlate.Request) {
	q.RequestModel, q.ResponseModel, q.Scope, q.Operation, q.Provider, q.ServerAddress = t.at(0), t.at(1), t.at(2), t.at(3), t.at(4), t.at(5)
	q.FinishReason = t.at(6)
	if t.rare() {
		q.ErrorType, q.ServiceTier, q.Endpoint, q.Tenant = t.at(7), t.at(8), t.at(9), t.at(10)
	}
}

// are reports whether the texts are those of a request's kind.
func (t *texts) are(q *correlate.Request) bool {
	rare := len(q.ErrorType)+len(q.ServiceTier)+len(q.Endpoint)+len(q.Tenant) > 0
	of := unsafe.Pointer(unsafe.StringData(t.all))
	return rare == t.rare() &&
		is(of, t.begin[0], t.begin[1], q.RequestModel) && is(of, t.begin[1], t.begin[2], q.ResponseModel) &&
		is(of, t.begin[2], t.begin[3], q.Scope) && is(of, t.begin[3], t.begin[4], q.Operation) &&
		is(of, t.begin[4], t.begin[5], q.Provider) && is(of, t.begin[5], t.begin[6], q.ServerAddress) &&
		is(of, t.begin[6], t.begin[7], q.FinishReason) &&
		(!rare || t.at(7) == q.ErrorType && t.at(8) == q.ServiceTier && t.at(9) == q.Endpoint && t.at(10) == q.Tenant)
}

// is reports whether a text is the one between two places of a memory. It makes no pointer to an empty one, as at.
func is(of unsafe.Pointer, from, to uint32, text string) bool {
	return int(to-from) == len(text) && (from == to || startsWith(unsafe.Add(of, from), text))
}

// startsWith reports whether a memory, which is no shorter, starts with a text. It is what == calls, for texts of a few words.
func startsWith(p unsafe.Pointer, text string) bool {
	q, n := unsafe.Pointer(unsafe.StringData(text)), len(text)
	switch {
	case n >= wordSize:
		for at := 0; at < n-wordSize; at += wordSize {
			if *(*uint64)(unsafe.Add(p, at)) != *(*uint64)(unsafe.Add(q, at)) {
				return false
			}
		}
		return *(*uint64)(unsafe.Add(p, n-wordSize)) == *(*uint64)(unsafe.Add(q, n-wordSize))
	case n >= wordSize/2:
		return *(*uint32)(p) == *(*uint32)(q) && *(*uint32)(unsafe.Add(p, n-wordSize/2)) == *(*uint32)(unsafe.Add(q, n-wordSize/2))
	default:
		return unsafe.String((*byte)(p), n) == text
	}
}

// sole reports whether a request's finish reason is the only one of its reasons, and in the same memory. Most are.
func sole(q *correlate.Request, reasons []string) bool {
	return len(reasons) == 1 && len(reasons[0]) == len(q.FinishReason) && unsafe.StringData(reasons[0]) == unsafe.StringData(q.FinishReason)
}

// at returns a text in place, without the checks of t.all[from:to]. No pointer may lead behind the memory, as that of an empty last
// text would.
func (t *texts) at(index int) string {
	from, to := t.begin[index], t.begin[index+1]
	if from == to {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(unsafe.StringData(t.all)), from)), to-from)
}

func (t *texts) scope() string { return t.at(2) }

// model returns the model that the texts name, if they do.
func (t *texts) model() string { return cmp.Or(t.at(0), t.at(1)) }

// spreadOf returns a number that most kinds have for themselves. Texts of which there are few count by their length alone.
func spreadOf(q *correlate.Request) uint64 {
	hash := attr.Mix(spread(q.RequestModel), uint64(len(q.ResponseModel))<<48^uint64(len(q.ServerAddress))<<40^uint64(len(q.Provider))<<32^
		uint64(len(q.Operation))<<24^uint64(len(q.ErrorType))<<16^uint64(len(q.FinishReason))<<8^uint64(len(q.Endpoint)))
	if q.Tenant != "" {
		hash = attr.Mix(hash, spread(q.Tenant))
	}
	return hash
}

// spread depends on the length of a text and on up to three of its words.
func spread(text string) uint64 {
	n := len(text)
	if n < wordSize {
		hash := uint64(n)
		for i := range n {
			hash = hash<<8 | uint64(text[i])
		}
		return hash
	}
	return attr.Mix(word(text)^word(text[n-wordSize:]), word(text[(n-wordSize)/2:])+uint64(n))
}

const wordSize = 8

// word returns the first eight bytes of a text.
func word(text string) uint64 {
	_ = text[wordSize-1]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}

// fieldsOf returns the fields of a request's kind, whose resource has a number.
func fieldsOf(q *correlate.Request, place uint32) fields {
	return fields{
		service: q.Service, port: q.Number[fact.ServerPort], place: place, traits: q.Traits, conditions: q.Conditions,
		sequences: q.Sequences, emitter: q.Emitter, class: q.Class, layer: q.Layer, outcome: q.Outcome, stream: q.Stream,
		duplicate: q.Duplicate, signal: q.Signal, cache: q.Cache, thoughts: q.Thoughts, spareOf: q.SpareOf, hop: q.Hop,
		estimated: q.Estimated, sampled: q.Sampled, ended: q.Ended, breaks: q.Breaks, prefilledElsewhere: q.PrefilledElsewhere,
		layerGiven: q.LayerGiven, unmetered: q.Unmetered, mayYield: q.MayYield, cacheAdded: q.CacheAdded, thoughtsAdded: q.ThoughtsAdded,
	}
}

// are reports whether the fields are those of a request's kind, without making such.
func (f *fields) are(q *correlate.Request, place uint32) bool {
	return f.place == place && f.service == q.Service && f.port == q.Number[fact.ServerPort] && f.traits == q.Traits &&
		f.conditions == q.Conditions && f.sequences == q.Sequences && f.emitter == q.Emitter && f.class == q.Class &&
		f.layer == q.Layer && f.outcome == q.Outcome && f.stream == q.Stream && f.duplicate == q.Duplicate && f.signal == q.Signal &&
		f.cache == q.Cache && f.thoughts == q.Thoughts && f.spareOf == q.SpareOf && f.hop == q.Hop &&
		f.estimated == q.Estimated && f.sampled == q.Sampled && f.ended == q.Ended && f.breaks == q.Breaks &&
		f.prefilledElsewhere == q.PrefilledElsewhere && f.layerGiven == q.LayerGiven && f.unmetered == q.Unmetered &&
		f.mayYield == q.MayYield && f.cacheAdded == q.CacheAdded && f.thoughtsAdded == q.ThoughtsAdded
}

// give gives a request the fields of its kind.
func (f *fields) give(q *correlate.Request) {
	q.Service, q.Number[fact.ServerPort], q.Traits, q.Conditions = f.service, f.port, f.traits, f.conditions
	q.Sequences, q.Emitter, q.Class, q.Layer, q.Outcome, q.Stream = f.sequences, f.emitter, f.class, f.layer, f.outcome, f.stream
	q.Duplicate, q.Signal, q.Cache, q.Thoughts, q.SpareOf, q.Hop = f.duplicate, f.signal, f.cache, f.thoughts, f.spareOf, f.hop
	q.Estimated, q.Sampled, q.Ended, q.Breaks, q.PrefilledElsewhere = f.estimated, f.sampled, f.ended, f.breaks, f.prefilledElsewhere
	q.LayerGiven, q.Unmetered, q.MayYield, q.CacheAdded, q.ThoughtsAdded = f.layerGiven, f.unmetered, f.mayYield, f.cacheAdded, f.thoughtsAdded
}

// hold returns the number of the kind of a request, which holds it once more. The request's resource has a number.
func (k *kinds) hold(b *correlate.Batch, q *correlate.Request, at *places, place uint32) uint32 {
	reasons := b.FinishReasons(q.Request)
	hash := attr.Mix(spreadOf(q), uint64(place)<<32|uint64(len(reasons))<<16|uint64(q.Outcome)<<8|uint64(q.Stream))
	for _, v := range q.Dimensions {
		hash = attr.Mix(hash, v.Hash(k.seed))
	}
	set := &k.recent[hash%kindSets]
	for _, number := range set {
		if number == 0 {
			break
		}
		e := k.entries.at(number)
		if e.hash == hash && e.is(q, place) && slices.Equal(e.dimensions, q.Dimensions) &&
			(e.sole && sole(q, reasons) || slices.Equal(e.reasons, reasons)) {
			k.again(e)
			return number
		}
	}
	if last := set[kindWays-1]; last != 0 {
		e := k.entries.at(last)
		e.recent = false
		if e.held == 0 {
			k.giveBack(last, e, at)
		}
	}
	copy(set[1:], set[:])
	number := k.entries.take()
	e := k.entries.at(number)
	k.created++
	e.fields, e.hash, e.generation, e.held, e.recent = fieldsOf(q, place), hash, k.created, 0, true
	e.keep(q, reasons)
	e.sole = len(reasons) == 1 && reasons[0] == q.FinishReason
	at.hold(place)
	set[0] = number
	k.again(e)
	return number
}

// is reports whether a request has the fields and texts of a kind.
func (e *kind) is(q *correlate.Request, place uint32) bool {
	return e.fields.are(q, place) && e.texts.are(q)
}

// still returns the kind of a request that was held, none if the request differs from it by now.
func (k *kinds) still(number uint32, q *correlate.Request) Kind {
	e := k.entries.at(number)
	if !e.is(q, e.place) {
		return Kind{}
	}
	return Kind{number, e.generation}
}

// keep copies the texts and lists of a request into the kind's memory.
func (e *kind) keep(q *correlate.Request, reasons []string) {
	texts := textsOf(q)
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	for _, v := range q.Dimensions {
		text, _ := v.Str()
		size += len(text)
	}
	for _, reason := range reasons {
		size += len(reason)
	}
	e.memory = slices.Grow(e.memory[:0], size)
	for i, text := range texts {
		e.memory = append(e.memory, text...)
		e.begin[i+1] = uint32(len(e.memory))
	}
	e.all = unsafe.String(unsafe.SliceData(e.memory), len(e.memory))
	e.dimensions, e.reasons = e.dimensions[:0], e.reasons[:0]
	for _, v := range q.Dimensions {
		if text, ok := v.Str(); ok {
			v = attr.Text(e.copied(text))
		}
		e.dimensions = append(e.dimensions, v)
	}
	for _, reason := range reasons {
		e.reasons = append(e.reasons, e.copied(reason))
	}
}

// copied returns a text in the kind's memory, which has room for it.
func (e *kind) copied(text string) string {
	if text == "" {
		return ""
	}
	from := len(e.memory)
	e.memory = append(e.memory, text...)
	return unsafe.String(unsafe.SliceData(e.memory[from:]), len(text))
}

// again holds a kind once more.
func (k *kinds) again(e *kind) {
	if e.held == 0 {
		k.bytes += e.bytes()
	}
	e.held++
}

// release lets go of a kind.
func (k *kinds) release(number uint32, at *places) {
	e := k.entries.at(number)
	e.held--
	if e.held > 0 {
		return
	}
	k.bytes -= e.bytes()
	if !e.recent {
		k.giveBack(number, e, at)
	}
}

func (k *kinds) giveBack(number uint32, e *kind, at *places) {
	at.release(e.place)
	if cap(e.memory) > maxKindMemory {
		e.memory, e.all = nil, ""
	}
	k.entries.giveBack(number)
}

// maxKindMemory is the size of texts beyond which their memory is not kept for another kind.
const maxKindMemory = 4096

func (e *kind) bytes() int {
	const value, text = 32, 16 // an attr.Value and a string
	return kindBytes + len(e.memory) + value*len(e.dimensions) + text*len(e.reasons)
}
