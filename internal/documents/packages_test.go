// SPDX-License-Identifier: Apache-2.0

package documents

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// row is a row of a table, by its first cell; folder a folder that it names.
var (
	row    = regexp.MustCompile("(?m)^\\| (`[^|]+) \\|")
	folder = regexp.MustCompile("`([^`]+)`")
)

// A newcomer finds each package in the table of docs/design.md.
func TestTheDesignNamesEveryPackage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(tracetest.Root(), "docs", "design.md"))
	require.NoError(t, err)
	named := map[string]bool{}
	for _, cell := range row.FindAllStringSubmatch(string(page), -1) {
		for _, name := range folder.FindAllStringSubmatch(cell[1], -1) {
			named[name[1]] = true
			assert.DirExists(t, filepath.Join(tracetest.Root(), name[1]), "docs/design.md has a row for it")
		}
	}
	for path := range files(t, "*.go") {
		in := filepath.Dir(path)
		nested := strings.HasPrefix(in, "test/") || strings.HasPrefix(in, "tools") // named by their module
		if !nested && !strings.Contains(in, "/internal/metadata") {
			assert.True(t, named[in], "docs/design.md has no row for package %s", in)
		}
	}
}
