// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/report"
)

// screen shows a guide and a table below it. On a terminal each table takes the place of the last one.
type screen struct {
	out      io.Writer
	terminal bool
	header   string
}

func newScreen(out io.Writer) *screen {
	s := &screen{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		s.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return s
}

// guide shows a text, on a terminal above every table.
func (s *screen) guide(text string) {
	s.header = text
	if !s.terminal {
		fmt.Fprintf(s.out, "\n%s\n", text)
	}
}

// table shows the rows below a line.
func (s *screen) table(line string, rows []report.Row) error {
	var text strings.Builder
	if s.terminal {
		// To the top left, and clear from there: what was above stays in the scrollback.
		fmt.Fprintf(&text, "\x1b[H\x1b[2J%s\n", s.header)
	}
	fmt.Fprintf(&text, "\n%s\n\n", line)
	if err := report.Write(&text, rows); err != nil {
		return err
	}
	text.WriteString("\nPercentiles are estimates from histogram buckets, as Prometheus makes them.\n")
	_, err := io.WriteString(s.out, text.String())
	return err
}
