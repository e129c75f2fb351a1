// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (amd64 || arm64)

package symbols

import (
	"testing"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// Whoever uses go-nvml in the same program finds it as before, but for what ended the program. That were calls before the
// library is loaded, after it is closed, and to what it lacks.
func TestGoNVMLWithStubs(t *testing.T) {
	driver := fakenvml.New(t, "l4", "nvmlDeviceGetMarginTemperature", "nvmlErrorString")
	library := nvml.New(nvml.WithLibraryPath(driver.Library))
	_, ret := library.DeviceGetCount()
	assert.Equal(t, nvml.ERROR_FUNCTION_NOT_FOUND, ret, "before the library is loaded")
	names := []string{"nvmlDeviceGetCount_v2", "nvmlDeviceGetMarginTemperature"}
	assert.Equal(t, names, Missing(names))

	for range 2 {
		assert.Equal(t, nvml.SUCCESS, library.Init())
		count, ret := library.DeviceGetCount()
		assert.Equal(t, nvml.SUCCESS, ret)
		assert.Equal(t, 1, count)
		device, _ := library.DeviceGetHandleByIndex(0)
		power, ret := device.GetPowerUsage()
		assert.Equal(t, nvml.SUCCESS, ret)
		assert.EqualValues(t, 55000, power)
		_, ret = device.GetMarginTemperature()
		assert.Equal(t, nvml.ERROR_FUNCTION_NOT_FOUND, ret)
		assert.Empty(t, ret.Error(), "the driver's own text is lacking")
		assert.Equal(t, names[1:], Missing(names))
		assert.Equal(t, nvml.SUCCESS, library.Shutdown())
	}
	count, ret := library.DeviceGetCount()
	assert.Equal(t, nvml.SUCCESS, ret, "the library stays mapped")
	assert.Equal(t, 1, count)
}
