// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/pagetest"
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
		pagetest.UpToDate(t, filepath.Join(docs, name), text, command)
	}
	there, err := filepath.Glob(filepath.Join(docs, groupFolder, "*"))
	require.NoError(t, err)
	for _, path := range there {
		name := groupFolder + "/" + filepath.Base(path)
		assert.Contains(t, texts, name, "docs/%s is no page of a group; run %s", name, command)
	}
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
		assert.Equal(t, 1, strings.Count(texts[indexPage], " ["+d.Title+"]("), "row of %s", d.Name)
		sections := 0
		for name, text := range texts {
			if strings.HasPrefix(name, groupFolder+"/") {
				sections += strings.Count(text, "* Name: `"+d.Name+"`\n")
			}
		}
		assert.Equal(t, 1, sections, "section of %s", d.Name)
	}
}

func TestEveryPeculiarityHasAText(t *testing.T) {
	all := emitter.Quirk(0)
	for _, d := range emitter.All() {
		all |= d.Quirks
	}
	for q := emitter.Quirk(1); q != 0; q <<= 1 {
		if all.Has(q) {
			assert.Len(t, quirks(q), 1, "text of the quirk of bit %b", q)
		}
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

// A reason beside a case or a source says that one of them is wrong.
func TestReasonsAreWhereNothingElseAnswers(t *testing.T) {
	shown, err := corpus.Survey(tracetest.Root())
	require.NoError(t, err)
	for name, why := range unknown {
		assert.Contains(t, families, name)
		for r, all := range why {
			for _, i := range all {
				assert.False(t, columns[i].proven(shown[name]), "unknown.go says %s of the %s of %s, but its cases show it", r, columns[i].title, name)
				assert.NotContains(t, notSent[name], i, "unknown.go and notsent.go both answer the %s of %s", columns[i].title, name)
			}
		}
	}
}

func TestLeftStreamsAreOfKnownEmitters(t *testing.T) {
	for name := range leftStreams {
		assert.Contains(t, families, name)
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
