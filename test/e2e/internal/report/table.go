// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// none stands for what no span said.
const none = "–"

// columns of the table; each heading spans the columns up to the next one.
var columns = []struct {
	heading, title string
	right          bool
}{
	{"", "SERVICE", false},
	{"", "PROVIDER", false},
	{"", "MODEL", false},
	{"", "REQUESTS", true},
	{"DURATION", "p50", true},
	{"", "p95", true},
	{"FIRST TOKEN", "p50", true},
	{"", "p95", true},
	{"TOKENS", "in", true},
	{"", "out", true},
}

const (
	// gap keeps columns apart.
	gap = "  "
	// leastNumber is the least width of a column of numbers, so that two of them have room for their heading.
	leastNumber = 6
)

// Write prints the rows as an aligned table, grouped by layer.
func Write(w io.Writer, rows []Row) error {
	titles := make([]string, len(columns))
	for i, column := range columns {
		titles[i] = column.title
	}
	widths := make([]int, len(columns))
	measure(widths, titles)
	for _, row := range rows {
		measure(widths, row.cells())
	}

	text := headings(widths) + aligned(titles, widths)
	layer := ""
	for _, row := range rows {
		if row.Layer != layer {
			layer = row.Layer
			text += "\n" + seenBy[layer] + "\n"
		}
		text += aligned(row.cells(), widths) + row.failures()
	}
	_, err := io.WriteString(w, text)
	return err
}

// seenBy says whose spans a layer consists of.
var seenBy = map[string]string{
	"client":  "as applications see it (client)",
	"gateway": "as gateways see it (gateway)",
	"server":  "as model servers see it (server)",
}

func (r Row) cells() []string {
	return []string{
		"  " + cmp.Or(r.Service, none), cmp.Or(r.Provider, none), cmp.Or(r.Model, none), count(r.Requests),
		seconds(r.Duration.Quantile(0.50)), seconds(r.Duration.Quantile(0.95)),
		seconds(r.FirstToken.Quantile(0.50)), seconds(r.FirstToken.Quantile(0.95)),
		count(r.TokensIn), count(r.TokensOut),
	}
}

// failures is one line below the row, if there are any.
func (r Row) failures() string {
	if len(r.Failures) == 0 {
		return ""
	}
	texts := make([]string, len(r.Failures))
	for i, failure := range r.Failures {
		texts[i] = count(failure.Count) + " " + failure.Reason
	}
	return "    ! " + strings.Join(texts, ", ") + "\n"
}

func measure(widths []int, cells []string) {
	for i, cell := range cells {
		widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		if columns[i].right {
			widths[i] = max(widths[i], leastNumber)
		}
	}
}

// headings starts each heading where its first column starts.
func headings(widths []int) string {
	var line strings.Builder
	start := 0
	for i, column := range columns {
		if column.heading != "" {
			line.WriteString(strings.Repeat(" ", start-line.Len()) + column.heading)
		}
		start += widths[i] + len(gap)
	}
	return line.String() + "\n"
}

func aligned(cells []string, widths []int) string {
	line := make([]string, len(cells))
	for i, cell := range cells {
		padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if columns[i].right {
			line[i] = padding + cell
		} else {
			line[i] = cell + padding
		}
	}
	return strings.TrimRight(strings.Join(line, gap), " ") + "\n"
}

func count(n float64) string {
	if math.IsNaN(n) {
		return none
	}
	digits := fmt.Sprintf("%.0f", n)
	groups := []string{}
	for len(digits) > 3 {
		groups = append(groups, digits[len(digits)-3:])
		digits = digits[:len(digits)-3]
	}
	groups = append(groups, digits)
	slices.Reverse(groups)
	return strings.Join(groups, ",")
}

func seconds(s float64) string {
	switch {
	case math.IsNaN(s):
		return none
	case s < 1:
		return fmt.Sprintf("%.0f ms", s*1000)
	default:
		return fmt.Sprintf("%.2f s", s)
	}
}
