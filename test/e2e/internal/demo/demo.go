// SPDX-License-Identifier: Apache-2.0

// Package demo runs a collector with everything around it that makes it worth looking at. There are simulated services that call
// models, engines and GPUs, and a database with a page. All of it listens on the loopback.
package demo

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"google.golang.org/grpc"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/database"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// Settings say what to run.
type Settings struct {
	// Binary, Database and Config are paths of the collector, of VictoriaMetrics and of the collector's configuration.
	Binary, Database, Config string
	// Dashboards is a folder with the page's dashboards; empty for none.
	Dashboards string
	// World is the traffic.
	World traffic.Settings
	// Overlays are paths of further configurations, on top of those of the demo.
	Overlays []string
}

// Demo is one that runs.
type Demo struct {
	Database *database.Server
	// SimulatedGPUs is set if the GPUs are not those of this machine.
	SimulatedGPUs bool

	world     *traffic.World
	collector *collector.Process
	sender    load.Sender
	engines   *http.Server
	driver    *driver
	kubelet   *grpc.Server
	folder    string

	cancel context.CancelFunc
	ended  chan struct{} // closed once nothing more is sent
	failed error         // why sending ended; read after ended
	once   sync.Once
}

var (
	//go:embed demo.yaml
	overlay []byte
	//go:embed gpus.yaml
	gpuOverlay []byte
)

// Start starts everything and waits until it runs; the spans flow until Stop. After an error nothing runs.
func Start(ctx context.Context, s Settings) (d *Demo, err error) {
	for _, port := range Ports() {
		if err := loopback.CheckFree(port.Address()); err != nil {
			return nil, fmt.Errorf("no port for the %s: %w; stop what listens there, or set %s to another port", port.Use, err, port.Env)
		}
	}
	d = &Demo{ended: make(chan struct{})}
	if d.folder, err = os.MkdirTemp("", "otelcol-llm-demo-"); err != nil {
		return nil, err
	}
	started := d // a return of an error sets d to nil
	defer func() {
		if err != nil {
			close(started.ended)
			err = errors.Join(err, started.Stop())
		}
	}()
	d.world = traffic.New(s.World, time.Now())
	configs := []string{s.Config, filepath.Join(d.folder, "demo.yaml"), filepath.Join(d.folder, "engines.yaml")}
	var env []string
	if !driverLoaded() {
		d.SimulatedGPUs = true
		if d.driver, err = newDriver(d.folder); err != nil {
			return nil, fmt.Errorf("simulate GPUs: %w", err)
		}
		d.driver.Set(d.world.GPULines(time.Now())...)
		if err = d.driver.showProcesses(); err != nil {
			return nil, fmt.Errorf("simulate processes: %w", err)
		}
		socket := filepath.Join(d.folder, "kubelet.sock")
		if d.kubelet, err = startKubelet(socket); err != nil {
			return nil, fmt.Errorf("simulate a kubelet: %w", err)
		}
		env = append(env, "OTELCOL_LLM_DEMO_GPU_ROOT="+d.driver.Root, "OTELCOL_LLM_DEMO_GPU_LIBRARY="+d.driver.Library,
			"OTELCOL_LLM_DEMO_KUBELET="+socket)
		configs = append(configs, filepath.Join(d.folder, "gpus.yaml"))
	}
	for name, text := range map[string][]byte{"demo.yaml": overlay, "engines.yaml": enginesOverlay(), "gpus.yaml": gpuOverlay} {
		if err := os.WriteFile(filepath.Join(d.folder, name), text, 0o600); err != nil {
			return nil, err
		}
	}
	if err := d.serveEngines(); err != nil {
		return nil, err
	}
	if err := d.startDatabase(s); err != nil {
		return nil, err
	}
	d.collector, err = collector.Start(collector.Settings{Binary: s.Binary, Configs: append(configs, s.Overlays...), Env: env})
	if err != nil {
		return nil, err
	}
	ready, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := errors.Join(d.collector.Ready(ready), d.Database.Ready(ready)); err != nil {
		return nil, err
	}
	if d.sender, err = load.GRPC(collector.OTLPGRPC.Address()); err != nil {
		return nil, err
	}
	sending, stop := context.WithCancel(context.Background())
	d.cancel = stop
	go d.send(sending)
	return d, nil
}

// serveEngines serves each simulated engine's page at /<pod>/metrics.
func (d *Demo) serveEngines() error {
	listener, err := net.Listen("tcp", Engines.Address())
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{pod}/metrics", func(w http.ResponseWriter, r *http.Request) {
		page := d.world.Page(r.PathValue("pod"), time.Now())
		if page == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = w.Write([]byte(page)) // who went away does not want it
	})
	d.engines = &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = d.engines.Serve(listener) }() // until it is closed
	return nil
}

func (d *Demo) startDatabase(s Settings) (err error) {
	folder := filepath.Join(d.folder, "database")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	var port int
	if _, err := fmt.Sscan(strings.TrimPrefix(Page.Address(), "127.0.0.1:"), &port); err != nil {
		return fmt.Errorf("%s: %w", Page.Env, err)
	}
	d.Database, err = database.Start(database.Settings{
		Binary: s.Database, Folder: folder, Port: port, Interval: interval, Dashboards: s.Dashboards,
		Jobs: []database.Job{
			{Name: "otelcol-llm", Targets: database.Targets(collector.Prometheus.Address())},
			{Name: "otelcol-llm-self", Targets: database.Targets(collector.Telemetry.Address())},
		},
	})
	return err
}

// send lets the world go on, and hands what ends in it to the collector, until ctx ends. Then it sends all that is under way.
func (d *Demo) send(ctx context.Context) {
	defer close(d.ended)
	tick := time.NewTicker(step)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			d.failed = d.hand(d.world.Rest())
			return
		case now := <-tick.C:
			if d.driver != nil {
				if d.failed = d.driver.update(d.world.GPULines(now)); d.failed != nil {
					return
				}
			}
			if d.failed = d.hand(d.world.Step(now)); d.failed != nil {
				return
			}
		}
	}
}

// hand hands batches over, and sends those again that are refused for a while.
func (d *Demo) hand(all []ptrace.Traces) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	for _, batch := range all {
		if _, err := load.Until(ctx, d.sender, batch); err != nil {
			return err
		}
	}
	return nil
}

// Scene is what is going on.
func (d *Demo) Scene() traffic.Scene { return d.world.Scene(time.Now()) }

// Failed is closed once the demo cannot go on, or has been stopped.
func (d *Demo) Failed() <-chan struct{} { return d.ended }

// End sends the spans of what is under way, and nothing more. It answers what was sent since the start. Collector and
// database run on.
func (d *Demo) End() (traffic.Truth, error) {
	d.cancel()
	<-d.ended
	return d.world.Truth(), d.failed
}

// Stop ends everything and waits for it. It may be called more than once.
func (d *Demo) Stop() (err error) {
	d.once.Do(func() { err = d.stop() })
	return err
}

func (d *Demo) stop() (err error) {
	if d.cancel != nil {
		_, err = d.End()
		err = errors.Join(err, d.sender.Close())
	}
	if d.collector != nil {
		err = errors.Join(err, stopCollector(d.collector))
	}
	if d.Database != nil {
		d.Database.Stop()
	}
	if d.engines != nil {
		err = errors.Join(err, d.engines.Close())
	}
	if d.kubelet != nil {
		d.kubelet.Stop()
	}
	return errors.Join(err, os.RemoveAll(d.folder))
}

func stopCollector(process *collector.Process) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	defer process.Kill()
	code, err := process.Stop(ctx)
	if err == nil && code != 0 {
		err = fmt.Errorf("the collector ended with exit code %d:\n%s", code, process.Tail())
	}
	return err
}
