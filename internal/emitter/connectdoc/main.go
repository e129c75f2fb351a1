// SPDX-License-Identifier: Apache-2.0

// Command connectdoc writes the page about how to connect engines, gateways and SDKs. What to set is in its rows; what
// spans then hold is taken from the cases of testdata/emitters.
package main

import (
	"fmt"
	"os"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: connectdoc FILE")
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
