// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// eventName is what the name of an event says.
type eventName struct {
	// exception events hold what failed.
	exception bool
	// left says that the caller went away. No row reads the event.
	left bool
	// patterns are bits for the pattern rows that it fits.
	patterns uint32
	// rows are those of this very name.
	rows []eventRow
}

// eventNameMemo remembers what some names say. It holds on to no span.
type eventNameMemo struct {
	// sets hold names that share a slot.
	sets [eventNameSets][4]rememberedEvent
	// next is the place in a set that the next new name takes.
	next uint8
}

type rememberedEvent struct {
	name   [maxFolded]byte
	length uint8
	known  bool
	says   eventName
}

const eventNameSets = 16

// of returns what a name says.
func (m *eventNameMemo) of(name string, r *Reader, messages *messageMemo) eventName {
	if len(name) > maxFolded {
		return r.eventName(name, messages)
	}
	set := &m.sets[slot(name)%eventNameSets]
	for i := range set {
		if e := &set[i]; e.known && string(e.name[:e.length]) == name {
			return e.says
		}
	}
	e := &set[int(m.next)%len(set)]
	m.next++
	e.length, e.known, e.says = uint8(copy(e.name[:], name)), true, r.eventName(name, messages)
	return e.says
}

func (r *Reader) eventName(name string, messages *messageMemo) eventName {
	says := eventName{exception: emitter.ExceptionEvents[name], rows: r.events[name]}
	if says.exception {
		return says
	}
	for i := range r.eventPatterns {
		if match.Match(r.eventPatterns[i].Name, name) {
			says.patterns |= 1 << i
		}
	}
	says.left = len(says.rows) == 0 && !emitter.IsOfPart(name) &&
		(messages.of(name).gaveUp || strings.HasSuffix(name, "cancelled") || strings.HasSuffix(name, "canceled"))
	return says
}
