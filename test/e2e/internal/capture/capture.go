// SPDX-License-Identifier: Apache-2.0

// Package capture holds spans that real emitters exported and makes fresh copies of them to send.
package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// maxLine bounds one exported batch in a capture file, in bytes.
const maxLine = 8 << 20

// Exchange is all that one emitter exported about one trace, in the order in which it was exported.
type Exchange struct {
	TraceID pcommon.TraceID
	Batches []ptrace.Traces
}

// Load reads a capture file: one export request as OTLP JSON per line. Each line must be about one
// trace, whose lines need not be adjacent.
func Load(path string) ([]Exchange, error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()

	var exchanges []Exchange
	position := map[pcommon.TraceID]int{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		batch, trace, err := parse(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", path, n, err)
		}
		i, known := position[trace]
		if !known {
			i = len(exchanges)
			position[trace] = i
			exchanges = append(exchanges, Exchange{TraceID: trace})
		}
		exchanges[i].Batches = append(exchanges[i].Batches, batch)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(exchanges) == 0 {
		return nil, fmt.Errorf("%s: no spans", path)
	}
	return exchanges, nil
}

func parse(line []byte) (ptrace.Traces, pcommon.TraceID, error) {
	batch, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
	if err != nil {
		return batch, pcommon.TraceID{}, err
	}
	var trace pcommon.TraceID
	for span := range Spans(batch) {
		switch id := span.TraceID(); {
		case id.IsEmpty():
			return batch, trace, errors.New("a span without a trace id")
		case trace.IsEmpty():
			trace = id
		case trace != id:
			return batch, trace, errors.New("spans of more than one trace")
		}
	}
	if trace.IsEmpty() {
		return batch, trace, errors.New("no spans")
	}
	return batch, trace, nil
}
