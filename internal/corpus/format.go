// SPDX-License-Identifier: Apache-2.0

package corpus

import (
	"strings"

	"github.com/tidwall/gjson"
)

// format indents a JSON document by two spaces, with each attribute and each scalar list on one line.
func format(document []byte) []byte {
	var out strings.Builder
	write(&out, gjson.ParseBytes(document), "\n")
	out.WriteByte('\n')
	return []byte(out.String())
}

// write writes a value whose lines begin with a line break and an indent. Without an indent all goes on one line.
func write(out *strings.Builder, value gjson.Result, lineBreak string) {
	if !value.IsObject() && !value.IsArray() {
		out.WriteString(value.Raw)
		return
	}
	opening, closing := value.Raw[:1], map[bool]string{true: "}", false: "]"}[value.IsObject()]
	inner, separator := lineBreak+"  ", ","
	if isLine(value) {
		lineBreak = ""
	}
	if lineBreak == "" {
		inner, separator = "", ", "
	}
	out.WriteString(opening)
	first := true
	value.ForEach(func(name, member gjson.Result) bool {
		if !first {
			out.WriteString(separator)
		}
		first = false
		out.WriteString(inner)
		if value.IsObject() {
			out.WriteString(name.Raw + ": ")
		}
		write(out, member, inner)
		return true
	})
	if !first {
		out.WriteString(lineBreak)
	}
	out.WriteString(closing)
}

// isLine reports whether a value goes on one line: an attribute, an object without inner objects, or an empty list.
func isLine(value gjson.Result) bool {
	if value.IsObject() && value.Get("key").Exists() && value.Get("value").Exists() {
		return true
	}
	flat := true
	value.ForEach(func(_, member gjson.Result) bool {
		flat = !member.IsObject() && !member.IsArray()
		return flat
	})
	return flat && len(value.Raw) < 200
}
