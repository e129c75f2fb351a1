// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// reference is a comment's paragraph of sources, which may be as long as they are.
var reference = regexp.MustCompile(`^(?:\S+ )?Sources?: `)

// Comments are read by people who come to change the code: the same rules as for pages.
func TestSentencesOfCommentsAreShortAndPlain(t *testing.T) {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.go")
	list.Dir = tracetest.Root()
	out, err := list.Output()
	require.NoError(t, err)
	checked := 0
	for _, path := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		raw, err := os.ReadFile(filepath.Join(tracetest.Root(), path))
		if os.IsNotExist(err) || strings.Contains(string(raw), "// Code generated") || strings.HasPrefix(path, "internal/documents/") {
			continue
		}
		require.NoError(t, err)
		for _, comment := range commentsOf(t, path, raw) {
			checked++
			for _, sentence := range sentences(withoutDrawings(comment)) {
				if !reference.MatchString(sentence) {
					checkLength(t, path, sentence, len(strings.Fields(sentence)))
				}
				assert.False(t, telling.MatchString(sentence), "%s: only people tell:\n%s", path, sentence)
			}
		}
	}
	assert.Greater(t, checked, 1000)
}

func commentsOf(t *testing.T, path string, text []byte) (all []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	for _, group := range file.Comments {
		if text := group.Text(); !strings.Contains(text, "#include") { // C before import "C"
			all = append(all, text)
		}
	}
	return all
}

// withoutDrawings leaves out indented lines, which are code or drawings.
func withoutDrawings(comment string) string {
	var kept strings.Builder
	for line := range strings.Lines(comment) {
		if !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, " ") {
			kept.WriteString(line)
		} else {
			kept.WriteString("\n")
		}
	}
	return kept.String()
}
