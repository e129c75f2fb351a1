// SPDX-License-Identifier: Apache-2.0

// Command demo shows the collector at work. It starts the built binary with the default config beside a database with a page. It
// simulates services, engines and GPUs. It keeps a table of what the Prometheus endpoint shows.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	var s settings
	flag.StringVar(&s.binary, "binary", os.Getenv("OTELCOL_LLM_BINARY"), "`path` of the collector; by default what 'make build' leaves")
	flag.StringVar(&s.database, "database", os.Getenv("VICTORIA_METRICS_BINARY"), "`path` of VictoriaMetrics; by default what 'make demo' builds")
	flag.StringVar(&s.config, "config", "", "`path` of the config; by default config.yaml of this repository")
	flag.DurationVar(&s.duration, "for", time.Hour, "`time` after which the demo ends by itself; the exit code then says whether each request was counted")
	flag.DurationVar(&s.cycle, "cycle", 5*time.Minute, "`time` that all scenes take together")
	flag.Float64Var(&s.rate, "rate", 1, "`factor` on the traffic")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, s, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
