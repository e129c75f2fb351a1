// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"testing"
)

// A newer go-nvml brings new functions; without a stub, the program has an undefined symbol again.
func TestSymbolsAreThoseOfRequiredGoNVML(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../symbols.h")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("symbols.h is out of date: run go generate in internal/nvml/symbols")
	}
}
