// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestThePageAboutEmittersIsUpToDate(t *testing.T) {
	written, err := os.ReadFile(filepath.Join(tracetest.Root(), "docs", "emitters.md"))
	require.NoError(t, err)
	if differ := firstDifferences(string(written), page()); differ != "" {
		t.Errorf("docs/emitters.md is out of date; run go generate ./internal/emitter\n%s", differ)
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

func TestThePageNamesEveryKey(t *testing.T) {
	text := page()
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			assert.True(t, strings.Contains(text, "`"+a.Key+"`") || strings.Contains(text, "`"+a.Key+"#"), a.Key)
		}
	}
}
