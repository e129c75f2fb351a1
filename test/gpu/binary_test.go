// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"debug/elf"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// The binary needs no NVML symbol from outside and asks for no immediate binding. That would end it at start on every machine
// without a driver.
func TestBinaryHasNoUndefinedNVMLSymbol(t *testing.T) {
	file, err := elf.Open(binary(t))
	require.NoError(t, err)
	defer file.Close()
	imported, err := file.ImportedSymbols()
	require.NoError(t, err)
	for _, symbol := range imported {
		assert.False(t, strings.HasPrefix(symbol.Name, "nvml"), symbol.Name)
	}
	for tag, bit := range map[elf.DynTag]uint64{elf.DT_FLAGS: uint64(elf.DF_BIND_NOW), elf.DT_FLAGS_1: uint64(elf.DF_1_NOW)} {
		values, err := file.DynValue(tag)
		require.NoError(t, err)
		for _, value := range values {
			assert.Zero(t, value&bit, tag)
		}
	}
	now, err := file.DynValue(elf.DT_BIND_NOW)
	require.NoError(t, err)
	assert.Empty(t, now)
}

func TestServesWithImmediateBinding(t *testing.T) {
	c := launch(t, fakenvml.New(t, "l4"), options{environment: []string{"LD_BIND_NOW=1"}})
	c.gpuMetrics()
}

// Without a driver the collector starts, serves, and has no second process; so it does with immediate binding.
func TestServesWithoutDriverAndLibrary(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	driver.Unload()
	driver.Remove()
	c := launch(t, driver, options{environment: []string{"LD_BIND_NOW=1"}})
	c.down("no_device")
	assert.Empty(t, c.helpers())
	assert.True(t, c.tracesWork())
	assert.NotContains(t, c.log.String(), `"level":"error"`)
}

func TestHelperByHandIsRefused(t *testing.T) {
	cmd := &exec.Cmd{Path: binary(t), Args: []string{helperMarker, "/somewhere"}}
	output, err := cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(output), "run this program under another name")
	assert.Less(t, len(output), 300, "a plain message")
}

func TestWrongConfigurationsAreNamed(t *testing.T) {
	for name, test := range map[string]struct{ settings, message string }{
		"interval":         {"collection_interval: 1ms", "collection_interval: must be at least 100ms, got 1ms"},
		"metric":           {"metrics: {hw.gpu.utilisation: {enabled: true}}", "hw.gpu.utilisation"},
		"relative library": {"library_path: libnvidia-ml.so.1", "must be an absolute path"},
		"deadline":         {"timeout: 5m", "timeout: must be at most collection_interval (15s)"},
		"no deadline":      {"timeout: 0s", "timeout: must be above 0"},
		"delays":           {"helper: {restart_delay: 5m}", "max_restart_delay: must be at least restart_delay (5m0s), got 1m0s"},
		"release":          {"release: {file: here}", `file: must be an absolute path, got "here"`},
		"key":              {"intervall: 3s", "intervall"},
	} {
		t.Run(name, func(t *testing.T) {
			config := "receivers: {llm_gpu: {" + test.settings + "}}\nexporters: {otlp_http: {endpoint: http://127.0.0.1:1}}\n" +
				"service: {pipelines: {metrics: {receivers: [llm_gpu], exporters: [otlp_http]}}}\n"
			output, err := exec.Command(binary(t), "validate", "--config", "file:"+writeFile(t, config)).CombinedOutput()
			require.Error(t, err)
			assert.Contains(t, string(output), test.message)
		})
	}
}
