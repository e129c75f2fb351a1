// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"
)

func code(text string) string { return "`" + text + "`" }

// codes lists texts, each once.
func codes(texts []string) string {
	var quoted []string
	for _, text := range texts {
		if !slices.Contains(quoted, code(text)) {
			quoted = append(quoted, code(text))
		}
	}
	return strings.Join(quoted, ", ")
}
