// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (amd64 || arm64)

package nvml

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

func bytesOf(v uint64) (b [8]byte) {
	binary.NativeEndian.PutUint64(b[:], v)
	return b
}

func TestDecode(t *testing.T) {
	for name, test := range map[string]struct {
		tag   nvml.ValueType
		value uint64
		want  uint64
		ok    bool
	}{
		"32 bits leave the rest aside": {nvml.VALUE_TYPE_UNSIGNED_INT, 7<<32 | 5, 5, true},
		"64 bits":                      {nvml.VALUE_TYPE_UNSIGNED_LONG_LONG, 1 << 40, 1 << 40, true},
		"long is 64 bits":              {nvml.VALUE_TYPE_UNSIGNED_LONG, 1 << 40, 1 << 40, true},
		"signed 32 bits are extended":  {nvml.VALUE_TYPE_SIGNED_INT, math.MaxUint32, math.MaxUint64, true},
		"16 bits":                      {nvml.VALUE_TYPE_UNSIGNED_SHORT, 9<<16 | 3, 3, true},
		"floating point":               {nvml.VALUE_TYPE_DOUBLE, math.Float64bits(42.9), 42, true},
		"not a number":                 {nvml.VALUE_TYPE_DOUBLE, math.Float64bits(math.NaN()), 0, false},
		"infinite":                     {nvml.VALUE_TYPE_DOUBLE, math.Float64bits(math.Inf(1)), 0, false},
		"a tag that is not known":      {99, 5, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			have, ok := decode(test.tag, bytesOf(test.value))
			assert.Equal(t, test.ok, ok)
			assert.Equal(t, test.want, have)
		})
	}
}

// No value, whatever its tag and bytes, becomes a point outside the bounds of its quantity.
func FuzzDecode(f *testing.F) {
	f.Add(uint32(1), uint64(math.MaxUint64))
	f.Add(uint32(0), math.Float64bits(-1e300))
	f.Fuzz(func(t *testing.T, tag uint32, value uint64) {
		raw, ok := decode(nvml.ValueType(tag), bytesOf(value))
		if !ok {
			return
		}
		for i := range fields {
			scaled := raw * max(fields[i].unit, 1)
			if spec, _ := fields[i].key.Spec(); fields[i].key.Plausible(scaled) && !spec.Signed && spec.Max != 0 && scaled > uint64(spec.Max) {
				t.Errorf("%d passes as %s", scaled, spec.Name)
			}
		}
	})
}

func TestSamplesAreSummedUp(t *testing.T) {
	sample := func(stamp, value uint64) nvml.Sample {
		return nvml.Sample{TimeStamp: stamp, SampleValue: bytesOf(value)}
	}
	percent := func(raw uint64) bool { return raw <= 100 }
	have := summarize(nvml.VALUE_TYPE_UNSIGNED_INT, []nvml.Sample{
		sample(10, 90), // seen before
		sample(11, 20), sample(13, 40),
		sample(12, 101), // a glitch
		sample(0, 0),    // what the driver did not fill
	}, 10, percent)
	assert.Equal(t, window{count: 2, sum: 60, max: 40, newest: 13}, have)
	assert.Zero(t, summarize(nvml.VALUE_TYPE_UNSIGNED_INT, nil, 0, percent).count)
}

// Every quantity has a source, and none is read by calls that nobody names.
func TestEveryQuantityHasASource(t *testing.T) {
	sources := map[gpu.Key]bool{}
	for i := range fields {
		sources[fields[i].key] = true
	}
	for i := range calls {
		assert.True(t, strings.HasPrefix(calls[i].name, "nvmlDeviceGet") || calls[i].name == callGPM, "only reading: %s", calls[i].name)
		for _, key := range calls[i].keys {
			sources[key] = true
		}
	}
	for key := gpu.Key(1); int(key) <= gpu.NumKeys; key++ {
		assert.True(t, sources[key], "%s has no source in fields.go or calls.go", key)
	}
}
