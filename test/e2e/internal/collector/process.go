// SPDX-License-Identifier: Apache-2.0

// Package collector runs the collector binary as a process of its own.
package collector

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// ready is what the collector logs each time when all its components have started.
const ready = "Everything is ready"

// Settings say what to run.
type Settings struct {
	// Binary is the path of the collector.
	Binary string
	// Configs are config files; later ones override earlier ones.
	Configs []string
	// Flags are further flags of the command line.
	Flags []string
	// Env is added to the environment of this process, as KEY=value.
	Env []string
}

// Process is one running collector.
type Process struct {
	cmd    *exec.Cmd
	log    log
	exited chan struct{} // closed once the process has ended
}

// Start starts the collector and does not wait for it to be ready. The process ends by Stop or Kill alone.
func Start(s Settings) (*Process, error) {
	args := append([]string(nil), s.Flags...)
	for _, path := range s.Configs {
		args = append(args, "--config=file:"+path)
	}
	p := &Process{cmd: exec.Command(s.Binary, args...), exited: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), s.Env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	// A group of its own: Ctrl-C reaches this process alone, which then stops the collector in order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // the exit code says all; see ExitCode
		close(p.exited)
	}()
	return p, nil
}

// Run runs a command of the binary that ends by itself, such as validate. It answers what it printed and its exit code.
func Run(ctx context.Context, binary string, env []string, args ...string) (output string, code int, err error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append(os.Environ(), env...)
	text, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if errors.As(err, &failed) && ctx.Err() == nil {
		err = nil
	}
	return string(text), cmd.ProcessState.ExitCode(), err
}

// Ready waits until all components have started; after a reload, until they have started again.
func (p *Process) Ready(ctx context.Context) error { return p.readyTimes(ctx, 1) }

func (p *Process) readyTimes(ctx context.Context, times int) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for p.log.count(ready) < times {
		select {
		case <-p.exited:
			return fmt.Errorf("the collector ended with exit code %d:\n%s", p.ExitCode(), p.Tail())
		case <-ctx.Done():
			return fmt.Errorf("the collector is not ready: %w\n%s", ctx.Err(), p.Tail())
		case <-tick.C:
		}
	}
	return nil
}

// Reload makes the collector read its config again and waits until all components run anew.
func (p *Process) Reload(ctx context.Context) error {
	times := p.log.count(ready)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		return err
	}
	return p.readyTimes(ctx, times+1)
}

// Stop asks the collector to end, waits for it and answers its exit code.
func (p *Process) Stop(ctx context.Context) (code int, err error) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 0, err
	}
	return p.Wait(ctx)
}

// Wait waits until the collector has ended and answers its exit code.
func (p *Process) Wait(ctx context.Context) (code int, err error) {
	select {
	case <-p.exited:
		return p.ExitCode(), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("the collector has not ended: %w\n%s", ctx.Err(), p.Tail())
	}
}

// Kill ends the collector at once, if it still runs, and waits for its end.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // an error says that it has ended already
	<-p.exited
}

// Exited is closed once the collector has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// ExitCode is that of an ended collector; -1 when a signal ended it.
func (p *Process) ExitCode() int {
	<-p.exited
	return p.cmd.ProcessState.ExitCode()
}

// Log is all that the collector has written so far.
func (p *Process) Log() string { return p.log.String() }

// Logged reports whether the log has a text.
func (p *Process) Logged(text string) bool { return p.log.count(text) > 0 }

// resource is what every line of the log repeats.
var resource = regexp.MustCompile(`"resource": \{[^}]*\}(, )?`)

// Tail is the end of the log, with long lines cut and without stack traces, whose lines are indented.
func (p *Process) Tail() string {
	const lines, width = 15, 300
	var tail []string
	for line := range strings.Lines(p.Log()) {
		if line[0] == '\t' || !strings.Contains(line, "\t") {
			continue
		}
		tail = append(tail, fmt.Sprintf("%.*s", width, resource.ReplaceAllString(strings.TrimSpace(line), "")))
	}
	return strings.Join(tail[max(0, len(tail)-lines):], "\n")
}
