// SPDX-License-Identifier: Apache-2.0

//go:build !linux || !cgo || !(amd64 || arm64)

package nvml

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Available reports whether this build can load the driver's library.
const Available = false

// Reader reads devices. In this build there is none.
type Reader struct{}

// Open fails in this build.
func Open(string) (*Reader, gpu.Driver, *DriverError) {
	return nil, gpu.Driver{}, &DriverError{Code: gpu.CodeLibraryNotFound}
}

// Read is never reached in this build.
func (*Reader) Read(gpu.Request) (gpu.Snapshot, *DriverError) {
	return gpu.Snapshot{}, &DriverError{Code: gpu.CodeLibraryNotFound}
}

// Survey is never reached in this build.
func (*Reader) Survey() ([]Surveyed, *DriverError) {
	return nil, &DriverError{Code: gpu.CodeLibraryNotFound}
}

// Doubts is never reached in this build.
func (*Reader) Doubts(int, time.Duration) ([]Doubt, *DriverError) {
	return nil, &DriverError{Code: gpu.CodeLibraryNotFound}
}

// Watcher waits for events. In this build there is none.
type Watcher struct{}

// Watch registers for nothing in this build.
func (*Reader) Watch() (*Watcher, int) { return nil, 0 }

// Next is never reached in this build.
func (*Watcher) Next() []gpu.Event { return nil }
