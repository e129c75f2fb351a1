// SPDX-License-Identifier: Apache-2.0

// Command enginesrules writes recording rules from the tables, for those who scrape engines with Prometheus alone. It also writes
// tests that they give what is read of the pages in testdata.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: enginesrules PAGES RULES TESTS")
		os.Exit(2)
	}
	tests, err := tests(os.Args[1])
	if err == nil {
		err = os.WriteFile(os.Args[3], []byte(tests), 0o644)
	}
	if err == nil {
		err = os.WriteFile(os.Args[2], []byte(rules()), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
