// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// Families share names of spans and mean different things, and there are more names than the memo has room for.
func TestNamesOfSpansAreRememberedForTheRightFamily(t *testing.T) {
	r := NewReader(Options{})
	names := []string{"", "chat", "no such name"}
	for i := range r.families {
		for _, s := range r.families[i].Spans {
			names = append(names, s.Name, strings.ReplaceAll(s.Name, "*", "x"), fmt.Sprint(s.Name, i))
		}
	}
	names = append(names, strings.Repeat("chat", maxFolded))
	memo := &nameMemo{}
	for range 2 {
		for _, name := range names {
			for i := range r.emitters {
				d := &r.emitters[i]
				assert.Equal(t, d.rowOf(name), memo.rowOf(d, int16(i), name), "%s of %s", name, d.name)
				assert.Equal(t, d.rowOf(name), memo.rowOf(d, int16(i), name), "%s of %s, remembered", name, d.name)
			}
		}
	}
}

func TestRememberedWordsAreThoseOfTheName(t *testing.T) {
	memo := &wordMemo{}
	names := []string{"", "llm.complete", "chat.history", "prompt.render", "GET /orders", strings.Repeat("llm.complete ", 9)}
	for i := range 2 * nameMemoSize {
		names = append(names, fmt.Sprint("step ", i), fmt.Sprint("llm.complete ", i))
	}
	for range 2 {
		for _, name := range names {
			assert.Equal(t, emitter.ReadSpanName(name), memo.of(name), name)
		}
	}
}
