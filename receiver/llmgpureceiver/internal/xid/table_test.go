// SPDX-License-Identifier: Apache-2.0

package xid

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCatalogue(t *testing.T) {
	for code, entry := range table {
		assert.NotEmpty(t, entry.Mnemonic, code)
		assert.NotEmpty(t, entry.Description, code)
		assert.NotEqual(t, Unknown, entry.Action, code)
	}
	// Lists that others keep got these wrong at some time.
	assert.Equal(t, RestartApp, Of(94).Action)
	assert.Equal(t, ResetGPU, Of(109).Action)
	assert.Equal(t, Info, Of(137).Action.Severity(), "an error of a program, though its name has NVLink in it")
	assert.Equal(t, Fatal, Of(79).Action.Severity())
	assert.Equal(t, Entry{Description: "error 999 of the driver"}, Of(999))
	names := map[string]bool{}
	for _, action := range Actions() {
		assert.NotEmpty(t, action.Text())
		assert.False(t, names[action.String()], action)
		names[action.String()] = true
	}
}

// The alert on XIDs pages for those that ask for more than a look at the program.
func TestAlertIsOnSevereCodes(t *testing.T) {
	rules, err := os.ReadFile("../../../../deploy/prometheus/rules_gpu.yaml")
	require.NoError(t, err)
	match := regexp.MustCompile(`nvidia_gpu_xid=~"([0-9|]+)"`).FindSubmatch(rules)
	require.NotNil(t, match)
	var severe []string
	for code, entry := range table {
		if entry.Action.Severity() >= Error {
			severe = append(severe, strconv.Itoa(int(code)))
		}
	}
	alerted := strings.Split(string(match[1]), "|")
	slices.Sort(severe)
	slices.Sort(alerted)
	assert.Equal(t, severe, alerted)
}
