package inference

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// none is the rank of a field that nothing was found for.
const none = 255

// found collects what a span says: first the attributes whose keys are known, then, if the span looks like
// one of an LLM application, the best value of each field.
type found struct {
	hits []hit
	// telling tells whether one of the hits is written by LLM emitters alone.
	telling bool

	duration float64 // of the span, in seconds; negative if unknown
	emitter  int16
	ranks    [dialect.Fields]uint8
	texts    [dialect.Fields]string
	numbers  [dialect.Fields]float64
	// kind is what the Kind attributes say; one NoRequest outweighs all others.
	kind dialect.Meaning
	// proven is the highest layer that a key's presence proves.
	proven Layer
	// corrected counts the times whose unit had to be corrected.
	corrected int
}

// hit is an attribute with a known key.
type hit struct {
	key   *key
	value pcommon.Value
}

// maxHits bounds the known attributes of one span that are looked at; it is more than any emitter writes,
// and holds off spans that repeat a key.
const maxHits = 256

// collect gathers the attributes with known keys.
func (f *found) collect(attributes pcommon.Map, keys *keyTable) {
	f.hits, f.telling = f.hits[:0], false
	for name, value := range attributes.All() {
		first := keys.slots[slot(name)]
		if first == 0 {
			continue
		}
		if i := keys.find(first, name); i >= 0 && len(f.hits) < maxHits {
			f.telling = f.telling || keys.keys[i].telling
			f.hits = append(f.hits, hit{&keys.keys[i], value})
		}
	}
}

// weigh keeps the best value of each field out of the hits.
func (f *found) weigh(emitter int16, duration float64) {
	f.duration = duration
	f.emitter = emitter
	f.kind = dialect.Meaning{}
	f.proven = dialect.NoLayer
	f.corrected = 0
	for i := range f.ranks {
		f.ranks[i] = none
	}
	for i := range f.hits {
		f.take(f.hits[i].key, f.hits[i].value)
	}
}

// forget lets go of all that belongs to a span.
func (f *found) forget() {
	clear(f.hits[:cap(f.hits)])
	clear(f.texts[:])
}

func (f *found) has(field dialect.Field) bool { return f.ranks[field] != none }

// text returns the best text of a field, or "".
func (f *found) text(field dialect.Field) string {
	if f.ranks[field] == none {
		return ""
	}
	return f.texts[field]
}

// number returns the best number of a field, or Absent.
func (f *found) number(field dialect.Field) float64 {
	if f.ranks[field] == none {
		return Absent
	}
	return f.numbers[field]
}

// take reads one attribute under all rows of its key.
func (f *found) take(k *key, v pcommon.Value) {
	for i := range k.rows {
		r := &k.rows[i]
		if r.own >= 0 && r.own != f.emitter {
			continue
		}
		f.proven = max(f.proven, r.layer)
		switch {
		case r.kinds != nil:
			f.takeKind(r, attributeScalar(v).words())
		case r.inside != nil:
			f.takeInside(r, v)
		case r.rank < f.ranks[r.field]:
			f.storeAttribute(r, v)
		}
	}
}

// storeAttribute keeps an attribute's value; the usual types take a shorter way than store.
func (f *found) storeAttribute(r *row, v pcommon.Value) {
	switch t := v.Type(); {
	case t == pcommon.ValueTypeStr && r.form == dialect.Text:
		if s := trim(v.Str()); says(s) {
			f.texts[r.field] = s
			f.ranks[r.field] = r.rank
		}
	case t == pcommon.ValueTypeInt && r.form == dialect.Count:
		if n := v.Int(); n >= 0 && n <= maxCount {
			f.numbers[r.field] = float64(n)
			f.ranks[r.field] = r.rank
		}
	default:
		f.store(r.field, r.form, r.rank, attributeScalar(v))
	}
}

func (f *found) takeKind(r *row, value string) {
	meaning, ok := lookUp(r.kinds, value)
	if ok && (f.kind.Class == dialect.Unknown || meaning.Class == dialect.NoRequest) {
		f.kind = meaning
	}
}

func (f *found) takeInside(r *row, v pcommon.Value) {
	if v.Type() != pcommon.ValueTypeStr || len(v.Str()) > maxJSON {
		return
	}
	for _, in := range r.inside {
		if in.rank < f.ranks[in.field] {
			f.store(in.field, in.form, in.rank, jsonScalar(v.Str(), in.path))
		}
	}
}

// store keeps a value if it is of the form and plausible.
func (f *found) store(field dialect.Field, form dialect.Form, rank uint8, v scalar) {
	if form == dialect.Text || form == dialect.TextList {
		word := v.words()
		if form == dialect.TextList {
			word = v.firstWord(isFailure)
		}
		if word != "" {
			f.texts[field] = word
			f.ranks[field] = rank
		}
		return
	}
	number, corrected, ok := v.as(form, f.duration)
	if !ok {
		return
	}
	if corrected {
		f.corrected++
	}
	f.numbers[field] = number
	f.ranks[field] = rank
}

// isFailure picks the finish reason that decides a request's outcome out of those of several
// choices.
func isFailure(reason string) bool {
	meaning, _ := lookUp(dialect.FinishReasons, reason)
	return meaning != dialect.FinishSuccess
}

// maxFolded is the length in bytes up to which words are compared without regard to case.
const maxFolded = 64

// lookUp finds a word in a table of lower-case words.
func lookUp[V any](table map[string]V, word string) (V, bool) {
	if len(word) > maxFolded {
		var zero V
		return zero, false
	}
	var lower [maxFolded]byte
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	v, ok := table[string(lower[:len(word)])]
	return v, ok
}
