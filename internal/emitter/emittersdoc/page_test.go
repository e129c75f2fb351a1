// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

const command = "go generate ./internal/emitter"

func written(t *testing.T) map[string]string {
	t.Helper()
	texts, err := pages(tracetest.Root())
	require.NoError(t, err)
	return texts
}

func TestThePagesAboutEmittersAreUpToDate(t *testing.T) {
	docs := filepath.Join(tracetest.Root(), "docs")
	texts := written(t)
	for name, text := range texts {
		old, err := os.ReadFile(filepath.Join(docs, name))
		require.NoError(t, err, "run %s", command)
		if differ := firstDifferences(string(old), text); differ != "" {
			t.Errorf("docs/%s is out of date; run %s\n%s", name, command, differ)
		}
	}
	there, err := filepath.Glob(filepath.Join(docs, groupFolder, "*"))
	require.NoError(t, err)
	for _, path := range there {
		name := groupFolder + "/" + filepath.Base(path)
		assert.Contains(t, texts, name, "docs/%s is no page of a group; run %s", name, command)
	}
}

// firstDifferences returns the first lines that differ, - as written and + as they should be, or nothing.
func firstDifferences(written, wanted string) string {
	const most = 5
	old, now := strings.Split(written, "\n"), strings.Split(wanted, "\n")
	same := 0
	for same < min(len(old), len(now)) && old[same] == now[same] {
		same++
	}
	if same == len(old) && same == len(now) {
		return ""
	}
	var lines strings.Builder
	fmt.Fprintf(&lines, "line %d:\n", same+1)
	for _, line := range old[same:min(same+most, len(old))] {
		lines.WriteString("- " + line + "\n")
	}
	for _, line := range now[same:min(same+most, len(now))] {
		lines.WriteString("+ " + line + "\n")
	}
	return lines.String()
}

func TestTheFirstDifferencesAreShown(t *testing.T) {
	assert.Empty(t, firstDifferences("a\nb\n", "a\nb\n"))
	assert.Equal(t, "line 2:\n- x\n- \n+ b\n+ c\n+ \n", firstDifferences("a\nx\n", "a\nb\nc\n"))
	assert.Equal(t, "line 2:\n- \n+ b\n+ \n", firstDifferences("a\n", "a\nb\n"))
}

func TestTheAttributesPageNamesEveryKey(t *testing.T) {
	texts := written(t)
	everything := strings.Join(slices.Collect(maps.Values(texts)), "")
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			assert.True(t, strings.Contains(everything, "`"+a.Key+"`") || strings.Contains(everything, "`"+a.Key+"#"), a.Key)
		}
	}
}

func TestEveryFamilyHasARowAndASection(t *testing.T) {
	texts := written(t)
	for _, d := range emitter.All() {
		assert.Equal(t, 1, strings.Count(texts[indexPage], "| ["+d.Title+"]("), "row of %s", d.Name)
		sections := 0
		for name, text := range texts {
			if strings.HasPrefix(name, groupFolder+"/") {
				sections += strings.Count(text, "* Name: `"+d.Name+"`\n")
			}
		}
		assert.Equal(t, 1, sections, "section of %s", d.Name)
	}
}

// A case that shows what its emitter is said never to send refutes the one or the other.
func TestNoCaseShowsWhatIsNeverSent(t *testing.T) {
	shown, err := corpus.Survey(tracetest.Root())
	require.NoError(t, err)
	for name, never := range notSent {
		assert.True(t, slices.ContainsFunc(emitter.All(), func(d emitter.Family) bool { return d.Name == name }), "there is no emitter %s", name)
		for _, i := range never {
			assert.False(t, columns[i].proven(shown[name]), "notsent.go says that %s never sends %s, but its cases show it", name, columns[i].title)
		}
	}
}

func TestVersionsAreThoseOfTheSource(t *testing.T) {
	for source, want := range map[string]string{
		"@openai/codex 0.171.0": "0.171.0",
		"huggingface/tgi router/src/server.rs @db931fcf (3.3.6-dev0)": "3.3.6-dev0",
		"vllm-project/vllm vllm/tracing/utils.py @0bf3270f, of V1":    "`@0bf3270f`",
		"platform.claude.com/docs (beta, October 2026)":               "2026",
		"no source is public": "not named",
	} {
		assert.Equal(t, want, version(source), source)
	}
}
