// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMarkerByHandIsRefused(t *testing.T) {
	executable, err := os.Executable()
	require.NoError(t, err)
	cmd := &exec.Cmd{Path: executable, Args: []string{Marker}}
	output, err := cmd.CombinedOutput()
	require.Error(t, err)
	assert.Equal(t, exitMisused, cmd.ProcessState.ExitCode())
	assert.Contains(t, string(output), "starts by itself")
}

func TestEnvironmentIsMinimal(t *testing.T) {
	t.Setenv("LD_BIND_NOW", "1")
	t.Setenv("LD_LIBRARY_PATH", "/somewhere")
	t.Setenv("API_TOKEN", "secret")
	t.Setenv("GOMEMLIMIT", "80GiB")
	env := environment(os.Environ())
	assert.Contains(t, env, "LD_LIBRARY_PATH=/somewhere")
	for _, variable := range env {
		assert.NotContains(t, variable, "LD_BIND_NOW")
		assert.NotContains(t, variable, "secret")
		assert.NotContains(t, variable, "80GiB", "what is meant for the collector")
	}
}

// The helper starts early and small only if its package needs little.
func TestImportsOnlyStandardLibraryAndNVML(t *testing.T) {
	output, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	const own = "github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/"
	assert.ElementsMatch(t, []string{
		own + "helper", own + "gpu", own + "nvml", own + "nvml/symbols",
		"github.com/NVIDIA/go-nvml/pkg/nvml", "github.com/NVIDIA/go-nvml/pkg/dl",
	}, strings.Fields(string(output)))
}

// What a program says first names the cause, and what a library says last, too.
func TestTheReportOfACrashHasBeginningAndEnd(t *testing.T) {
	var whole, long tail
	for _, part := range []string{"fatal error: ", "out of\n memory\n"} {
		_, err := whole.Write([]byte(part))
		require.NoError(t, err)
	}
	assert.Equal(t, "fatal error: out of memory", whole.String())
	for range 100 {
		_, err := long.Write([]byte("fatal error, goroutine 7 [running], "))
		require.NoError(t, err)
	}
	_, err := long.Write([]byte("the end"))
	require.NoError(t, err)
	said := long.String()
	assert.True(t, strings.HasPrefix(said, "fatal error, goroutine 7") && strings.HasSuffix(said, "the end"), said)
	assert.LessOrEqual(t, len(said), headSize+tailSize+10)
}
