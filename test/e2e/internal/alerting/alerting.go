// SPDX-License-Identifier: Apache-2.0

// Package alerting runs vmalert, which evaluates rules as Prometheus does, and Alertmanager behind it.
package alerting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// Settings say what to run.
type Settings struct {
	// Evaluator and Manager are the paths of vmalert and of Alertmanager.
	Evaluator, Manager string
	// Folder is an empty one, where everything of these two lies.
	Folder string
	// Ports are that of the evaluator and that of the manager, on the loopback.
	Ports [2]int
	// Database is the URL of the database with the series.
	Database string
	// Rules are files of rules.
	Rules []string
	// Config is the configuration of Alertmanager.
	Config string
	// Interval is between two evaluations of groups that have none of their own.
	Interval time.Duration
}

// Pair is an evaluator and a manager that run.
type Pair struct {
	manager string // its URL
	folder  string
	running []*exec.Cmd
}

// Start starts both, the manager first. They end by Stop alone.
func Start(s Settings) (*Pair, error) {
	p := &Pair{manager: fmt.Sprintf("http://127.0.0.1:%d", s.Ports[1]), folder: s.Folder}
	if err := p.run("alertmanager", s.Manager,
		"--config.file="+s.Config,
		"--storage.path="+filepath.Join(s.Folder, "alertmanager"),
		fmt.Sprintf("--web.listen-address=127.0.0.1:%d", s.Ports[1]),
		"--cluster.listen-address=", // alone
	); err != nil {
		return nil, err
	}
	args := []string{
		fmt.Sprintf("-httpListenAddr=127.0.0.1:%d", s.Ports[0]),
		"-datasource.url=" + s.Database,
		"-remoteWrite.url=" + s.Database,
		"-remoteWrite.flushInterval=100ms",
		"-notifier.url=" + p.manager,
		"-evaluationInterval=" + s.Interval.String(),
		// Rules shall see what has just arrived, and each other.
		"-rule.evalDelay=0s",
	}
	for _, file := range s.Rules {
		args = append(args, "-rule="+file)
	}
	if err := p.run("vmalert", s.Evaluator, args...); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

func (p *Pair) run(name, binary string, args ...string) error {
	log, err := os.Create(filepath.Join(p.folder, name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	p.running = append(p.running, cmd)
	return nil
}

// Stop ends both at once.
func (p *Pair) Stop() {
	for _, cmd := range p.running {
		_ = cmd.Process.Kill() // an error says that it has ended already
		_ = cmd.Wait()         // it was killed
	}
}

// Log is all that both have written so far.
func (p *Pair) Log() string {
	var text string
	for _, name := range []string{"alertmanager", "vmalert"} {
		content, err := os.ReadFile(filepath.Join(p.folder, name+".log"))
		text += fmt.Sprintf("%s:\n%s%v\n", name, content, errors.Join(err))
	}
	return text
}

// Alert is one that Alertmanager knows.
type Alert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Status      struct {
		// State is active, suppressed or unprocessed.
		State string `json:"state"`
	} `json:"status"`
}

// Alerts are those that fire, as Alertmanager has them.
func (p *Pair) Alerts(ctx context.Context) ([]Alert, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.manager+"/api/v2/alerts", http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var alerts []Alert
	err = json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&alerts)
	return alerts, err
}
