// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// below finds the config on top of which another one is to be used, in the latter's first line.
var below = regexp.MustCompile(`^# On top of (\S+\.yaml)`)

// People copy the examples: each is valid as it stands, with no variable set.
func TestEveryExampleIsValid(t *testing.T) {
	examples, err := repo.Path("examples")
	require.NoError(t, err)
	found := 0
	require.NoError(t, filepath.WalkDir(examples, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" || strings.HasPrefix(entry.Name(), "rules") {
			return err // rules are Prometheus's
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if !isConfiguration(text) {
			return nil // of Kubernetes, or another program's
		}
		found++
		name, err := filepath.Rel(examples, path)
		require.NoError(t, err)
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			output, code := run(t, append([]string{"validate"}, configFlags(t, path)...)...)
			assert.Zero(t, code, output)
		})
		return nil
	}))
	require.NotZero(t, found, "configs in %s", examples)
}

// configFlags name a config after those that it is used on top of.
func configFlags(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var flags []string
	switch base := below.FindSubmatch(text); {
	case base != nil:
		flags = configFlags(t, filepath.Join(filepath.Dir(path), string(base[1])))
	case !bytes.Contains(text, []byte("\nexporters:")): // a part, which sends nothing by itself
		flags = configFlags(t, harness.DefaultConfig(t))
	default:
	}
	return append(flags, "--config=file:"+path)
}
