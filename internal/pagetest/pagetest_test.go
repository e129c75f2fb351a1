// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheFirstDifferencesAreShown(t *testing.T) {
	assert.Empty(t, differences("a\nb\n", "a\nb\n"))
	assert.Equal(t, "line 2:\n- x\n- \n+ b\n+ c\n+ \n", differences("a\nx\n", "a\nb\nc\n"))
	assert.Equal(t, "line 2:\n- \n+ b\n+ \n", differences("a\n", "a\nb\n"))
}
