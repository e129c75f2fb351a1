// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

var (
	// commands finds the commands in a page, and the comment before them that says what they need.
	commands = regexp.MustCompile("(?s)\n(<!-- needs: [^\n]+ -->\n)?```sh\n(.*?)```\n")
	// collects finds a command that runs the collector with configurations.
	collects = regexp.MustCompile(`(?m)^([A-Z_]+=\S+ )*otelcol-llm( --config \S+)+`)
	// makes finds the targets of make.
	makes = regexp.MustCompile(`(?m)^make ([a-z-]+)`)
)

// People type what the guides say. The configurations of a command are valid, and its targets of make exist. What needs a GPU, a
// cluster or somebody's service says so.
func TestEveryCommandRunsOrSaysWhatItNeeds(t *testing.T) {
	root, err := repo.Path()
	require.NoError(t, err)
	var pages []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) == ".md" {
			page, err := filepath.Rel(root, path)
			pages = append(pages, page)
			return err
		}
		return nil
	}))
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	found := 0
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(root, page))
		require.NoError(t, err)
		for _, at := range commands.FindAllSubmatchIndex(text, -1) {
			found++
			if at[2] >= 0 {
				continue // it says what it needs
			}
			block := strings.ReplaceAll(string(text[at[4]:at[5]]), "\\\n", " ")
			line := 1 + strings.Count(string(text[:at[4]]), "\n")
			t.Run(page+":"+strconv.Itoa(line), func(t *testing.T) {
				runs := collects.FindAllString(block, -1)
				targets := makes.FindAllStringSubmatch(block, -1)
				assert.NotZero(t, len(runs)+len(targets), "neither the collector nor make: say before it what it <!-- needs: … -->")
				for _, target := range targets {
					assert.Contains(t, string(makefile), "\n"+target[1]+":", "target of make")
				}
				for _, command := range runs {
					validated(t, root, command)
				}
			})
		}
	}
	assert.NotZero(t, found)
}

// Metrics of the collector about itself that guides name are those that it has.
func TestGuidesNameMetricsThatExist(t *testing.T) {
	var documented strings.Builder
	for _, parts := range [][]string{
		{"internal", "delivery", "documentation.md"},
		{"internal", "enginemetrics", "documentation.md"},
		{"receiver", "llmgpureceiver", "documentation.md"},
	} {
		path, err := repo.Path(parts...)
		require.NoError(t, err)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		documented.Write(text)
	}
	for _, page := range []string{"README.md", "docs/quick-start.md", "docs/concepts.md", "docs/how-to.md", "docs/monitoring.md", "docs/runbook.md", "docs/scaling.md", "docs/troubleshooting.md"} {
		path, err := repo.Path(page)
		require.NoError(t, err)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, name := range regexp.MustCompile(`otelcol_llm_[a-z_]+[a-z]`).FindAllString(string(text), -1) {
			assert.Contains(t, documented.String(), "### "+name+"\n", "%s", page)
		}
	}
}

// validated lets the collector validate the configurations of a command, from the top of the repository.
func validated(t *testing.T, root, command string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), harness.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", strings.Replace(command, "otelcol-llm --", harness.Binary(t)+" validate --", 1))
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	assert.NoError(t, err, "%s\n%s", command, output)
}

// Who starts quickly sends the span of the page, and finds its request.
func TestTheSpanOfTheQuickStartCounts(t *testing.T) {
	t.Parallel()
	page, err := repo.Path("docs", "quick-start.md")
	require.NoError(t, err)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	c := harness.Start(t, nil, harness.DefaultConfig(t), "testdata/config/fast_flush.yaml")
	sent := false
	for _, found := range commands.FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(found[2], "/v1/traces") {
			command := strings.ReplaceAll(found[2], "127.0.0.1:4318", c.Address(collector.OTLPHTTP))
			output, err := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput()
			require.NoError(t, err, string(output))
			sent = true
		}
	}
	require.True(t, sent, "a command that sends a span")
	c.WaitForSum(collector.Prometheus, "llm_requests_total", promtext.Labels{"service_name": "my-app", "gen_ai_request_model": "gpt-5", "llm_outcome": "success"}, 1)
}
