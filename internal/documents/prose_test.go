// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// longest is the number of words that a sentence may have.
const longest = 20

// checkSentence checks a sentence in a file. Names in a list make no sentence long.
func checkSentence(t *testing.T, file, sentence string) {
	t.Helper()
	if words := len(strings.Fields(sentence)) - strings.Count(sentence, "CODE,"); words > longest {
		t.Errorf("%s: %d words, at most %d:\n%s", file, words, longest, sentence)
	}
	// Spans hold, emitters send, fields say.
	if telling.MatchString(sentence) {
		t.Errorf("%s: only people tell:\n%s", file, sentence)
	}
}

var (
	span    = regexp.MustCompile("`[^`]*`")
	target  = regexp.MustCompile(`\]\([^)\s]*\)`)
	item    = regexp.MustCompile(`^\s*(?:[*-]|\d+\.)\s+`)
	ended   = regexp.MustCompile(`[.!?]["*)]*\s+`)
	listed  = regexp.MustCompile(`[.!?;:]["*)]*\s+`)
	telling = regexp.MustCompile(`(?i)\b(?:tells?|told|telling)\b`)
)

// sentences returns the sentences of a page without code blocks, and without the references of a line "Source". In a cell of a
// table, semicolons and colons end one too.
func sentences(page string) (all []string) {
	page = target.ReplaceAllString(span.ReplaceAllString(page, "CODE"), "]")
	var paragraph []string
	flush := func() {
		all = append(all, ended.Split(strings.Join(paragraph, " "), -1)...)
		paragraph = nil
	}
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "* Source: "):
			flush()
		case strings.HasPrefix(line, "|"):
			flush()
			for cell := range strings.SplitSeq(line, "|") {
				all = append(all, listed.Split(cell, -1)...)
			}
		case item.MatchString(line):
			flush()
			paragraph = []string{item.ReplaceAllString(line, "")}
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return all
}

// Readers whose language is not English read these pages, too.
func TestSentencesOfPagesAreShortAndPlain(t *testing.T) {
	for path, text := range pages(t) {
		for _, sentence := range sentences(text) {
			checkSentence(t, path, sentence)
		}
	}
}

func TestSentencesAreFound(t *testing.T) {
	page := "# Heading\nOne `a b` is short. Two [follows](there.md)\n\n* An item that\n  goes on.\n\n| a cell; its second part |\n\nLast.\n"
	var found []string
	for _, sentence := range sentences(page) {
		if text := strings.TrimSpace(sentence); text != "" {
			found = append(found, text)
		}
	}
	assert.Equal(t, []string{"One CODE is short", "Two [follows]", "An item that goes on.", "a cell", "its second part", "Last."}, found)
}
