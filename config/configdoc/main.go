// SPDX-License-Identifier: Apache-2.0

// Command configdoc writes the reference of all settings of this project's components from the comments on their
// configurations' fields.
package main

import (
	"fmt"
	"os"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: configdoc FILE")
		os.Exit(2)
	}
	text, err := page(tracetest.Root())
	if err == nil {
		err = os.WriteFile(os.Args[1], []byte(text), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
