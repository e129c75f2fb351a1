// SPDX-License-Identifier: Apache-2.0

// Package recipes tries the recipes of CONTRIBUTING.md in a copy of the repository, as a new contributor would.
package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// step is one block of a recipe. It holds what to write where, and what the tests say if it is left out.
type step struct{ how, file, at, forgotten, text string }

var (
	heading = regexp.MustCompile(`(?m)^## Add `)
	block   = regexp.MustCompile(`(?s)<!-- (create|append|after|before|after-row) (\S+)(?: "([^"]+)")? without: (.*?) -->\n+` + "```" + `\w*\n(.*?)` + "```")
)

// end is how a recipe ends.
type end struct {
	// finish are the commands of go that write what follows from the steps.
	finish [][]string
	// checks is the command of go that must pass.
	checks []string
}

var (
	ofSpans = end{
		[][]string{
			{"test", "./internal/spanreader", "-run", "Corpus", "-update"},
			{"test", "./internal/spanmetrics", "-run", "TestTheContract", "-update"},
			{"generate", "./internal/emitter"},
		},
		[]string{"test", "./internal/fact", "./internal/corpus", "./internal/emitter/...", "./internal/spanreader/...", "./internal/spanmetrics", "./config"},
	}
	ofGPUs = end{
		[][]string{{"generate", "./receiver/llmgpureceiver"}},
		[]string{"test", "./receiver/llmgpureceiver", "./receiver/llmgpureceiver/internal/gpu", "./receiver/llmgpureceiver/internal/nvml"},
	}
	// ends are the ends by the recipe's heading.
	ends = map[string]end{"an emitter": ofSpans, "a metric": ofSpans, "a GPU field": ofGPUs}
)

func TestEachStepOfARecipeIsNeededAndSuffices(t *testing.T) {
	if os.Getenv("RECIPES") == "" {
		t.Skip("takes minutes: make recipes")
	}
	page, err := os.ReadFile(filepath.Join(tracetest.Root(), "CONTRIBUTING.md"))
	require.NoError(t, err)
	tried := 0
	for _, recipe := range heading.Split(string(page), -1)[1:] {
		var steps []step
		for _, m := range block.FindAllStringSubmatch(recipe, -1) {
			steps = append(steps, step{m[1], m[2], m[3], m[4], m[5]})
		}
		tried++
		name, _, _ := strings.Cut(recipe, "\n")
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, steps)
			last, ok := ends[name]
			require.True(t, ok, "no end of recipe %q", name)
			output, passed := last.try(t, steps, -1)
			require.True(t, passed, "%s", output)
			for i := range steps {
				output, passed := last.try(t, steps, i)
				assert.False(t, passed, "nothing fails without %s", steps[i].file)
				assert.Contains(t, output, steps[i].forgotten, "without %s", steps[i].file)
			}
		})
	}
	assert.Equal(t, len(ends), tried)
}

// try follows all steps but one in a copy, and returns what the tests say.
func (e *end) try(t *testing.T, steps []step, without int) (output string, passed bool) {
	t.Helper()
	folder := t.TempDir()
	copied := exec.Command("bash", "-c", `git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -P -t "$0"`, folder)
	copied.Dir = tracetest.Root()
	out, err := copied.CombinedOutput()
	require.NoError(t, err, string(out))
	for i := range steps {
		if i != without {
			steps[i].follow(t, folder)
		}
	}
	run := func(arguments []string) (string, error) {
		command := exec.Command("go", arguments...)
		command.Dir = folder
		command.Env = append(os.Environ(), "PATH="+filepath.Join(tracetest.Root(), ".bin")+":"+os.Getenv("PATH")) // for mdatagen
		out, err := command.CombinedOutput()
		return string(out), err
	}
	for _, arguments := range e.finish {
		out, _ := run(arguments)
		output += out
	}
	checks := e.checks
	if without >= 0 {
		checks = slices.Insert(slices.Clone(checks), 1, "-short") // whether it is named, not whether all else holds
	}
	out2, err := run(checks)
	return output + out2, err == nil
}

func (s *step) follow(t *testing.T, folder string) {
	t.Helper()
	file := filepath.Join(folder, s.file)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	text := s.text
	if s.how != "create" {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		text = s.insert(t, string(raw))
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

// insert returns a file's content with the step's text at its place.
func (s *step) insert(t *testing.T, content string) string {
	t.Helper()
	if s.how == "append" {
		return content + "\n" + s.text
	}
	lines := strings.SplitAfter(content, "\n")
	for i, line := range lines {
		if !strings.Contains(line, s.at) {
			continue
		}
		switch s.how {
		case "after":
			i++
		case "after-row":
			for strings.TrimSpace(lines[i]) != "}," {
				i++
			}
			i++
		default:
		}
		return strings.Join(lines[:i], "") + s.text + strings.Join(lines[i:], "")
	}
	t.Fatalf("%s has no line with %q", s.file, s.at)
	return ""
}
