// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

var (
	// fence finds the YAML in a page.
	fence = regexp.MustCompile("(?s)\n```yaml\n(.*?\n)```\n")
	// topKey finds the sections of a YAML text.
	topKey = regexp.MustCompile(`(?m)^(\w+):`)
	// gates finds the feature gates that a snippet says it needs.
	gates = regexp.MustCompile(`--feature-gates=\S+`)
)

// People copy from the pages. Each configuration there is valid on top of the default one. The collector has what the pages take
// for granted.
func TestEverySnippetIsValid(t *testing.T) {
	for _, page := range []string{
		"README.md",
		"processor/llmspanmetricsprocessor/README.md",
		"connector/llmspanmetricsconnector/README.md",
		"receiver/llmgpureceiver/README.md",
		"receiver/llmenginereceiver/README.md",
		"processor/llmengineprocessor/README.md",
		"docs/how-to.md",
		"docs/troubleshooting.md",
	} {
		path, err := repo.Path(page)
		require.NoError(t, err)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		found := 0
		for _, at := range fence.FindAllSubmatchIndex(text, -1) {
			snippet := text[at[2]:at[3]]
			if !isConfiguration(snippet) {
				continue
			}
			found++
			line := 1 + strings.Count(string(text[:at[2]]), "\n")
			t.Run(page+":"+strconv.Itoa(line), func(t *testing.T) {
				folder := t.TempDir()
				file := filepath.Join(folder, "snippet.yaml")
				// The price list that a page names is not on this machine, and validate reads it.
				prices := filepath.Join(folder, "prices.json")
				require.NoError(t, os.WriteFile(prices, []byte(`{"gpt-4o": {"input_cost_per_token": 1e-6}}`), 0o600))
				snippet := bytes.ReplaceAll(snippet, []byte("/etc/otelcol-llm/model_prices_and_context_window.json"), []byte(prices))
				require.NoError(t, os.WriteFile(file, snippet, 0o600))
				args := []string{"validate", "--config=file:" + harness.DefaultConfig(t), "--config=file:testdata/beside_snippets.yaml", "--config=file:" + file}
				output, code := run(t, append(args, gates.FindAllString(string(snippet), -1)...)...)
				assert.Zero(t, code, output)
			})
		}
		assert.NotZero(t, found, "configurations in %s", page)
	}
}

// isConfiguration reports whether all sections of a YAML text are those of a collector's configuration. A builder's manifest
// has some of them, too.
func isConfiguration(text []byte) bool {
	sections := []string{"receivers", "processors", "connectors", "exporters", "extensions", "service"}
	for _, key := range topKey.FindAllSubmatch(text, -1) {
		if !slices.Contains(sections, string(key[1])) {
			return false
		}
	}
	return !bytes.Contains(text, []byte("- gomod:"))
}
