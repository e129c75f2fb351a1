// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Many more messages than the memo has room for, and long ones that share their beginnings.
func TestWhatMessagesSayIsRememberedForTheRightOnes(t *testing.T) {
	m := &messageMemo{}
	var messages []string
	for i := range 8 * messageSets {
		messages = append(messages,
			fmt.Sprint("Error: ", 400+i, " from the provider"), fmt.Sprint("request canceled ", i), fmt.Sprint("timed out after ", i),
			strings.Repeat("x", maxMessage-7)+fmt.Sprint("Canceled by user ", i))
	}
	for range 2 {
		for _, message := range messages {
			meaning := m.of(message)
			assert.Equal(t, cancelsMessage(message), meaning.gaveUp, message)
			assert.Equal(t, timesOut(message), meaning.ranOut, message)
			assert.Equal(t, messageType(message), m.typeOf(message), message)
		}
	}
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		for _, message := range messages {
			m.of(message)
		}
	}))
}
