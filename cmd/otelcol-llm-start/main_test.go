// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMemoryLimit(t *testing.T) {
	for name, test := range map[string]struct {
		file, content string
		want          int64
	}{
		"version 2":                  {"memory.max", "536870912\n", 536870912},
		"version 2 without a limit":  {"memory.max", "max\n", 0},
		"version 1":                  {"memory/memory.limit_in_bytes", "268435456\n", 268435456},
		"version 1 without a limit":  {"memory/memory.limit_in_bytes", "9223372036854771712\n", 0},
		"nothing that can be read":   {"memory.max", "", 0},
		"no cgroups, as on a laptop": {"other", "1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), test.file)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte(test.content), 0o600))
			root := filepath.Dir(path)
			if filepath.Base(root) == "memory" {
				root = filepath.Dir(root)
			}
			assert.Equal(t, test.want, memoryLimit(root))
		})
	}
}

func TestEnvironment(t *testing.T) {
	assert.Equal(t, []string{"A=1", "GOMEMLIMIT=402653184", "GOGC=400"}, environment([]string{"A=1"}, 512<<20))
	assert.Equal(t, []string{"A=1"}, environment([]string{"A=1"}, 0), "GOGC=400 alone is no bound")
	assert.Equal(t, []string{"GOGC=100", "GOMEMLIMIT=402653184"}, environment([]string{"GOGC=100"}, 512<<20))
	assert.Equal(t, []string{"GOMEMLIMIT=1GiB", "GOGC=400"}, environment([]string{"GOMEMLIMIT=1GiB"}, 0))
	assert.Equal(t, []string{"GOMEMLIMIT=off", "GOGC=50"}, environment([]string{"GOMEMLIMIT=off", "GOGC=50"}, 512<<20))
}
