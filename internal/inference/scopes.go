package inference

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// matchName reports whether name fits the pattern, in which a trailing "*" stands for any ending.
func matchName(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}

// emitterOf returns the index of the dialect that a scope belongs to, or -1.
func emitterOf(dialects []dialect.Dialect, scope string) int16 {
	for i := range dialects {
		for _, pattern := range dialects[i].Scopes {
			if matchName(pattern, scope) {
				return int16(i)
			}
		}
	}
	return -1
}

// spanOf returns what a dialect says of spans of that name, or nil.
func spanOf(d *dialect.Dialect, name string) *dialect.Span {
	for i := range d.Spans {
		if matchName(d.Spans[i].Name, name) {
			return &d.Spans[i]
		}
	}
	return nil
}
