// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the top of the repository.
const root = "../.."

// shipped returns the files in which people find rules, queries or dashboards and whose name fits a pattern.
func shipped(t *testing.T, pattern string) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch fits, _ := filepath.Match(pattern, filepath.Base(path)); {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "_build" || strings.HasPrefix(entry.Name(), ".") && path != root):
			return filepath.SkipDir
		case fits && !entry.IsDir():
			files = append(files, path)
		}
		return nil
	}))
	return files
}

// ruleFiles returns the files of rules and those of their tests.
func ruleFiles(t *testing.T) (rules, tests []string) {
	t.Helper()
	for _, file := range shipped(t, "rules*.yaml") {
		if strings.HasSuffix(file, "_test.yaml") {
			tests = append(tests, file)
		} else {
			rules = append(rules, file)
		}
	}
	require.NotEmpty(t, rules)
	return rules, tests
}

func promtool(t *testing.T, args ...string) {
	t.Helper()
	binary := os.Getenv("PROMTOOL_BINARY")
	if binary == "" {
		t.Fatal("PROMTOOL_BINARY is not set: it must hold the path of promtool, which 'make test' builds")
	}
	output, err := exec.Command(binary, args...).CombinedOutput()
	assert.NoError(t, err, "%s", output)
}

func TestPrometheusTakesTheRules(t *testing.T) {
	rules, _ := ruleFiles(t)
	for _, file := range rules {
		t.Run(file, func(t *testing.T) { promtool(t, "check", "rules", "--lint=all", "--lint-fatal", file) })
	}
}

func TestRulesDoWhatTheirTestsSay(t *testing.T) {
	rules, tests := ruleFiles(t)
	for _, file := range rules {
		assert.Contains(t, tests, strings.TrimSuffix(file, ".yaml")+"_test.yaml", "rules without tests")
	}
	for _, file := range tests {
		t.Run(file, func(t *testing.T) { promtool(t, "test", "rules", file) })
	}
}

const repository = "https://github.com/otelcol-llm/otelcol-llm/blob/main/"

// Who is paged at night follows the link of the alert.
func TestEveryRunbookExists(t *testing.T) {
	link := regexp.MustCompile(`runbook_url: (\S+)`)
	rules, _ := ruleFiles(t)
	for _, file := range rules {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			page, heading, _ := strings.Cut(strings.TrimPrefix(found[1], repository), "#")
			content, err := os.ReadFile(filepath.Join(root, page))
			require.NoError(t, err, "%s: %s", file, found[1])
			assert.Regexp(t, `(?mi)^#+ `+regexp.QuoteMeta(heading)+`$`, string(content), file)
		}
	}
}
