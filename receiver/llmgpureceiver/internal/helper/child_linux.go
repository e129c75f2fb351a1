// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// killTimeout is how long a killed process is given to end. It is also the most that is spent on waiting for one. One that does
// not end is stuck in the kernel.
const killTimeout = time.Second

// frame is a message from a helper process, or the error at the end of its pipe.
type frame struct {
	kind    kind
	payload []byte
	err     error
}

// child is one helper process, from the collector's side. It is not safe for concurrent use.
type child struct {
	started  time.Time
	ready    bool // said hello
	driver   gpu.Driver
	cmd      *exec.Cmd
	requests *os.File
	writer   frameWriter // to requests
	answers  *os.File
	frames   chan frame
	events   func([]gpu.Event) // takes events as they come; nil where they are not wanted
	stop     chan struct{}     // closed when nobody reads frames any more
	exited   chan struct{}     // closed when the process has ended
	stderr   tail
}

// newChild starts a helper process.
func newChild(executable, library string, events func([]gpu.Event)) (*child, error) {
	requestsIn, requestsOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer requestsIn.Close()
	answersIn, answersOut, err := os.Pipe()
	if err != nil {
		requestsOut.Close()
		return nil, err
	}
	defer answersOut.Close()
	c := &child{
		started: time.Now(), requests: requestsOut, writer: frameWriter{to: requestsOut}, answers: answersIn,
		frames: make(chan frame, 1), events: events, stop: make(chan struct{}), exited: make(chan struct{}),
	}
	args := []string{Marker, library}
	if events != nil {
		args = append(args, watchArgument)
	}
	c.cmd = &exec.Cmd{
		Path: executable, Args: args, Env: environment(os.Environ()),
		ExtraFiles: []*os.File{requestsIn, answersOut}, Stderr: &c.stderr, WaitDelay: killTimeout,
		// The end of the pipe is the first means by which the helper learns that it is alone. This is the second.
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL},
	}
	if err := c.start(); err != nil {
		requestsOut.Close()
		answersIn.Close()
		return nil, err
	}
	go c.receive()
	return c, nil
}

// start runs the process from a thread that stays until the process has ended. Its death signal is that of the thread that
// started it.
func (c *child) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		_ = c.cmd.Wait() // the state is in ProcessState
		close(c.exited)
	}()
	return <-started
}

// frugal makes the helper small: it has one thing to do at a time, and little to keep. The memory limit also counts what the
// runtime reserves, and is about what the helper has in a large collector. So the runtime returns to the system what packages
// left behind that were initialized before. Where it cannot be kept, the garbage collector runs more often, and nothing fails.
//
// A driver's handles are opaque, and go-nvml holds them as pointers. The runtime moves stacks. Without invalidptr=0 it would end the process over a handle on one that is a small number.
var frugal = []string{"GOMAXPROCS=1", "GOGC=20", "GOMEMLIMIT=4MiB", "GODEBUG=memprofilerate=0,invalidptr=0", "MALLOC_ARENA_MAX=1"}

// environment keeps what the dynamic linker and the driver need to find their files. LD_BIND_NOW stays behind,
// and everything that is the collector's own.
func environment(collector []string) []string {
	env := append([]string{"GOTRACEBACK=none"}, frugal...)
	for _, variable := range collector {
		name, _, _ := strings.Cut(variable, "=")
		switch name {
		case "LD_LIBRARY_PATH", "PATH", "NVIDIA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER":
			env = append(env, variable)
		}
	}
	return env
}

func (c *child) receive() {
	for {
		var f frame
		f.kind, f.payload, f.err = readFrame(c.answers)
		if f.err == nil && f.kind == kindEvents && c.events != nil {
			if events, err := decode[[]gpu.Event](f.payload); err == nil {
				c.events(events)
				continue
			}
		}
		select {
		case c.frames <- f:
		case <-c.stop:
			return
		}
		if f.err != nil {
			return
		}
	}
}

func (c *child) send(request gpu.Request, deadline time.Time) error {
	if err := c.requests.SetWriteDeadline(deadline); err != nil {
		return err
	}
	return c.writer.write(kindRequest, request)
}

// end closes the pipes, which asks the process to exit. It kills the process if it has not done so within patience. It reports
// whether the process is gone, for which it waits no longer than wait.
func (c *child) end(patience, wait time.Duration) bool {
	close(c.stop)
	c.requests.Close()
	c.answers.Close()
	if patience > 0 && c.gone(patience) {
		return true
	}
	_ = c.cmd.Process.Kill()
	return c.gone(wait)
}

// gone waits for the process to end.
func (c *child) gone(patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-c.exited:
		return true
	case <-timer.C:
		return false
	}
}

// verdict says why a process that ended without a message did so. It waits no longer than wait for the end.
func (c *child) verdict(wait time.Duration) *CollectError {
	if !c.gone(wait) {
		return &CollectError{Reason: ReasonProtocol, Detail: "the helper process closed its pipe and goes on"}
	}
	state := c.cmd.ProcessState
	if state.ExitCode() == exitReleased {
		return &CollectError{Reason: ReasonReleased, Detail: "by signal"}
	}
	detail := state.String()
	if said := c.stderr.String(); said != "" {
		detail += fmt.Sprintf(" (%s)", said)
	}
	return &CollectError{Reason: ReasonCrash, Detail: detail}
}

// tail keeps the beginning and the end of what is written to it, for a crash report. A Go program says what happened first, and a
// library last.
type tail struct {
	mu         sync.Mutex
	head, kept []byte
	left       bool // something between them is gone
}

const headSize, tailSize = 256, 256

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	rest := p
	if room := min(headSize-len(t.head), len(p)); room > 0 {
		t.head, rest = append(t.head, p[:room]...), p[room:]
	}
	t.kept = append(t.kept, rest...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept, t.left = append(t.kept[:0], t.kept[extra:]...), true
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	between := ""
	if t.left {
		between = " … "
	}
	return strings.Join(strings.Fields(string(t.head)+between+string(t.kept)), " ")
}
