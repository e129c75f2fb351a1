// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reference is a comment's paragraph of sources, which may be as long as they are.
var reference = regexp.MustCompile(`^(?:\S+ )?Sources?: `)

// Comments are read by people who come to change the code: the same rules as for pages.
func TestSentencesOfCommentsAreShortAndPlain(t *testing.T) {
	checked := 0
	for path, text := range files(t, "*.go") {
		if strings.Contains(text, "// Code generated") || strings.HasPrefix(path, "internal/documents/") {
			continue
		}
		for _, comment := range commentsOf(t, path, text) {
			checked++
			for _, sentence := range sentences(withoutDrawings(comment)) {
				if !reference.MatchString(sentence) {
					checkSentence(t, path, sentence)
				}
			}
		}
	}
	assert.Greater(t, checked, 1000)
}

func commentsOf(t *testing.T, path, text string) (all []string) {
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
