// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 10 * time.Second
)

// process is a running collector.
type process struct {
	cmd    *exec.Cmd
	output bytes.Buffer
	exited chan struct{}
	// address is where it takes OTLP over gRPC.
	address string
	// profiles and prometheus are where it serves profiles and metrics, if its configuration asks for that.
	profiles, prometheus string
}

// startProcess runs a collector with a config in which $OTLP, $TELEMETRY, $PPROF and $PROMETHEUS stand for free ports. It waits
// until the collector takes connections.
func startProcess(folder string, v variant) (*process, error) {
	ports, release, err := loopback.Reserve(4)
	if err != nil {
		return nil, err
	}
	address := func(i int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i])) }
	text := strings.NewReplacer("$OTLP", strconv.Itoa(ports[0]), "$TELEMETRY", strconv.Itoa(ports[1]), "$PPROF", strconv.Itoa(ports[2]),
		"$PROMETHEUS", strconv.Itoa(ports[3])).Replace(v.config)
	file, err := os.CreateTemp(folder, "*.yaml")
	if err == nil {
		_, err = file.WriteString(text)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		release()
		return nil, err
	}
	p := &process{
		cmd:     exec.Command(v.binary, append([]string{"--config=file:" + file.Name()}, v.arguments...)...),
		exited:  make(chan struct{}),
		address: address(0), profiles: address(2), prometheus: address(3),
	}
	p.cmd.Env = append(os.Environ(), v.environment...)
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		release()
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // the output says why it ended, if it should not have
		release()
		close(p.exited)
	}()
	if err := p.ready(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) ready() error {
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); {
		select {
		case <-p.exited:
			return fmt.Errorf("the collector ended:\n%s", p.output.String())
		case <-time.After(50 * time.Millisecond):
		}
		if connection, err := net.Dial("tcp", p.address); err == nil {
			return connection.Close()
		}
	}
	p.stop()
	return fmt.Errorf("the collector was not ready after %s", startTimeout)
}

// stop ends the collector.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // an error says that it has ended already
	select {
	case <-p.exited:
	case <-time.After(stopTimeout):
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
}

func (p *process) cpu() time.Duration { return processorTime(p.cmd.Process.Pid) }

// peak returns the most memory that the process ever had in RAM, in bytes.
func (p *process) peak() (size uint64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &size); err == nil {
			return size << 10, nil
		}
	}
	return 0, fmt.Errorf("no peak memory in:\n%s", status)
}
