// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/nvml"
)

// Marker is the name (argv[0]) under which the collector's binary is the helper process. The argument after it is the path of the
// driver's library, empty for the default. Another one, watchArgument, says that events are wanted.
const Marker = "otelcol-llm-gpu-helper"

const watchArgument = "events"

// The helper's end of the pipes.
const (
	requestFD = 3
	answerFD  = 4
)

// Exit statuses of the helper.
const (
	exitParentGone = 0
	exitMisused    = 2
	exitFailed     = 3  // said why in a message
	exitReleased   = 10 // was asked to let go of the devices
)

func init() {
	if len(os.Args) > 0 && os.Args[0] == Marker {
		os.Exit(run(os.Args[1:]))
	}
}

// run is the helper process.
func run(args []string) int {
	if !isPipe(requestFD) || !isPipe(answerFD) {
		fmt.Fprintf(os.Stderr, "%s is the name of the helper process that the llm_gpu receiver starts by itself: "+
			"run this program under another name\n", Marker)
		return exitMisused
	}
	// A terminal or a service manager may signal the whole group. The helper ends when its collector does, and
	// not before it.
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	release := make(chan os.Signal, 1)
	signal.Notify(release, syscall.SIGUSR1)
	go func() {
		<-release
		os.Exit(exitReleased)
	}()

	requests := make(chan gpu.Request)
	go func() {
		// By the end of the pipe the helper learns that its collector is gone. That works even while a call into the driver does
		// not return.
		os.Exit(receive(os.NewFile(requestFD, "requests"), requests))
	}()
	var library string
	if len(args) > 0 {
		library = args[0]
	}
	watch := len(args) > 1 && args[1] == watchArgument
	return serve(library, watch, requests, &frameWriter{to: os.NewFile(answerFD, "answers")})
}

func receive(pipe io.Reader, requests chan<- gpu.Request) int {
	for {
		k, payload, err := readFrame(pipe)
		if errors.Is(err, io.EOF) {
			return exitParentGone
		}
		if err != nil || k != kindRequest {
			return exitFailed
		}
		request, err := decode[gpu.Request](payload)
		if err != nil {
			return exitFailed
		}
		requests <- request
	}
}

func serve(library string, watch bool, requests <-chan gpu.Request, answers *frameWriter) int {
	reader, driver, failure := nvml.Open(library)
	if failure != nil {
		return giveUp(answers, failure)
	}
	var watcher *nvml.Watcher
	if watch {
		watcher, driver.Watched = reader.Watch()
	}
	if err := answers.write(kindHello, hello{driver}); err != nil {
		return exitFailed
	}
	if watcher != nil {
		go report(watcher, answers)
	}
	for request := range requests {
		snapshot, failure := reader.Read(request)
		if failure != nil {
			return giveUp(answers, failure)
		}
		if err := answers.write(kindSnapshot, snapshot); err != nil {
			return exitFailed
		}
	}
	return exitParentGone
}

// report sends events as they come. A collector that does not take them keeps the driver's own queue waiting.
func report(watcher *nvml.Watcher, answers *frameWriter) {
	for {
		if events := watcher.Next(); len(events) > 0 {
			if answers.write(kindEvents, events) != nil {
				return
			}
		}
	}
}

// giveUp says why the helper ends. If nobody listens any more, nobody needs to know.
func giveUp(answers *frameWriter, failure *nvml.DriverError) int {
	_ = answers.write(kindFailed, failed{Call: failure.Call, Code: failure.Code, Text: failure.Error()})
	return exitFailed
}

func isPipe(fd int) bool {
	var stat syscall.Stat_t
	return syscall.Fstat(fd, &stat) == nil && stat.Mode&syscall.S_IFMT == syscall.S_IFIFO
}
