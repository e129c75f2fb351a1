// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// cells returns the matrix' cells of an emitter: proven by a case, not sent, a reason, or no case yet.
func cells(d *emitter.Family, s *corpus.Shown) []string {
	texts := make([]string, len(columns))
	for i, c := range columns {
		switch {
		case c.proven(s):
			texts[i] = "✓"
		case slices.Contains(notSent[d.Name], i):
			texts[i] = "–"
		case unanswered(d.Name, i) != "":
			texts[i] = string(unanswered(d.Name, i))
		default:
			texts[i] = "?"
		}
	}
	return texts
}

// Versions and commits as the tables' sources write them.
var (
	number = regexp.MustCompile(`(?:^|[ (v])(\d+\.\d+(?:\.\d+)?(?:[-.](?:dev|rc|beta|SNAPSHOT)[\w.-]*)?)`)
	commit = regexp.MustCompile(`@[0-9a-f]{7,40}\b`)
	date   = regexp.MustCompile(`\b20\d\d(?:-\d\d-\d\d)?\b`)
)

// version returns the first version that a source names, else its first commit, else a date.
func version(source string) string {
	if m := number.FindStringSubmatch(source); m != nil {
		return m[1]
	}
	if found := commit.FindString(source); found != "" {
		return "`" + found + "`"
	}
	if found := date.FindString(source); found != "" {
		return found
	}
	return "not named"
}

// matrix writes the table of a group.
func matrix(p *strings.Builder, g *group, shown map[string]*corpus.Shown) {
	p.WriteString("| emitter |")
	for _, c := range columns {
		p.WriteString(" " + c.title + " |")
	}
	p.WriteString(" known from |\n|" + strings.Repeat(" --- |", len(columns)+2) + "\n")
	for i := range g.families {
		d := &g.families[i]
		known := "no case"
		if s := shown[d.Name]; s != nil {
			known = s.Known(d.Source)
		}
		fmt.Fprintf(p, "| [%s](emitters/%s.md#%s) | %s | %s<br>%s |\n",
			d.Title, g.file, anchor(d.Title), strings.Join(cells(d, shown[d.Name]), " | "), known, version(d.Source))
	}
	p.WriteString("\n")
}

// vocabularies lists a group that is no emitters.
func vocabularies(p *strings.Builder, g *group) {
	p.WriteString("Keys of no single emitter. They are read on all spans.\n\n")
	for i := range g.families {
		d := &g.families[i]
		fmt.Fprintf(p, "- [%s](emitters/%s.md#%s), %s\n", d.Title, g.file, anchor(d.Title), version(d.Source))
	}
	p.WriteString("\n")
}

// anchor returns the name under which GitHub shows a heading.
func anchor(title string) string {
	return strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(title), ""), " ", "-")
}

var notInAnchors = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
