// SPDX-License-Identifier: Apache-2.0

// Package database runs VictoriaMetrics, a database that scrapes, takes remote writes and answers queries as
// Prometheus does.
package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	// interval is the time between two scrapes of a target by default.
	interval = 500 * time.Millisecond
	// maxAnswer bounds what is read of an answer, in bytes.
	maxAnswer = 8 << 20
)

// Settings say what to run.
type Settings struct {
	// Binary is the path of the database.
	Binary string
	// Folder is an empty one, where everything of this database lies.
	Folder string
	// Port is that on the loopback.
	Port int
	// Jobs are what it scrapes, every Interval; 500 ms if that is zero.
	Jobs     []Job
	Interval time.Duration
	// Dashboards is a folder with dashboards for its page; empty for none.
	Dashboards string
}

// Job is some endpoints that it scrapes.
type Job struct {
	Name    string
	Targets []Target
}

// Target is one endpoint.
type Target struct {
	// Address is host:port, Path that of the page; empty for /metrics.
	Address, Path string
	// Labels are added to all series.
	Labels map[string]string
}

// Targets are endpoints at /metrics.
func Targets(addresses ...string) []Target {
	targets := make([]Target, len(addresses))
	for i, address := range addresses {
		targets[i].Address = address
	}
	return targets
}

// Server is one running database.
type Server struct {
	address string
	log     string // path of the file that it writes its log to
	cmd     *exec.Cmd
	exited  chan struct{} // closed once the process has ended
}

// Start starts a database and does not wait for it to be ready. The process ends by Stop alone.
func Start(s Settings) (*Server, error) {
	scrape := filepath.Join(s.Folder, "scrape.yaml")
	if err := os.WriteFile(scrape, []byte(scrapeConfig(s)), 0o600); err != nil {
		return nil, err
	}
	d := &Server{
		address: fmt.Sprintf("127.0.0.1:%d", s.Port),
		log:     filepath.Join(s.Folder, "log"),
		exited:  make(chan struct{}),
	}
	log, err := os.Create(d.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	d.cmd = exec.Command(s.Binary,
		"-httpListenAddr="+d.address,
		"-storageDataPath="+filepath.Join(s.Folder, "data"),
		"-promscrape.config="+scrape,
		"-memory.allowedBytes=128MiB",
		// Queries shall see what has just arrived.
		"-search.latencyOffset=0s",
	)
	if s.Dashboards != "" {
		d.cmd.Args = append(d.cmd.Args, "-vmui.customDashboardsPath="+s.Dashboards)
	}
	// A group of its own: Ctrl-C reaches this process alone.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	d.cmd.Stdout, d.cmd.Stderr = log, log
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = d.cmd.Wait() // it is killed
		close(d.exited)
	}()
	return d, nil
}

func scrapeConfig(s Settings) string {
	var text strings.Builder
	fmt.Fprintf(&text, "global:\n  scrape_interval: %s\nscrape_configs:\n", cmp.Or(s.Interval, interval))
	for _, job := range s.Jobs {
		fmt.Fprintf(&text, "- job_name: %q\n  static_configs:\n", job.Name)
		for _, target := range job.Targets {
			fmt.Fprintf(&text, "  - targets: [%q]\n    labels: {__metrics_path__: %q", target.Address, cmp.Or(target.Path, "/metrics"))
			for _, name := range slices.Sorted(maps.Keys(target.Labels)) {
				fmt.Fprintf(&text, ", %s: %q", name, target.Labels[name])
			}
			text.WriteString("}\n")
		}
	}
	return text.String()
}

// URL is where its API is, without a slash at the end.
func (d *Server) URL() string { return "http://" + d.address }

// RemoteWrite is the URL that takes remote writes.
func (d *Server) RemoteWrite() string { return "http://" + d.address + "/api/v1/write" }

// Ready waits until the database answers.
func (d *Server) Ready(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := d.get(ctx, "/health")
		if err == nil {
			return nil
		}
		select {
		case <-d.exited:
			return errors.New("the database ended:\n" + d.Log())
		case <-ctx.Done():
			return fmt.Errorf("the database is not ready: %w\n%s", err, d.Log())
		case <-tick.C:
		}
	}
}

// Stop ends the database at once and waits for its end.
func (d *Server) Stop() {
	_ = d.cmd.Process.Kill() // an error says that it has ended already
	<-d.exited
}

// Log is all that the database has written so far.
func (d *Server) Log() string {
	text, err := os.ReadFile(d.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (d *Server) get(ctx context.Context, pathAndQuery string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+d.address+pathAndQuery, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s: %q", pathAndQuery, answer.Status, body)
	}
	return body, err
}
