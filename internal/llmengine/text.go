// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unsafe"
)

// maxLine bounds a line. Engines' longest lines have some kilobytes.
const maxLine = 1 << 20

// NotTextError says that an answer is no page of metrics.
type NotTextError struct {
	// Begins is how the answer begins, at most some 60 bytes.
	Begins string
}

// Error says what came.
func (e *NotTextError) Error() string {
	if e.Begins == "" {
		return "the answer is empty: a page in the Prometheus text format was expected"
	}
	return fmt.Sprintf("the answer is no page in the Prometheus text format: it begins with %q", e.Begins)
}

// LinesError says that some lines could not be read. The others were.
type LinesError struct {
	Bad   int
	First string
}

// Error names the first bad line.
func (e *LinesError) Error() string {
	return fmt.Sprintf("%d lines are not in the Prometheus text format, the first is %q", e.Bad, e.First)
}

// ReadText adds the samples of a page in the Prometheus text format, or in OpenMetrics, to the page. Engines in C++ write -nan,
// which parsers of the format refuse together with all that follows. Here a line that cannot be read costs no other. What was
// read before an error of the reader stays. Memory is bounded by the samples that rows take.
func (p *Page) ReadText(r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var labels textLabels
	labels.page = p
	bad, good := 0, 0
	var firstBad string
	var long []byte
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if len(long)+len(line) <= maxLine {
				long = append(long, line...)
			}
			continue
		}
		if len(long) > 0 {
			line = append(long, line...)
			long = long[:0]
		}
		line = bytes.TrimSpace(line)
		// What a broken connection left of a line may be a smaller number.
		if len(line) > 0 && line[0] != '#' && (err == nil || errors.Is(err, io.EOF)) {
			if len(line) <= maxLine && p.line(line, &labels) {
				good++
			} else {
				bad++
				firstBad = cmp.Or(firstBad, begin(line))
			}
		}
		if errors.Is(err, io.EOF) || bytes.Equal(line, []byte("# EOF")) {
			break
		}
		if err != nil {
			return err
		}
	}
	switch {
	case good == 0:
		return &NotTextError{Begins: firstBad}
	case bad > 0:
		return &LinesError{Bad: bad, First: firstBad}
	default:
		return nil
	}
}

func begin(line []byte) string {
	const length = 60
	if len(line) > length {
		return strings.ToValidUTF8(string(line[:length]), "?") + "…"
	}
	return strings.ToValidUTF8(string(line), "?")
}

// line reads one sample.
func (p *Page) line(line []byte, labels *textLabels) bool {
	labels.pairs = labels.pairs[:0]
	end := 0
	for end < len(line) && nameByte(line[end], end) {
		end++
	}
	name, rest := line[:end], line[end:]
	if end == 0 && line[0] != '{' {
		return false
	}
	if end > 0 && !p.Wants(text(name)) {
		return len(rest) > 1 && (rest[0] == '{' || rest[0] == ' ' || rest[0] == '\t')
	}
	rest = bytes.TrimLeft(rest, " \t")
	if len(rest) > 0 && rest[0] == '{' {
		quoted, after, ok := labels.parse(rest)
		if !ok {
			return false
		}
		if end == 0 {
			name = quoted
		}
		rest = after
	}
	rest = bytes.TrimLeft(rest, " \t")
	if i := bytes.IndexAny(rest, " \t"); i >= 0 {
		rest = rest[:i] // a time, an exemplar
	}
	value, ok := number(rest)
	if !ok || len(name) == 0 {
		return false
	}
	p.Add(text(name), labels, value)
	return true
}

// text is b as a string that must not be kept.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func nameByte(c byte, at int) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || at > 0 && c >= '0' && c <= '9'
}

func number(b []byte) (float64, bool) {
	if value, err := strconv.ParseFloat(text(b), 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return value, true
	}
	if lower := strings.ToLower(string(b)); strings.HasPrefix(lower, "-nan") || strings.HasPrefix(lower, "nan") {
		return math.NaN(), true // of C's printf
	}
	return 0, false
}

// textLabels are the labels of a line.
type textLabels struct {
	page  *Page
	pairs []pair
}

type pair struct{ name, value []byte }

// Get finds a label.
func (l *textLabels) Get(name string) string {
	for i := range l.pairs {
		if string(l.pairs[i].name) == name {
			return l.page.intern(text(l.pairs[i].value))
		}
	}
	return ""
}

// parse reads labels in braces. A quoted name without value is the family's.
func (l *textLabels) parse(b []byte) (name, rest []byte, ok bool) {
	b = b[1:]
	for {
		b = bytes.TrimLeft(b, " \t,")
		if len(b) == 0 {
			return nil, nil, false
		}
		if b[0] == '}' {
			return name, b[1:], true
		}
		var label []byte
		if b[0] == '"' {
			if label, b, ok = quoted(b); !ok {
				return nil, nil, false
			}
		} else {
			end := 0
			for end < len(b) && (nameByte(b[end], end) || b[end] == '.') {
				end++
			}
			if label, b = b[:end], b[end:]; end == 0 {
				return nil, nil, false
			}
		}
		b = bytes.TrimLeft(b, " \t")
		if len(b) > 0 && b[0] != '=' {
			name = label
			continue
		}
		if len(b) == 0 {
			return nil, nil, false
		}
		b = bytes.TrimLeft(b[1:], " \t")
		var value []byte
		if value, b, ok = quoted(b); !ok {
			return nil, nil, false
		}
		l.pairs = append(l.pairs, pair{label, value})
	}
}

// quoted reads a string in quotes.
func quoted(b []byte) (value, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	escaped := false
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			value = b[1:i]
			if escaped {
				value = unescape(value)
			}
			return value, b[i+1:], true
		}
	}
	return nil, nil, false
}

func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
			switch b[i] {
			case 'n':
				out = append(out, '\n')
				continue
			case '\\', '"':
			default:
				out = append(out, '\\')
			}
		}
		out = append(out, b[i])
	}
	return out
}
