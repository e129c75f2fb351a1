// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// take reads one attribute under all rows of its key. A family's own row stands first and takes the place of the other rows for
// its fact. One of JSON takes that of the other rows of JSON. If it has neither, it replaces all rows.
func (f *spanValues) take(k *key, v pcommon.Value) {
	owned, inside := fact.None, false
	for i := range k.rows {
		r := &k.rows[i]
		if r.own >= 0 && r.own != f.emitter || r.field == owned && owned != fact.None || inside && r.inside != nil {
			continue
		}
		if r.own >= 0 {
			if r.field == fact.None && r.inside == nil {
				return
			}
			owned, inside = r.field, r.inside != nil
		}
		f.proven = max(f.proven, r.layer)
		switch {
		case r.kinds != nil:
			f.takeKind(r, v)
		case r.inside != nil:
			if object, ok := objectOf(v); ok {
				f.members(r.inside, object)
			}
		case r.field != fact.None && r.rank < f.ranks[r.field]:
			f.storeAttribute(r.valueRow, v)
		}
	}
}

// objectOf returns the JSON object that an attribute holds as text or as it is.
func objectOf(v pcommon.Value) (object string, ok bool) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		object = v.Str()
	case pcommon.ValueTypeMap:
		object = v.AsString()
	default:
	}
	return object, object != "" && len(object) <= maxJSON
}

// storeAttribute keeps an attribute's value.
func (f *spanValues) storeAttribute(r valueRow, v pcommon.Value) {
	value := attributeScalar(v)
	f.storeRow(r, &value)
}

// storeRow keeps a value, and where its key says that parts are counted.
func (f *spanValues) storeRow(r valueRow, value *scalar) {
	f.store(r.field, r.encoding, r.rank, value)
	if kept := f.ranks[r.field]; r.parts != usage.Unsaid && (kept == r.rank || kept == r.rank+zeroRank) {
		f.places[r.field-fact.InputTokens] = placeMark{r.parts, kept}
		f.placed = true
	}
}

// takeKind keeps what a class attribute says.
func (f *spanValues) takeKind(r *row, v pcommon.Value) {
	value := attributeScalar(v)
	meaning, ok := lookUp(r.kinds, value.kindWord())
	if !ok || meaning == (emitter.Meaning{}) {
		return
	}
	if f.kind.Class == llm.Unknown || stronger(meaning.Class, r.rank, f.kind.Class, f.kindRank) {
		f.kind, f.kindRank = meaning, r.rank
	}
}

// stronger reports whether what one class attribute says outweighs what another says. It denies that the span is a request; or
// both do or do not, and it ranks before the other.
func stronger(class llm.Class, rank uint8, than llm.Class, thanRank uint8) bool {
	if denies, denied := !class.IsRequest(), !than.IsRequest(); denies != denied {
		return denies
	}
	return rank < thanRank
}

// memberName returns the name of a member. Of a list only the first has one.
func memberName(name gjson.Result) string {
	if name.Type == gjson.Number && name.Num == 0 {
		return "0"
	}
	return name.Str
}

// members reads the values inside a JSON object in one pass over its members.
func (f *spanValues) members(rows []insideRow, object string) {
	object = toJSON(object)
	gjson.Parse(object).ForEach(func(name, value gjson.Result) bool {
		member := memberName(name)
		for i := range rows {
			in := &rows[i]
			if in.head != member || in.rank >= f.ranks[in.field] {
				continue
			}
			switch {
			case in.encoding == emitter.CountWithoutParts:
				v := jsonScalar(value)
				if n, ok := v.count(); ok {
					if all, apart := partsOf(object, in.head); apart {
						n = all
					}
					whole := scalar{kind: real, number: n}
					f.store(in.field, emitter.Count, in.rank, &whole)
				}
			case in.tail == "":
				v := jsonScalar(value)
				f.storeRow(in.valueRow, &v)
			case value.Type == gjson.JSON:
				v := jsonScalar(value.Get(in.tail))
				f.storeRow(in.valueRow, &v)
			default:
			}
		}
		return true
	})
}
