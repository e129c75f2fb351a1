// SPDX-License-Identifier: Apache-2.0

// Command demo shows the collector at work: it starts the binary with the default config, sends spans that
// real emitters exported, and prints what the Prometheus endpoint then tells about them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	var s settings
	flag.StringVar(&s.binary, "binary", os.Getenv("OTELCOL_LLM_BINARY"),
		"path of the collector; default is what 'make build' leaves")
	flag.StringVar(&s.config, "config", "", "path of the config; default is config.yaml of this repository")
	flag.Float64Var(&s.rate, "rate", 25, "calls a second")
	flag.IntVar(&s.rounds, "rounds", 4, "how often each captured call is sent before the table")
	flag.BoolVar(&s.once, "once", false, "end after the table; the exit code says whether it is complete")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, s, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
