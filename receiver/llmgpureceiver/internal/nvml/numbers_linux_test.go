// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (amd64 || arm64)

package nvml

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

var (
	update     = flag.Bool("update", false, "add the header of the required go-nvml to testdata/numbers.tsv")
	headerFile = flag.String("header", "", "with -update, another header, older ones first")
)

// meaning is what a number of the driver's headers meant. It holds from the first header to the last one that says so.
type meaning struct {
	kind, name  string
	number      int
	first, last string
}

const numbersFile = "testdata/numbers.tsv"

// define is a number of a family that has no type of its own in C. Families are ids of fields, architectures, events, reasons for
// lower clocks. The ends of families and names of the same number from before are left out.
var define = regexp.MustCompile(`(?m)^\s*#define\s+((?:NVML_FI_|NVML_DEVICE_ARCH_|nvmlEventType|nvmlClocksEventReason)\w+)\s+\(?(0x[0-9a-fA-F]+|\d+)`)

var headerVersion = regexp.MustCompile(`NVML VERSION: ([0-9.]+)`)

func kindOf(name string) string {
	for _, prefix := range []string{"NVML_FI", "NVML_DEVICE_ARCH", "nvmlEventType", "nvmlClocksEventReason"} {
		if strings.HasPrefix(name, prefix) {
			return prefix
		}
	}
	return ""
}

// readHeader returns the numbers of a header, and its version.
func readHeader(t *testing.T, file string) (version string, numbers []meaning) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	match := headerVersion.FindSubmatch(content)
	require.NotNil(t, match, "the header names no version")
	version = string(match[1])
	for _, m := range define.FindAllSubmatch(content, -1) {
		number, err := strconv.ParseInt(string(m[2]), 0, 64)
		require.NoError(t, err)
		name := string(m[1])
		if name != "NVML_FI_MAX" && name != "NVML_DEVICE_ARCH_UNKNOWN" {
			numbers = append(numbers, meaning{kindOf(name), name, int(number), version, version})
		}
	}
	return version, numbers
}

func requiredHeader(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/NVIDIA/go-nvml/pkg/nvml").Output()
	require.NoError(t, err)
	return filepath.Join(strings.TrimSpace(string(dir)), "nvml.h")
}

func readNumbers(t *testing.T) (all []meaning) {
	t.Helper()
	file, err := os.Open(numbersFile)
	require.NoError(t, err)
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		parts := strings.Split(lines.Text(), "\t")
		require.Len(t, parts, 5, lines.Text())
		number, err := strconv.Atoi(parts[1])
		require.NoError(t, err)
		all = append(all, meaning{parts[0], parts[2], number, parts[3], parts[4]})
	}
	return all
}

// compareVersions orders versions of headers.
func compareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, _ := strconv.Atoi(as[i])
		y, _ := strconv.Atoi(bs[i])
		if x != y {
			return x - y
		}
	}
	return len(as) - len(bs)
}

// merge adds the numbers of a header that is newer than those before.
func merge(all, header []meaning) []meaning {
	for _, m := range header {
		i := slices.IndexFunc(all, func(old meaning) bool { return old.kind == m.kind && old.number == m.number && old.name == m.name })
		switch {
		case i < 0:
			all = append(all, m)
		case compareVersions(all[i].last, m.last) < 0:
			all[i].last = m.last
		}
	}
	slices.SortFunc(all, func(a, b meaning) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.number, b.number), compareVersions(a.first, b.first), cmp.Compare(a.name, b.name))
	})
	return all
}

// reused returns the numbers that meant different things in different headers.
func reused(all []meaning) map[string]map[int][]meaning {
	byKind := map[string]map[int][]meaning{}
	for _, m := range all {
		if byKind[m.kind] == nil {
			byKind[m.kind] = map[int][]meaning{}
		}
		byKind[m.kind][m.number] = append(byKind[m.kind][m.number], m)
	}
	for _, numbers := range byKind {
		for number, meanings := range numbers {
			if len(meanings) < 2 {
				delete(numbers, number)
			}
		}
	}
	return byKind
}

// The header of the required go-nvml is among those whose numbers are compared. Run with -update after an update of go-nvml, and
// look at what changed.
func TestNumbersOfRequiredHeaderAreKnown(t *testing.T) {
	if *update {
		var all []meaning
		if _, err := os.Stat(numbersFile); err == nil {
			all = readNumbers(t)
		}
		_, header := readHeader(t, cmp.Or(*headerFile, requiredHeader(t)))
		var b strings.Builder
		for _, m := range merge(all, header) {
			fmt.Fprintf(&b, "%s\t%d\t%s\t%s\t%s\n", m.kind, m.number, m.name, m.first, m.last)
		}
		require.NoError(t, os.WriteFile(numbersFile, []byte(b.String()), 0o644))
	}
	version, header := readHeader(t, requiredHeader(t))
	require.Greater(t, len(header), 300)
	all := readNumbers(t)
	for _, m := range header {
		i := slices.IndexFunc(all, func(known meaning) bool {
			return known.kind == m.kind && known.number == m.number && known.name == m.name && known.last == version
		})
		assert.GreaterOrEqual(t, i, 0, "%s is %d in header %s: run this test with -update", m.name, m.number, version)
	}
}

// releases are the driver's releases that headers came with.
var releases = map[string]int{
	"12.0.76": 525, "12.4.127": 550, "12.9.40": 575, "13.0.39": 580, "13.1.115": 590, "13.3.29": 600, "13.4.92": 610,
}

// names are what the headers call those fields whose numbers changed.
var names = map[gpu.Key]string{
	gpu.ThrottleSoftwareThermal:    "NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN",
	gpu.ThrottleHardwareThermal:    "NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN",
	gpu.ThrottleHardwarePowerBrake: "NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN",
}

// A number that means one thing to one driver and another to the next is asked only of some. Those are the drivers that mean
// ours.
func TestReusedFieldsAreBoundedByRelease(t *testing.T) {
	all := readNumbers(t)
	again := reused(all)["NVML_FI"]
	require.Len(t, again, 23, "numbers 251 to 273: a new one may be a field that is read here")
	for header, release := range releases {
		asked := map[int]gpu.Key{}
		for _, f := range append(fieldsOf(release), linkFields...) {
			if again[int(f.id)] != nil {
				asked[int(f.id)] = f.key
			}
		}
		for number, meanings := range again {
			for _, m := range meanings {
				if compareVersions(m.first, header) > 0 || compareVersions(header, m.last) > 0 {
					continue
				}
				key, is := asked[number]
				ours := slices.ContainsFunc(all, func(m meaning) bool { return m.number == number && names[key] == m.name })
				if is {
					assert.True(t, ours, "%d is read as %s", number, key)
					assert.Equal(t, names[key], m.name, "%d in header %s", number, header)
				} else {
					for _, name := range names {
						assert.NotEqual(t, name, m.name, "%d in header %s is not read", number, header)
					}
				}
			}
		}
	}
	for _, unknown := range []int{0, 525, 550, 565} {
		for _, f := range fieldsOf(unknown) {
			assert.Nil(t, again[int(f.id)], "release %d", unknown)
		}
	}
}

// Architectures and events are numbers too.
func TestReusedArchitecturesAndEventsAreNotNamed(t *testing.T) {
	again := reused(readNumbers(t))
	for number := range again["NVML_DEVICE_ARCH"] {
		assert.NotContains(t, architectures, nvml.DeviceArchitecture(number))
	}
	assert.Empty(t, again["nvmlEventType"])
	assert.Empty(t, again["nvmlClocksEventReason"])
}

func TestReleaseOfLibrary(t *testing.T) {
	for version, want := range map[string]int{
		"13.580.95.05": 580, "12.550.127.05": 550, "13.590.44": 590, "": 0, "580": 0, "13": 0, "13.x.1": 0, "N/A": 0,
	} {
		assert.Equal(t, want, release(version), version)
	}
}
