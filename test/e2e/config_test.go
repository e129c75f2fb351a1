// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
)

// The config that people start with is valid as it stands.
func TestDefaultConfigIsValid(t *testing.T) {
	output, code := run(t, "validate", "--config=file:"+harness.DefaultConfig(t))
	assert.Zero(t, code, output)
}

// What a variable holds may look like a number where a text is wanted.
func TestSettingsMayComeOutOfVariables(t *testing.T) {
	output, code := run(t, "validate", "--config=file:"+harness.DefaultConfig(t), "--config=file:testdata/variables.yaml")
	assert.Zero(t, code, output)
}

// A mistake in a config is refused before anything runs, with an error that says what to change. What the
// error must say lies beside each config, one fragment per line.
func TestMistakesInConfigsAreNamed(t *testing.T) {
	for _, folder := range []struct {
		path string
		args []string
	}{
		{"testdata/bad", []string{"validate"}},
		// What depends on other pipelines shows when the components start.
		{"testdata/bad/start", nil},
	} {
		files, err := filepath.Glob(filepath.Join(folder.path, "*.yaml"))
		require.NoError(t, err)
		require.NotEmpty(t, files, "configs in %s", folder.path)
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
				want, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".want")
				require.NoError(t, err)
				output, code := run(t, append(folder.args, "--config=file:"+file)...)
				assert.NotZero(t, code, "exit code")
				for fragment := range strings.Lines(string(want)) {
					assert.Contains(t, output, strings.TrimSuffix(fragment, "\n"))
				}
			})
		}
	}
}

// run runs the collector until it ends by itself.
func run(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), harness.Patience)
	defer cancel()
	output, code, err := collector.Run(ctx, harness.Binary(t), nil, args...)
	require.NoError(t, err, output)
	return output, code
}
