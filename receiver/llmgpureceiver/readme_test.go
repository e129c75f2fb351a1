// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The table of the README names each metric, in full or by its end after another one of the row.
func TestTheReadmeNamesEveryMetric(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	documentation, err := os.ReadFile("documentation.md")
	require.NoError(t, err)
	named := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \|`).FindAllStringSubmatch(string(readme), -1) {
		whole := ""
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			name := m[1]
			if !strings.HasPrefix(name, ".") {
				whole = name
			}
			named[name] = true
			for i := range len(whole) {
				if whole[i] == '.' {
					named[whole[:i]+name] = true
				}
			}
		}
	}
	metrics, _, _ := strings.Cut(string(documentation), "\n## Internal Telemetry")
	found := regexp.MustCompile(`(?m)^### (\S+)$`).FindAllStringSubmatch(metrics, -1)
	require.Greater(t, len(found), 50)
	for _, m := range found {
		if strings.HasPrefix(m[1], "hw.") || strings.HasPrefix(m[1], "nvidia.") {
			assert.True(t, named[m[1]], "README.md has no row for %s", m[1])
		}
	}
}
