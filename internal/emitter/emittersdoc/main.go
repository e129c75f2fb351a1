// SPDX-License-Identifier: Apache-2.0

// Command emittersdoc writes the pages about emitters from their tables and from the cases of testdata/emitters. These are a
// matrix of what each emitter sends, a page for each group, and the attributes by precedence.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: emittersdoc FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(folder string) error {
	texts, err := pages(tracetest.Root())
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(folder, groupFolder)); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(folder, groupFolder), 0o755); err != nil {
		return err
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
