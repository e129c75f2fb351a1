// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// ofThrottling are fields whose numbers changed between releases: profiles name them by what they are.
var ofThrottling = map[gpu.Key]bool{gpu.ThrottleSoftwareThermal: true, gpu.ThrottleHardwareThermal: true, gpu.ThrottleHardwarePowerBrake: true}

// A field that no profile of the fake driver answers is read by no test.
func TestEveryFieldIsInAProfile(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "internal", "fakenvml", "profiles", "*.conf"))
	require.NoError(t, err)
	var profiles strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		profiles.WriteString("\n" + string(text))
	}
	for _, f := range fields {
		if ofThrottling[f.key] {
			continue
		}
		line := fmt.Sprintf("\nfield.%d", f.id)
		there := strings.Contains(profiles.String(), line+" ") || strings.Contains(profiles.String(), line+"@")
		assert.True(t, there, "no profile of internal/fakenvml has a line field.%d for %s", f.id, f.key)
	}
}
