// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/demo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/report"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

const (
	// refresh is the time between two tables on a terminal. Elsewhere there is one, after firstTable, and one at the end.
	refresh    = 2 * time.Second
	firstTable = 15 * time.Second
	// countTimeout is how long the last requests may take to be counted. They wait for spans that describe them, and for
	// the next delivery.
	countTimeout = 90 * time.Second
)

type settings struct {
	binary, database, config string
	duration, cycle          time.Duration
	rate                     float64
}

// run ends when ctx does or its time is over. It leaves nothing running.
func run(ctx context.Context, s settings, out io.Writer) (err error) {
	if err := s.complete(); err != nil {
		return err
	}
	fmt.Fprintln(out, "Starting the collector, a database, and simulated services, engines and GPUs …")
	d, err := demo.Start(ctx, demo.Settings{
		Binary: s.binary, Database: s.database, Config: s.config, Dashboards: dashboards(),
		World: traffic.Settings{Seed: 1, Cycle: s.cycle, Rate: s.rate},
	})
	if err != nil {
		return interrupted(ctx, err)
	}
	defer func() {
		err = errors.Join(err, d.Stop())
		fmt.Fprintln(out, "\nThe collector, the database and all that was simulated have stopped.")
	}()

	timed, cancel := context.WithTimeout(ctx, s.duration)
	defer cancel()
	view := newScreen(out)
	view.guide(guide(d, s))
	if err := watch(timed, d, view); err != nil || ctx.Err() != nil {
		return err
	}
	fmt.Fprintln(out, "\nThe time is over. Waiting until the last requests are counted …")
	return account(ctx, d, out)
}

// complete fills in what the user left out and finds mistakes before anything is started.
func (s *settings) complete() error {
	if s.rate <= 0 || s.duration <= 0 || s.cycle <= 0 {
		return fmt.Errorf("-rate %v, -for %v and -cycle %v must be above zero", s.rate, s.duration, s.cycle)
	}
	for _, file := range []struct {
		path  *string
		what  string
		parts []string
		hint  string
	}{
		{&s.binary, "collector", []string{"_build", "otelcol-llm"}, "run 'make build' first, or name another one with -binary"},
		{&s.database, "database", []string{".bin", "victoria-metrics"}, "run 'make demo', which builds it, or name another one with -database"},
		{&s.config, "config", []string{"config.yaml"}, "name another one with -config"},
	} {
		if *file.path == "" {
			path, err := repo.Path(file.parts...)
			if err != nil {
				return err
			}
			*file.path = path
		}
		if _, err := os.Stat(*file.path); err != nil {
			return fmt.Errorf("no %s: %w; %s", file.what, err, file.hint)
		}
	}
	return nil
}

// dashboards is the folder with those of the database's page.
func dashboards() string {
	path, err := repo.Path("deploy", "victoriametrics")
	if err != nil {
		return ""
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

func guide(d *demo.Demo, s settings) string {
	page := "http://" + demo.Page.Address() + "/vmui/"
	if dashboards() != "" {
		// Five minutes, one cycle of the scenes; the page shows 30 by itself.
		page += "#/dashboards?g0.relative_time=last_5_minutes"
	}
	text := fmt.Sprintf(`Open this page:  %s
It follows what happens once you choose a refresh at its top right.

  metrics        %s
  the collector  http://%s/metrics (about itself), http://%s (health)
  config         %s
  your spans     send OTLP to %s (gRPC) or http://%s (HTTP)

Services, models and engines are simulated.`,
		page, metricsURL(), collector.Telemetry.Address(), collector.Health.Address(), s.config,
		collector.OTLPGRPC.Address(), collector.OTLPHTTP.Address())
	if d.SimulatedGPUs {
		text += " So are the GPUs: this machine has no NVIDIA driver."
	}
	return text + fmt.Sprintf(" All ends after %v, or with Ctrl-C.", s.duration)
}

// watch shows the table until ctx ends or the demo cannot go on.
func watch(ctx context.Context, d *demo.Demo, view *screen) error {
	began := time.Now()
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.Failed():
			_, err := d.End()
			return fmt.Errorf("the demo cannot go on: %w", err)
		case <-tick.C:
		}
		if !view.terminal && (shown || time.Since(began) < firstTable) {
			continue
		}
		metrics, err := promtext.Get(ctx, metricsURL())
		if err != nil {
			continue // the collector answers again, or d.Failed says why not
		}
		shown = true
		scene := d.Scene()
		if err := view.table(fmt.Sprintf("Now: %s; %s.", scene.Title, scene.Look), report.Rows(metrics)); err != nil {
			return err
		}
	}
}

// account compares what was sent with what is counted, at most until countTimeout is over.
func account(ctx context.Context, d *demo.Demo, out io.Writer) error {
	truth, err := d.End()
	if err != nil {
		return err
	}
	sent := 0.0
	for _, counts := range truth {
		sent += counts.Requests
	}
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	counted := 0.0
	for {
		if metrics, err := promtext.Get(ctx, metricsURL()); err == nil {
			counted = metrics.Sum("llm_requests_total", nil)
			if counted == sent {
				if err := report.Write(out, report.Rows(metrics)); err != nil {
					return err
				}
				fmt.Fprintf(out, "\nSent %.0f requests, counted %.0f.\n", sent, counted)
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("sent %.0f requests, counted %.0f", sent, counted)
		case <-tick.C:
		}
	}
}

func metricsURL() string { return "http://" + collector.Prometheus.Address() + "/metrics" }

// interrupted is nil where err is but the user's wish to end.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}
