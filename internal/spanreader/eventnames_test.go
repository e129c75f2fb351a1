// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEachPatternOfEventsHasABit(t *testing.T) {
	assert.LessOrEqual(t, len(NewReader(Options{}).eventPatterns), bits.OnesCount32(^eventName{}.patterns))
}
