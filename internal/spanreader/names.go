// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// rowOf returns the index of the first row that a span's name fits, or -1.
func (d *compiledFamily) rowOf(name string) int {
	if i, ok := d.named[name]; ok {
		return i
	}
	return slices.IndexFunc(d.spans, func(s emitter.Span) bool { return match.Match(s.Name, name) })
}

// nameMemo remembers the rows of some spans' names. It holds on to no span.
type nameMemo struct {
	entries [nameMemoSize]struct {
		name        [maxFolded]byte
		length      uint8
		known       bool
		family, row int16
	}
}

const nameMemoSize = 64

// rowOf returns the row of a family that a span's name fits, as compiledFamily.rowOf does.
func (m *nameMemo) rowOf(d *compiledFamily, family int16, name string) int {
	if len(name) > maxFolded {
		return d.rowOf(name)
	}
	e := &m.entries[slot(name)%nameMemoSize]
	if !e.known || e.family != family || string(e.name[:e.length]) != name {
		e.length, e.known = uint8(copy(e.name[:], name)), true
		e.family, e.row = family, int16(d.rowOf(name))
	}
	return int(e.row)
}

// wordMemo remembers what the words of some spans' names say. It holds on to no span.
type wordMemo struct {
	entries [nameMemoSize]struct {
		name   [maxFolded]byte
		length uint8
		known  bool
		says   emitter.SpanName
	}
}

// of returns what the words of a name say.
func (m *wordMemo) of(name string) emitter.SpanName {
	if len(name) > maxFolded {
		return emitter.ReadSpanName(name)
	}
	e := &m.entries[slot(name)%nameMemoSize]
	if !e.known || string(e.name[:e.length]) != name {
		e.length, e.known, e.says = uint8(copy(e.name[:], name)), true, emitter.ReadSpanName(name)
	}
	return e.says
}
