// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTables(t *testing.T) {
	given := map[Concept]bool{}
	names := map[string]bool{}
	for _, e := range Engines() {
		assert.False(t, names[e.Name], "%s is there twice", e.Name)
		names[e.Name] = true
		assert.NotEmpty(t, e.Source, e.Name)
		assert.Equal(t, e, ByName(e.Name))
		for i := range e.Rows {
			row := &e.Rows[i]
			given[row.Concept] = true
			families := slices.Concat(row.Names, row.Plus, row.Minus, row.Given)
			for _, term := range row.Times {
				families = append(families, term.Name)
			}
			for _, name := range families {
				known := strings.HasPrefix(name, "json_") || len(e.Prefixes) == 0 ||
					slices.ContainsFunc(e.Prefixes, func(p string) bool { return strings.HasPrefix(canonical(name), p) })
				assert.True(t, known, "%s: %s has none of its prefixes", e.Name, name)
			}
			info := Concepts[row.Concept]
			for i, attr := range row.Attrs {
				assert.False(t, info.Attributes[i] == "" && (attr.Fixed != "" || len(attr.Labels) > 0), "%s: %s has no such attribute", e.Name, info.Metric)
			}
			assert.Equal(t, info.Kind == Distribution, row.From == Buckets, "%s: %v", e.Name, row.Names)
			assert.Equal(t, row.From == Labels || row.From == Items, len(row.Labels) > 0, "%s: %v", e.Name, row.Names)
			if row.Concept == ModelMemory {
				assert.Contains(t, []string{"gpu", "cpu"}, row.Attrs[0].Fixed)
				assert.Contains(t, []string{"weights", "kv_cache", "graph", "all"}, row.Attrs[1].Fixed)
			}
		}
	}
	for c := range NumConcepts {
		assert.True(t, given[c], "no engine gives %s (%d)", Concepts[c].Metric, c)
	}
}

func TestOutcomes(t *testing.T) {
	for reason, want := range map[string]string{
		"stop": success, "length": success, "repetition": success, "tool_calls": success, "abort": cancelled, "FINISH_ABORT": cancelled,
		"error": failure, "ResponseType.INTERNAL_ENGINE_ERROR": failure, "ResponseType.FINISH": success, "timeout": failure,
	} {
		attr := outcomeOf("reason")
		assert.Equal(t, want, attr.value(mapLabels{"reason": reason}), reason)
	}
}
