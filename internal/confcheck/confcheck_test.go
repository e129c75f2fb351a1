// SPDX-License-Identifier: Apache-2.0

package confcheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestValuesAreShownAsYAML(t *testing.T) {
	assert.Equal(t, `"15"`, shown("15"))
	assert.Equal(t, "15", shown(15))
	assert.Equal(t, "[{name: fast, seconds: 1}, b, null]", shown([]any{map[string]any{"seconds": 1, "name": "fast"}, "b", nil}))
	assert.Equal(t, "["+strings.Repeat("ä", shownLength-1)+" …", shown([]any{strings.Repeat("ä", 300)}))
}
