// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

func TestFrameRoundTrip(t *testing.T) {
	var b bytes.Buffer
	want := gpu.Request{Want: gpu.AllKeys(), Since: map[string]gpu.Watermarks{"GPU-a": {1, 2, 3}}}
	require.NoError(t, (&frameWriter{to: &b}).write(kindRequest, want))
	k, payload, err := readFrame(&b)
	require.NoError(t, err)
	assert.Equal(t, kindRequest, k)
	have, err := decode[gpu.Request](payload)
	require.NoError(t, err)
	assert.Equal(t, want, have)
	_, _, err = readFrame(&b)
	assert.Equal(t, io.EOF, err)
}

func TestFrameRefused(t *testing.T) {
	for name, input := range map[string]string{
		"other magic":   "XX\x01\x04\x00\x00\x00\x00",
		"other version": "LG\x02\x04\x00\x00\x00\x00",
		"too long":      "LG\x01\x04\x01\x00\x10\x00",
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := readFrame(bytes.NewBufferString(input))
			assert.ErrorIs(t, err, errFrame)
		})
	}
	_, _, err := readFrame(bytes.NewBufferString("LG\x01\x04\x09\x00\x00\x00half"))
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Error(t, (&frameWriter{to: io.Discard}).write(kindSnapshot, make([]byte, maxPayload)))
}

// Whatever comes out of the pipe, reading it ends with a message or an error.
func FuzzFrame(f *testing.F) {
	f.Add([]byte("LG\x01\x04\x02\x00\x00\x00{}"))
	f.Add([]byte("LG\x01\x04\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, input []byte) {
		k, payload, err := readFrame(bytes.NewReader(input))
		if err != nil {
			return
		}
		if len(payload) > maxPayload || len(payload) > len(input) {
			t.Errorf("%d bytes of message out of %d", len(payload), len(input))
		}
		if k == kindSnapshot {
			_, _ = decode[gpu.Snapshot](payload)
		}
	})
}
