// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/otelcol-llm/otelcol-llm/internal/explain"
)

const explainUsage = `Usage: otelcol-llm-check explain FILE

Says of each span and log record of a file whether it counts as a request to a model, as what, and by which rule not, with the settings that
hold by default. FILE holds OTLP as JSON, or spans as protobuf, as the collector's file exporter writes it; - is the standard input.
Prompts, answers, ids and messages are left out, so that the output can go into an issue. Names of models, scopes and attributes stay.

Exit codes: 0 a request counts; 1 none does; 2 wrong arguments; 3 the file cannot be read.
`

// runExplain is the subcommand explain.
func runExplain(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("otelcol-llm-check explain", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, explainUsage) }
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitCounted
		}
		return exitUsage
	}
	if flags.NArg() != 1 {
		fmt.Fprintf(stderr, "explain needs one file, got %d\n", flags.NArg())
		return exitUsage
	}
	name := flags.Arg(0)
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(stderr, err)
			return exitUnreachable
		}
		defer file.Close()
		stdin = file
	}
	contents, err := explain.Load(stdin)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return exitUnreachable
	}
	report := explain.Of(contents)
	if _, err := report.WriteTo(stdout); err != nil {
		fmt.Fprintln(stderr, err)
		return exitUnreachable
	}
	if contents.Others > 0 {
		fmt.Fprintf(stdout, "%d documents without spans and log records were left out\n", contents.Others)
	}
	if report.Counted() == 0 {
		return exitMiscounted
	}
	return exitCounted
}
