// SPDX-License-Identifier: Apache-2.0

// Package documents checks what people read, in pages, comments and descriptions. Links lead somewhere, and sentences are short and
// plain.
package documents

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var (
	fenced  = regexp.MustCompile("(?s)(?:^|\n) *```.*?\n *```")
	comment = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// pages returns the Markdown pages of the repository, by their path from its top, without code blocks and comments.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := files(t, "*.md")
	for path, text := range all {
		all[path] = withoutCode(text)
	}
	require.Greater(t, len(all), 30)
	return all
}

// files returns the files of the repository that fit a pattern of Git, by their path from its top.
func files(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	list := exec.Command("git", append([]string{"ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}, patterns...)...)
	list.Dir = tracetest.Root()
	out, err := list.Output()
	require.NoError(t, err)
	all := map[string]string{}
	for _, path := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		raw, err := os.ReadFile(filepath.Join(tracetest.Root(), path))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		require.NoError(t, err)
		all[path] = string(raw)
	}
	return all
}

// withoutCode leaves the lines of a page where they are.
func withoutCode(text string) string {
	blank := func(cut string) string { return strings.Repeat("\n", strings.Count(cut, "\n")) }
	return comment.ReplaceAllStringFunc(fenced.ReplaceAllStringFunc(text, blank), blank)
}
