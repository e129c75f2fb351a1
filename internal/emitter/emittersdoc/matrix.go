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

// column is something that users look for on an emitter's spans.
type column struct {
	title string
	// keys are the keys of expected.json, one of which shows it.
	keys []string
	// outcome is, instead of keys, the outcome that shows it.
	outcome string
}

// The columns of the matrix, in its order.
const (
	duration = iota
	firstToken
	input
	output
	cached
	reasoning
	cost
	finish
	streaming
	errored
	cancelled
)

var columns = []column{
	duration:   {title: "duration", keys: []string{"duration_s"}},
	firstToken: {title: "TTFT", keys: []string{"ttft_s"}},
	input:      {title: "input", keys: []string{"input_tokens"}},
	output:     {title: "output", keys: []string{"output_tokens"}},
	cached:     {title: "cached", keys: []string{"cache_read_tokens", "cache_write_tokens"}},
	reasoning:  {title: "reasoning", keys: []string{"reasoning_tokens"}},
	cost:       {title: "cost", keys: []string{"cost_usd"}},
	finish:     {title: "finish reason", keys: []string{"finish_reasons"}},
	streaming:  {title: "streaming", keys: []string{"stream"}},
	errored:    {title: "errors", outcome: "error"},
	cancelled:  {title: "cancellation", outcome: "cancelled"},
}

// proven reports whether a case shows the column.
func (c column) proven(s *corpus.Shown) bool {
	if s == nil {
		return false
	}
	if c.outcome != "" {
		return s.Outcomes[c.outcome] > 0
	}
	return slices.ContainsFunc(c.keys, func(key string) bool { return s.Keys[key] > 0 })
}

// cells returns the matrix' cells of an emitter: proven by a case, not sent, or no case yet.
func cells(d *emitter.Family, s *corpus.Shown) []string {
	texts := make([]string, len(columns))
	for i, c := range columns {
		switch {
		case c.proven(s):
			texts[i] = "✓"
		case slices.Contains(notSent[d.Name], i):
			texts[i] = "–"
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
	p.WriteString(" known from | version |\n|" + strings.Repeat(" --- |", len(columns)+3) + "\n")
	for i := range g.families {
		d := &g.families[i]
		known := "no case"
		if s := shown[d.Name]; s != nil {
			known = s.Known(d.Source)
		}
		fmt.Fprintf(p, "| [%s](emitters/%s.md#%s) | %s | %s | %s |\n",
			d.Title, g.file, anchor(d.Title), strings.Join(cells(d, shown[d.Name]), " | "), known, version(d.Source))
	}
	p.WriteString("\n")
}
