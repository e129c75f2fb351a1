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

// longer are the pages and packages that still have sentences of up to so many words. One leaves this list, and none joins it.
var longer = map[string]int{
	"docs/benchmarks.md": 30,
}

// lengths checks how long sentences are, by the page or package that they are in.
type lengths struct {
	t   *testing.T
	was map[string]int // the longest that is longer than it should be
}

func newLengths(t *testing.T) *lengths { return &lengths{t: t, was: map[string]int{}} }

// check checks a sentence in a file, which is in a page or package.
func (l *lengths) check(of, file, sentence string, words int) {
	if words > max(longest, longer[of]) {
		l.t.Errorf("%s: %d words, at most %d:\n%s", file, words, max(longest, longer[of]), sentence)
	}
	if words > longest {
		l.was[of] = words
	}
}

// end checks that what is listed needs to be.
func (l *lengths) end(listed func(of string) bool) {
	for of := range longer {
		if listed(of) && l.was[of] == 0 {
			l.t.Errorf("%s has no longer sentences any more: take it off the list", of)
		}
	}
}

func isPage(of string) bool { return strings.HasSuffix(of, ".md") }

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
func TestSentencesAreShort(t *testing.T) {
	lengths := newLengths(t)
	for path, text := range pages(t) {
		for _, sentence := range sentences(text) {
			// Names in a list make no sentence long.
			words := len(strings.Fields(sentence)) - strings.Count(sentence, "CODE,")
			lengths.check(path, path, sentence, words)
		}
	}
	lengths.end(isPage)
}

// People tell; spans hold, emitters send, fields say.
func TestOnlyPeopleTell(t *testing.T) {
	for path, text := range pages(t) {
		for _, sentence := range sentences(text) {
			assert.False(t, telling.MatchString(sentence), "%s: only people tell:\n%s", path, sentence)
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
