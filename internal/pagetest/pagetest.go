// SPDX-License-Identifier: Apache-2.0

// Package pagetest compares pages that are written from tables with what is in the repository.
package pagetest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// mostLines is how many lines of a difference are shown of each side.
const mostLines = 5

// UpToDate fails the test if a file is not as the text that the command would write there. It shows the first lines that differ.
func UpToDate(tb testing.TB, file, text, command string) {
	tb.Helper()
	written, err := os.ReadFile(file)
	if err != nil {
		tb.Errorf("%v: run %s", err, command)
		return
	}
	if differ := differences(string(written), text); differ != "" {
		tb.Errorf("%s is out of date: run %s\n%s", file, command, differ)
	}
}

// differences returns the first lines that differ, - as written and + as they should be, or nothing.
func differences(written, wanted string) string {
	old, now := strings.Split(written, "\n"), strings.Split(wanted, "\n")
	same := 0
	for same < min(len(old), len(now)) && old[same] == now[same] {
		same++
	}
	if same == len(old) && same == len(now) {
		return ""
	}
	var lines strings.Builder
	fmt.Fprintf(&lines, "line %d:\n", same+1)
	for _, line := range old[same:min(same+mostLines, len(old))] {
		lines.WriteString("- " + line + "\n")
	}
	for _, line := range now[same:min(same+mostLines, len(now))] {
		lines.WriteString("+ " + line + "\n")
	}
	return lines.String()
}
