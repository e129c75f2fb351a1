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
	{"", "LAYER", false},
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
	{"", "NOT SUCCESSFUL", false},
}

// gap keeps columns apart.
const gap = "   "

// leastNumber is the least width of a column of numbers, so that two of them have room for their heading.
const leastNumber = 6

// Write prints the rows as an aligned table.
func Write(w io.Writer, rows []Row) error {
	titles := make([]string, len(columns))
	for i, column := range columns {
		titles[i] = column.title
	}
	lines := [][]string{titles}
	for _, row := range rows {
		lines = append(lines, row.lines()...)
	}
	widths := make([]int, len(columns))
	for i, column := range columns {
		if column.right {
			widths[i] = leastNumber
		}
	}
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	text := headings(widths)
	for _, line := range lines {
		text += aligned(line, widths)
	}
	_, err := io.WriteString(w, text)
	return err
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

func aligned(line []string, widths []int) string {
	cells := make([]string, len(line))
	for i, cell := range line {
		padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if columns[i].right {
			cells[i] = padding + cell
		} else {
			cells[i] = cell + padding
		}
	}
	return strings.TrimRight(strings.Join(cells, gap), " ") + "\n"
}

// lines is one line per row, and one more for each further reason of failure.
func (r Row) lines() [][]string {
	first := []string{
		r.Layer, cmp.Or(r.Service, none), cmp.Or(r.Provider, none), cmp.Or(r.Model, none), count(r.Requests),
		seconds(r.Duration.Quantile(0.50)), seconds(r.Duration.Quantile(0.95)),
		seconds(r.FirstToken.Quantile(0.50)), seconds(r.FirstToken.Quantile(0.95)),
		count(r.TokensIn), count(r.TokensOut), "",
	}
	lines := [][]string{first}
	for i, failure := range r.Failures {
		if i > 0 {
			lines = append(lines, make([]string, len(columns)))
		}
		lines[i][len(columns)-1] = fmt.Sprintf("%s %s", count(failure.Count), failure.Reason)
	}
	return lines
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
