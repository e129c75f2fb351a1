// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Options are what a Client is made with. All durations must be above zero.
type Options struct {
	// LibraryPath is the driver's library; empty for the one that the dynamic linker finds.
	LibraryPath string
	// StartTimeout is how long the library may take to start. It is longer than a collection, since the driver may have to wake
	// the devices.
	StartTimeout time.Duration
	// RestartDelay and MaxRestartDelay bound the pause before a helper is started after another that never answered. It doubles
	// from one to the other. After one that did answer, there is no pause.
	RestartDelay, MaxRestartDelay time.Duration
	// ReleaseFile, if not empty, is a path; while a file is there, no helper runs.
	ReleaseFile string
	// ReleaseTime is how long no helper runs after one was asked to let go by SIGUSR1.
	ReleaseTime time.Duration
	// Present reports whether there is an NVIDIA driver to talk to. It is asked before a helper is started.
	Present func() bool
	// Denied reports whether the device files are there and closed to this process. It is asked when the driver's library
	// does not start and does not say why, as it does then.
	Denied func() bool
	// Events, if set, takes the events of devices soon after they happen. It is called from another goroutine than Collect's,
	// one call at a time for each helper, and must not wait.
	Events func([]gpu.Event)
	// Ended, if set, is called during Collect with the reason for which a helper ended.
	Ended func(Reason)
}

// Result is a snapshot and the driver that it comes from.
type Result struct {
	Snapshot gpu.Snapshot
	Driver   gpu.Driver
}
