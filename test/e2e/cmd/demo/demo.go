// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/report"
)

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 20 * time.Second
	// flushTimeout is twice the default flush_interval, and some more for a slow machine.
	flushTimeout = 40 * time.Second
	// background is how long spans are sent on after the table, if nobody interrupts.
	background = time.Hour
)

type settings struct {
	binary string
	config string
	rate   float64
	rounds int
	once   bool
}

// run ends when ctx does, or after the table if that is all that is wanted. It leaves nothing running.
func run(ctx context.Context, s settings, out io.Writer) (err error) {
	if err := s.complete(); err != nil {
		return err
	}
	calls, err := loadCalls()
	if err != nil {
		return err
	}
	process, err := start(ctx, s)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer func() { err = errors.Join(err, stop(process, out)) }()
	fmt.Fprintf(out, "The collector runs: %s with %s\n\n", s.binary, s.config)

	sender, err := load.GRPC(collector.OTLPGRPC.Address())
	if err != nil {
		return err
	}
	defer sender.Close()
	if err := send(ctx, sender, calls, s.rate, s.rounds, newProgress(out)); err != nil {
		return interrupted(ctx, err)
	}
	want := float64(calls.requests * s.rounds)
	metrics, complete := waitForFlush(ctx, want, out)
	if ctx.Err() != nil {
		return nil
	}
	fmt.Fprintf(out, "\nWhat %s tells about %.0f requests:\n\n", metricsURL(), want)
	if err := report.Write(out, report.Rows(metrics)); err != nil {
		return err
	}
	fmt.Fprint(out, "\nPercentiles are estimates from histogram buckets, as Prometheus makes them.\n")
	if s.once {
		return complete
	}
	if complete != nil {
		fmt.Fprintf(out, "\nNote: %v\n", complete)
	}
	whereToLook(out, s)
	ctx, cancel := context.WithTimeout(ctx, background)
	defer cancel()
	rounds := 1 + int(background.Seconds()*s.rate)/len(calls.exchanges)
	return interrupted(ctx, send(ctx, sender, calls, s.rate, rounds, progress{}))
}

// complete fills in what the user left out and finds mistakes before anything is started.
func (s *settings) complete() error {
	if s.rate <= 0 || s.rounds <= 0 {
		return fmt.Errorf("-rate %v and -rounds %d must be above zero", s.rate, s.rounds)
	}
	for _, d := range []struct {
		path  *string
		what  string
		parts []string
		hint  string
	}{
		{&s.binary, "collector", []string{"_build", "otelcol-llm"}, "run 'make build' first, or name another one with -binary"},
		{&s.config, "config", []string{"config.yaml"}, "name another one with -config"},
	} {
		if *d.path == "" {
			path, err := repo.Path(d.parts...)
			if err != nil {
				return err
			}
			*d.path = path
		}
		if _, err := os.Stat(*d.path); err != nil {
			return fmt.Errorf("no %s: %w; %s", d.what, err, d.hint)
		}
	}
	if _, err := exec.LookPath(s.binary); err != nil {
		return err
	}
	for _, port := range collector.Ports {
		if err := loopback.CheckFree(port.Address()); err != nil {
			return fmt.Errorf("no port for %s: %w; stop what listens there, or set %s to another port", port.Use, err, port.Env)
		}
	}
	return nil
}

func start(ctx context.Context, s settings) (*collector.Process, error) {
	process, err := collector.Start(collector.Settings{Binary: s.binary, Configs: []string{s.config}})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := process.Ready(ctx); err != nil {
		process.Kill()
		return nil, err
	}
	return process, nil
}

func stop(process *collector.Process, out io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	defer process.Kill()
	code, err := process.Stop(ctx)
	if err == nil && code != 0 {
		err = fmt.Errorf("the collector ended with exit code %d:\n%s", code, process.Tail())
	}
	fmt.Fprintln(out, "\nThe collector has stopped.")
	return err
}

// waitForFlush reads the endpoint until it tells of all requests, or the time for a flush is over: then the
// error says what is missing.
func waitForFlush(ctx context.Context, want float64, out io.Writer) (promtext.Metrics, error) {
	fmt.Fprintln(out, "Waiting for the collector to flush its metrics, every 15 s by default …")
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	var last promtext.Metrics
	for {
		metrics, err := promtext.Get(ctx, metricsURL())
		if err == nil {
			last = metrics
		}
		got := last.Sum("llm_requests_total", nil)
		if got == want {
			return last, nil
		}
		select {
		case <-ctx.Done():
			if last == nil {
				return nil, err
			}
			return last, fmt.Errorf("the endpoint tells of %.0f requests, sent were %.0f", got, want)
		case <-tick.C:
		}
	}
}

func metricsURL() string { return "http://" + collector.Prometheus.Address() + "/metrics" }

func whereToLook(out io.Writer, s settings) {
	fmt.Fprintf(out, `
Where to look next:
  metrics    %s
  health     http://%s
  config     %s
  your spans send OTLP to %s (gRPC) or http://%s (HTTP)

The spans keep coming, for an hour at most. Ctrl-C ends the demo and the collector.
`, metricsURL(), collector.Health.Address(), s.config, collector.OTLPGRPC.Address(), collector.OTLPHTTP.Address())
}

// interrupted is nil where err is but the user's wish to end.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}
