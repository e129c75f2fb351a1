// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// A message is a header of eight bytes and a JSON text. The header has two bytes of magic, the version, the kind, and the length
// of the text in little-endian order.
const (
	magic0, magic1 = 'L', 'G'
	version        = 1
	headerSize     = 8
	// maxPayload bounds a message: 64 devices with every quantity and every call failing stay below.
	maxPayload = 1 << 20
)

type kind byte

const (
	kindHello    kind = iota + 1 // helper: the library is loaded; hello
	kindFailed                   // helper: it cannot go on and exits; failed
	kindRequest                  // collector: read once; gpu.Request
	kindSnapshot                 // helper: what was read; gpu.Snapshot
	kindEvents                   // helper, at any time after hello: what happened to devices; []gpu.Event
)

// hello is what the helper says when it is ready.
type hello struct {
	Driver gpu.Driver `json:"driver"`
}

// failed is what the helper says before it exits.
type failed struct {
	Call string `json:"call"`
	Code int    `json:"code"`
	Text string `json:"text"`
}

var errFrame = errors.New("message is not of this protocol")

// frameWriter writes messages. It keeps its buffer from one to the next, and is safe for concurrent use.
type frameWriter struct {
	to     io.Writer
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (w *frameWriter) write(k kind, content any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buffer.Reset()
	w.buffer.Write([]byte{magic0, magic1, version, byte(k), 0, 0, 0, 0})
	if err := json.NewEncoder(&w.buffer).Encode(content); err != nil {
		return err
	}
	frame := w.buffer.Bytes()
	size := len(frame) - headerSize
	if size > maxPayload {
		return fmt.Errorf("message of %d bytes, more than %d", size, maxPayload)
	}
	binary.LittleEndian.PutUint32(frame[4:], uint32(size))
	_, err := w.to.Write(frame)
	return err
}

// readFrame reads one message. It allocates no more than the message holds, whatever its header says, beyond a
// bounded buffer. The error is io.EOF only at the end between two messages.
func readFrame(r io.Reader) (kind, []byte, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, err
	}
	if header[0] != magic0 || header[1] != magic1 {
		return 0, nil, errFrame
	}
	if header[2] != version {
		return 0, nil, fmt.Errorf("%w: version %d, not %d", errFrame, header[2], version)
	}
	size := binary.LittleEndian.Uint32(header[4:])
	if size > maxPayload {
		return 0, nil, fmt.Errorf("%w: length of %d bytes, more than %d", errFrame, size, maxPayload)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(r, payload); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, err
	}
	return kind(header[3]), payload, nil
}

func decode[T any](payload []byte) (content T, err error) {
	if err = json.Unmarshal(payload, &content); err != nil {
		err = fmt.Errorf("%w: %w", errFrame, err)
	}
	return content, err
}
