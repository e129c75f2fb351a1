// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"debug/elf"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// emulated is the command that runs a program for arm64 here, with the cross compiler's glibc.
func emulated(ctx context.Context, program string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "qemu-aarch64-static", append([]string{"-L", "/usr/aarch64-linux-gnu", program}, args...)...)
}

// The binaries of the image for arm64 start, and the collector gets ready and counts a span.
func TestArm64BinariesRun(t *testing.T) {
	dir := setting(t, "OTELCOL_LLM_ARM64_BINARIES")
	binary := filepath.Join(dir, "otelcol-llm")
	file, err := elf.Open(binary)
	require.NoError(t, err)
	assert.Equal(t, elf.EM_AARCH64, file.Machine)
	require.NoError(t, file.Close())
	version, err := emulated(t.Context(), binary, "--version").Output()
	require.NoError(t, err)
	assert.Equal(t, "otelcol-llm version "+setting(t, "OTELCOL_LLM_VERSION")+"\n", string(version))

	ports := map[string]string{}
	env := os.Environ()
	for _, name := range []string{"OTLP_GRPC", "OTLP_HTTP", "PROMETHEUS", "HEALTH", "TELEMETRY"} {
		ports[name] = port(t)
		_, number, err := net.SplitHostPort(ports[name])
		require.NoError(t, err)
		env = append(env, "OTELCOL_LLM_"+name+"_PORT="+number)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	collector := emulated(ctx, binary, "--config=../../config.yaml")
	collector.Env, collector.Stdout, collector.Stderr = env, log, log
	started := time.Now()
	require.NoError(t, collector.Start())
	t.Cleanup(func() {
		stop()
		assert.Error(t, collector.Wait(), "it was ended")
		assert.NoError(t, log.Close())
	})
	ready := assert.Eventually(t, func() bool {
		response, err := http.Get("http://" + ports["HEALTH"] + "/")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 2*time.Minute, 100*time.Millisecond)
	if !ready {
		content, _ := os.ReadFile(log.Name())
		t.Fatalf("%s", content)
	}
	t.Logf("ready after %.1f s under emulation", time.Since(started).Seconds())
	check := emulated(t.Context(), filepath.Join(dir, "otelcol-llm-check"), "-endpoint", "http://"+ports["OTLP_HTTP"], "-metrics", "http://"+ports["PROMETHEUS"]+"/metrics")
	output, err := check.CombinedOutput()
	require.NoError(t, err, "%s", output)
	assert.Contains(t, string(output), "sent 1, counted 1")
}
