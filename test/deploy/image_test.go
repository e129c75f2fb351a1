// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxImageSize is what the image may take up, in bytes: the binary is 148 MB of it.
const maxImageSize = 170_000_000

// run runs a program and returns what it printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := exec.Command(name, args...)
	command.Stdout, command.Stderr = &stdout, &stderr
	require.NoError(t, command.Run(), "%s %s\n%s%s", name, strings.Join(args, " "), &stdout, &stderr)
	return strings.TrimSpace(stdout.String())
}

// setting returns a variable that the Makefile sets.
func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	require.NotEmpty(t, value, "%s is not set: run the tests with make test-image or make test-chart", name)
	return value
}

func port(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// start runs the image as an unprivileged, read-only container, and returns its id.
func start(t *testing.T, image string, args ...string) string {
	t.Helper()
	// The limits are for machines where nobody may raise them.
	args = append([]string{
		"--runtime", "runc", "run", "-d", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
		"--read-only", "--cap-drop=ALL", "--security-opt", "no-new-privileges",
	}, append(args, image)...)
	id := run(t, "podman", args...)
	t.Cleanup(func() { run(t, "podman", "rm", "-f", "-t", "10", id) })
	return id
}

func TestTheImageCountsASpan(t *testing.T) {
	image := setting(t, "OTELCOL_LLM_IMAGE")
	check := setting(t, "OTELCOL_LLM_CHECK_BINARY")
	otlp, metrics, health := port(t), port(t), port(t)
	id := start(t, image, "-p", otlp+":4318", "-p", metrics+":9464", "-p", health+":13133")

	require.Eventually(t, func() bool {
		response, err := http.Get("http://" + health + "/")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 30*time.Second, 50*time.Millisecond)
	assert.Contains(t, run(t, check, "-spans", "3", "-endpoint", "http://"+otlp, "-metrics", "http://"+metrics+"/metrics"), "sent 3, counted 3")

	run(t, "podman", "exec", id, "/otelcol-llm-check", "-health", "http://127.0.0.1:13133/")
	assert.Error(t, exec.Command("podman", "exec", id, "/bin/sh", "-c", "true").Run(), "the image has no shell")
}

// GOGC=400 alone would fill a small container until it is killed.
func TestTheImageFitsGarbageToTheMemoryLimit(t *testing.T) {
	for limit, want := range map[string][]string{"256m": {"GOMEMLIMIT=201326592", "GOGC=400"}, "0": nil} {
		id := start(t, setting(t, "OTELCOL_LLM_IMAGE"), "--memory", limit)
		environment := ""
		require.Eventually(t, func() bool {
			content, err := os.ReadFile("/proc/" + run(t, "podman", "inspect", "-f", "{{.State.Pid}}", id) + "/environ")
			environment = string(content)
			command, _ := os.ReadFile("/proc/" + run(t, "podman", "inspect", "-f", "{{.State.Pid}}", id) + "/cmdline")
			return err == nil && strings.HasPrefix(string(command), "/otelcol-llm\x00")
		}, 10*time.Second, 50*time.Millisecond)
		for _, variable := range want {
			assert.Contains(t, environment, variable+"\x00")
		}
		assert.Equal(t, want != nil, strings.Contains(environment, "GOGC="))
	}
}

func TestTheImageIsWhatItSays(t *testing.T) {
	image := setting(t, "OTELCOL_LLM_IMAGE")
	var inspected []struct {
		Size   int64
		Config struct {
			User       string
			Env        []string
			Entrypoint []string
			Labels     map[string]string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(run(t, "podman", "inspect", "--type", "image", image)), &inspected))
	require.Len(t, inspected, 1)
	found := inspected[0]
	assert.LessOrEqual(t, found.Size, int64(maxImageSize))
	assert.Equal(t, "65532:65532", found.Config.User)
	assert.Equal(t, []string{"/otelcol-llm-start"}, found.Config.Entrypoint)
	assert.Contains(t, found.Config.Env, "NVIDIA_DRIVER_CAPABILITIES=utility")
	assert.Equal(t, setting(t, "OTELCOL_LLM_VERSION"), found.Config.Labels["org.opencontainers.image.version"])
	assert.NotEqual(t, "unknown", found.Config.Labels["org.opencontainers.image.revision"])
}

// buildAgain builds the image from the same binaries, with the same labels. It returns a field of what podman shows of it.
func buildAgain(t *testing.T, format, field string) string {
	t.Helper()
	labels := `{{index .Config.Labels "org.opencontainers.image.version"}} {{index .Config.Labels "org.opencontainers.image.revision"}}`
	fields := strings.Fields(run(t, "podman", "inspect", "--type", "image", "-f", labels, setting(t, "OTELCOL_LLM_IMAGE")))
	require.Len(t, fields, 2)
	again := "localhost/otelcol-llm-again:" + format
	run(t, "podman", "build", "--layers=false", "--format", format, "--timestamp", "0",
		"--build-arg", "TARGETARCH=amd64", "--build-arg", "VERSION="+fields[0], "--build-arg", "REVISION="+fields[1],
		"--build-arg", "BUILDER="+setting(t, "OTELCOL_LLM_IMAGE_BUILDER"), "--build-arg", "BASE="+setting(t, "OTELCOL_LLM_IMAGE_BASE"),
		"-t", again, "../..")
	t.Cleanup(func() { run(t, "podman", "rmi", again) })
	return run(t, "podman", "inspect", "--type", "image", "-f", field, again)
}

// What is in the image does not depend on when and where it was built.
func TestTheImageIsReproducible(t *testing.T) {
	first := run(t, "podman", "inspect", "--type", "image", "-f", "{{.Digest}}", setting(t, "OTELCOL_LLM_IMAGE"))
	assert.Equal(t, first, buildAgain(t, "oci", "{{.Digest}}"))
}

// OCI's format has no place for a health check; Docker's has.
func TestTheImageHasAHealthCheckForDocker(t *testing.T) {
	assert.Contains(t, buildAgain(t, "docker", "{{.HealthCheck}}"), "/otelcol-llm-check -health")
}
