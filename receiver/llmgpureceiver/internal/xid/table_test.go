// SPDX-License-Identifier: Apache-2.0

package xid

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
