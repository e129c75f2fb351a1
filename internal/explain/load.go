// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// maxSize bounds what is read, in bytes.
const maxSize = 256 << 20

// Contents is what OTLP data holds.
type Contents struct {
	Traces ptrace.Traces
	Logs   plog.Logs
	// Others is the number of documents that hold neither, such as metrics.
	Others int
}

// Load reads OTLP data in any form in which files hold it. That is JSON, one document or several, as the collector's file
// exporter writes them line by line. It is also protobuf, one message or several with their lengths before them. Each may be
// compressed by gzip. Protobuf is taken for spans.
func Load(r io.Reader) (*Contents, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, err
	}
	switch {
	case len(data) > maxSize:
		return nil, fmt.Errorf("has more than %d MiB: take a part of it", maxSize>>20)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		unzipped, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("is no whole gzip file: %w", err)
		}
		return Load(unzipped)
	case bytes.HasPrefix(data, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return nil, errors.New("is compressed by zstd: unpack it first, with zstd -d")
	}
	contents := &Contents{Traces: ptrace.NewTraces(), Logs: plog.NewLogs()}
	if text := bytes.TrimLeft(data, " \t\r\n\ufeff"); len(text) > 0 && text[0] == '{' {
		err := contents.addJSON(text)
		return contents, err
	}
	for _, message := range messages(data) {
		traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(message)
		if err != nil {
			return nil, fmt.Errorf("holds neither JSON nor protobuf of OTLP: %w", err)
		}
		contents.add(traces)
	}
	return contents, nil
}

// addJSON adds the documents of a text.
func (c *Contents) addJSON(text []byte) error {
	documents := json.NewDecoder(bytes.NewReader(text))
	for number := 1; ; number++ {
		var document json.RawMessage
		if err := documents.Decode(&document); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("document %d is no JSON: %w", number, err)
		}
		var of struct {
			Spans json.RawMessage `json:"resourceSpans"`
			Logs  json.RawMessage `json:"resourceLogs"`
		}
		err := json.Unmarshal(document, &of)
		switch {
		case err == nil && of.Spans != nil:
			err = c.addTraces(document)
		case err == nil && of.Logs != nil:
			err = c.addLogs(document)
		default:
			c.Others++
			err = nil
		}
		if err != nil {
			return fmt.Errorf("document %d is no OTLP: %w", number, err)
		}
	}
}

func (c *Contents) addTraces(document []byte) error {
	traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(document)
	if err == nil {
		c.add(traces)
	}
	return err
}

func (c *Contents) addLogs(document []byte) error {
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(document)
	if err == nil {
		logs.ResourceLogs().MoveAndAppendTo(c.Logs.ResourceLogs())
	}
	return err
}

func (c *Contents) add(traces ptrace.Traces) {
	traces.ResourceSpans().MoveAndAppendTo(c.Traces.ResourceSpans())
}

// lengthSize is that of the length before each message, in bytes, as the collector's file exporter writes it.
const lengthSize = 4

// messages returns those of a file with lengths before them, or else the whole as one.
func messages(data []byte) (all [][]byte) {
	for rest := data; len(rest) > 0; {
		if len(rest) < lengthSize {
			return [][]byte{data}
		}
		length := uint64(binary.BigEndian.Uint32(rest))
		rest = rest[lengthSize:]
		if length > uint64(len(rest)) {
			return [][]byte{data}
		}
		all, rest = append(all, rest[:length]), rest[length:]
	}
	return all
}
