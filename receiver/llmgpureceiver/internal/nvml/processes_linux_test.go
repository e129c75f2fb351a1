// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (amd64 || arm64)

package nvml

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDriversThatListProcessesInAnotherForm(t *testing.T) {
	for version, badly := range map[string]bool{
		"535.43.02": true, "535.54.03": true, "535.86.10": true, "535.98": false, "535.104.05": false, "535.129.03": false, "535.183.06": false,
		"550.54.15": false, "580.95.05": false, "": false, "garbage": false,
	} {
		assert.Equal(t, badly, listsBadly(version), version)
	}
}
