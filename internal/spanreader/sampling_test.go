// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestASampledSpanStandsForThoseThatWereNotKept(t *testing.T) {
	for tracestate, want := range map[string]float64{
		"":                               1,
		"vendor=th:8":                    1,
		"ot=th:0":                        1,
		"ot=th:8":                        2,
		"ot=th:c":                        4,
		"ot=rv:0123456789abcd;th:c":      4,
		"vendor=x, ot=p:3;th:fd70a3d70a": 100.00000000018,
		"ot=th:fffff":                    1 << 20,
		"ot=th:fffff00000001":            1,
		"ot=th:ffffffffffffff":           1,
		"ot=th:":                         1,
		"ot=th:xyz":                      1,
		"ot=th:123456789abcdef":          1,
	} {
		assert.InDelta(t, want, weightOf(tracestate), 1e-6, tracestate)
	}
}

func TestOnlySpansKnownToBeUnsampledAreTakenForSuch(t *testing.T) {
	assert.True(t, sampled(0), "not told")
	assert.True(t, sampled(0x101))
	assert.True(t, sampled(0x100), "as Python's exporter writes for sampled spans")
	assert.True(t, sampled(0x300), "as Python's exporter writes for sampled spans")
	assert.False(t, sampled(0x002), "a trace flag, but not that of sampling")
	assert.False(t, sampled(0x302))
}
