// SPDX-License-Identifier: Apache-2.0

// Command otelcol-llm-check sends spans to a running collector and looks for them in its metrics. Or it explains how spans of a
// file are read.
//
// It needs no shell and no other file. So it runs in the collector's image, as a test of the Helm chart. It also runs after the
// installation of a package, and by hand.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

const usage = `Usage: otelcol-llm-check [flags]
       otelcol-llm-check explain FILE

Sends spans of an LLM request to a collector by OTLP over HTTP, reads its Prometheus endpoint, and compares.
explain says why the spans of a file count or not; see otelcol-llm-check explain -help.

Environment: OTELCOL_LLM_CHECK_TOKEN is sent as a bearer token, OTELCOL_LLM_CHECK_USERNAME and
OTELCOL_LLM_CHECK_PASSWORD as basic authentication.

Exit codes: 0 counted once; 1 accepted, but not counted or counted more than once; 2 wrong flags; 3 not reachable, or
refused.

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with its surroundings given, and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "explain" {
		return runExplain(args[1:], stdin, stdout, stderr)
	}
	flags := flag.NewFlagSet("otelcol-llm-check", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	endpoint := flags.String("endpoint", "http://127.0.0.1:4318", "`URL` of the collector's OTLP receiver for HTTP")
	metrics := flags.String("metrics", "http://127.0.0.1:9464/metrics",
		"`URL` of the Prometheus endpoint; of a name with several addresses, such as a headless Service, all are read")
	health := flags.String("health", "", "`URL` of the health check: ask for that alone, and send nothing")
	spans := flags.Int("spans", 1, "`number` of spans, each of a request of its own")
	timeout := flags.Duration("timeout", time.Minute, "`time` until the spans must be counted; the collector's flush_interval is within it")
	caFile := flags.String("ca", "", "`file` with the certificates that the collector's is checked against; empty for those of the system")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitCounted
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "unknown argument %q: there are only flags, and explain\n", flags.Arg(0))
		return exitUsage
	}
	if *spans < 1 || *spans > maxSpans {
		fmt.Fprintf(stderr, "-spans is %d: it must be from 1 to %d\n", *spans, maxSpans)
		return exitUsage
	}
	c, err := newChecker(*endpoint, *metrics, *caFile, credentials{
		token:    getenv("OTELCOL_LLM_CHECK_TOKEN"),
		username: getenv("OTELCOL_LLM_CHECK_USERNAME"),
		password: getenv("OTELCOL_LLM_CHECK_PASSWORD"),
	})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}

	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()
	if *health != "" {
		if _, err := c.get(ctx, *health, ""); err != nil {
			fmt.Fprintln(stderr, err)
			return exitUnreachable
		}
		return exitCounted
	}
	started := time.Now()
	counted, err := c.check(ctx, *spans)
	switch {
	case errors.Is(err, errUnreachable):
		fmt.Fprintln(stderr, err)
		return exitUnreachable
	case err != nil:
		fmt.Fprintln(stderr, err)
		return exitMiscounted
	}
	fmt.Fprintf(stdout, "ok: sent %d, counted %d, after %.1f s\n", *spans, counted, time.Since(started).Seconds())
	return exitCounted
}
