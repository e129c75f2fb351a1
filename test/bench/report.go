// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// report is what a part found.
type report struct {
	tables  []table
	targets []target
}

// table is a table in Markdown, whose first row is its head.
type table struct{ rows [][]string }

func newTable(head ...string) *table { return &table{rows: [][]string{head}} }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// write writes the tables, and the gates of the part under them.
func (r report) write(out io.Writer) error {
	all := r.tables
	if len(r.targets) > 0 {
		gates := newTable("gates and goals", "gate", "goal", "measured", "")
		for _, t := range r.targets {
			gates.row(t.what, t.format(t.gate), t.format(t.goal), t.format(t.measured), t.verdict())
		}
		all = append(all, *gates)
	}
	for i, t := range all {
		if i > 0 {
			if _, err := fmt.Fprintln(out); err != nil {
				return err
			}
		}
		for j, row := range t.rows {
			if _, err := fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | ")); err != nil {
				return err
			}
			if j == 0 {
				if _, err := fmt.Fprintln(out, strings.Repeat("| --- ", len(row))+"|"); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// target is a number with a gate, which is to hold, and a goal, which is wanted.
type target struct {
	what                 string
	unit                 string
	measured, gate, goal float64
	// least means that the number is to be that or more; else, that or less.
	least bool
}

func (t target) reaches(limit float64) bool {
	if t.least {
		return t.measured >= limit
	}
	return t.measured <= limit
}

func (t target) verdict() string {
	switch {
	case t.reaches(t.goal):
		return "goal"
	case t.reaches(t.gate):
		return "gate"
	default:
		return "**not reached**"
	}
}

func (t target) format(value float64) string {
	digits := 1
	switch t.unit {
	case " bytes":
		digits = 0
	case " times":
		digits = 2
	}
	return fmt.Sprintf("%.*f%s", digits, value, t.unit)
}

// machine describes what the measurements ran on.
func machine() string {
	model := "unknown processor"
	cpuinfo, _ := os.ReadFile("/proc/cpuinfo") // without it, the model stays unknown
	for line := range strings.Lines(string(cpuinfo)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%s, %d cores, %s %s/%s", model, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// embed puts the tables of a part into its place on a page, between two comments.
func embed(page, name, tables string) (string, error) {
	begin, end := "<!-- bench "+name+" -->\n", "<!-- end -->"
	before, rest, found := strings.Cut(page, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("the page has no place for %q: no %q and %q", name, strings.TrimSpace(begin), end)
	}
	return before + begin + tables + end + after, nil
}
