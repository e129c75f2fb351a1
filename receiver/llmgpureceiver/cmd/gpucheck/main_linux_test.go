// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (amd64 || arm64)

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// The check names source, value and what is lacking, and what it captures is a profile with the same answers.
func TestCheckCapturesAProfile(t *testing.T) {
	driver := fakenvml.New(t, "h100", "nvmlDeviceGetTemperatureV")
	driver.Set("count 1", "field.197 ull 123456700000+100000/s")
	file := filepath.Join(t.TempDir(), "captured.conf")
	var out strings.Builder
	require.NoError(t, check(&out, driver.Library, file))
	for _, line := range []string{
		`driver 580\.95\.05, library 13\.580\.95\.05, CUDA 13\.0`,
		`missing: nvmlDeviceGetTemperatureV`,
		`nvmlDeviceGetPowerUsage +\S+ +power\.draw +612345 +mW`,
		`nvmlDeviceGetFieldValues\(185\) +7µs +uint32 +power\.draw +612345 +mW`,
		`nvmlDeviceGetFieldValues\(138@17\) +7µs +uint64 +nvlink\.transmitted +284443648 +By`,
		`251 +0 +7µs +uint64 +2000000000 +2000000000 +0`,
		`197 +0 +7µs +uint64 +\d{12} +\d{12} +\d{6}`,
		`269 +0 +0s +not_supported`,
		`138 +all +7µs +uint64 +5000000`,
		`nvmlDeviceGetTemperatureV +\S+ +function_not_found`,
		`nvmlDeviceGetFanSpeed +\S+ +not_supported`,
		`10 collections of every quantity`,
	} {
		assert.Regexp(t, line, out.String())
	}
	captured, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, line := range []string{
		"power 612345", "field.185 ull 612345", "field.138@0 ull 277777", "samples.1 95 100", "memory.total 85520809984",
		"nvlink.links 18", "fabric.health 1", "temperature.margin 22", "cuda 13000",
	} {
		assert.Contains(t, string(captured), line+"\n")
	}
	assert.NotContains(t, string(captured), "00000100", "no identity")

	// The library is loaded: the captured profile takes the place of the first.
	driver.Set(strings.Split("count 1\n"+string(captured), "\n")...)
	again := filepath.Join(t.TempDir(), "again.conf")
	require.NoError(t, check(&out, driver.Library, again))
	second, err := os.ReadFile(again)
	require.NoError(t, err)
	samples := regexp.MustCompile(`(?m)^samples.*\n`) // are captured as mean and peak, whose mean is another
	assert.Equal(t, samples.ReplaceAllString(string(captured), ""), samples.ReplaceAllString(string(second), ""))
}
