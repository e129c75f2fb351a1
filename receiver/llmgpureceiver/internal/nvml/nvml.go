// Package nvml reads NVIDIA devices through the driver's management library, NVML, by way of go-nvml.
//
// The calls are data: tables in fields.go and calls.go say which function gives which quantity. No function is
// named twice, and none is called before the library is loaded. What the library lacks answers "function not
// found" (package symbols), what a device does not support is remembered and not asked for again while the
// process lives.
//
// The library can end or block its process, so the package belongs into the helper process, or into a program
// that may be lost. It only ever reads.
package nvml

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Failure is the end of what can be read until the library is loaded anew, which takes a fresh process.
type Failure struct {
	// Call is the C name of the function that failed; empty where this build cannot load the library at all.
	Call string
	// Code is the driver's return code.
	Code int
}

func (f *Failure) Error() string {
	if f.Call == "" {
		return "this build has no support for NVIDIA GPUs: it takes linux, amd64 or arm64, and cgo"
	}
	return f.Call + ": " + gpu.CodeName(f.Code)
}

// Trace is told of each call to the driver: its name as in the tables, its return code, how long it took, and
// what it gave. The field values of a device are one call.
type Trace func(call string, code int, took time.Duration, got []gpu.Reading)
