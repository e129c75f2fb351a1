// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"errors"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Reason says in one word why there is no snapshot, or why a helper process ended.
type Reason string

const (
	// ReasonNoDevice means that no NVIDIA driver is to be seen on this machine, and no helper process runs.
	ReasonNoDevice Reason = "no_device"
	// ReasonReleased means that the devices are let go, by the release file or by a signal to the helper.
	ReasonReleased Reason = "released"
	// ReasonStarting means that the driver's library is still starting.
	ReasonStarting Reason = "starting"
	// ReasonStartFailed means that the helper process could not be started.
	ReasonStartFailed Reason = "start_failed"
	// ReasonUnsupportedBuild means that this binary has no support for NVML.
	ReasonUnsupportedBuild Reason = "unsupported_build"
	// ReasonLibraryNotFound means that the driver's library could not be loaded.
	ReasonLibraryNotFound Reason = "library_not_found"
	// ReasonNotNVML means that what was loaded lacks the functions of the driver's library.
	ReasonNotNVML Reason = "not_nvml"
	// ReasonDriverNotLoaded means that the library found no driver in the kernel.
	ReasonDriverNotLoaded Reason = "driver_not_loaded"
	// ReasonVersionMismatch means that library and kernel driver are of different versions.
	ReasonVersionMismatch Reason = "version_mismatch"
	// ReasonNoPermission means that the device files are closed to this process.
	ReasonNoPermission Reason = "no_permission"
	// ReasonDriverError means that the driver failed in another way.
	ReasonDriverError Reason = "driver_error"
	// ReasonNoGPU means that the driver has no device.
	ReasonNoGPU Reason = "no_gpu"
	// ReasonCrash means that the helper process ended without a word.
	ReasonCrash Reason = "crash"
	// ReasonDeadline means that the driver did not answer in time.
	ReasonDeadline Reason = "deadline"
	// ReasonHung means that two helper processes are stuck in the driver and cannot be killed; no more are started.
	ReasonHung Reason = "hung"
	// ReasonProtocol means that the helper process sent what is no message.
	ReasonProtocol Reason = "protocol"
)

// CollectError says why there is no snapshot.
type CollectError struct {
	Reason Reason
	// Call and Code are the driver's function that failed and its return code, where there is one.
	Call string
	Code int
	// Detail is for people: what the system or the helper process said.
	Detail string
	// Repeated says that nothing was tried: the failure is the last one, and the next try is not due yet.
	Repeated bool
}

func (f *CollectError) Error() string {
	text := string(f.Reason)
	if f.Call != "" {
		text += ": " + f.Call + " answered " + gpu.CodeName(f.Code)
	}
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	return text
}

// failureOf sorts out what the driver answered.
func failureOf(f failed) *CollectError {
	reason := ReasonDriverError
	switch f.Code {
	case gpu.CodeLibraryNotFound:
		reason = ReasonLibraryNotFound
	case gpu.CodeFunctionNotFound:
		reason = ReasonNotNVML
	case gpu.CodeDriverNotLoaded, gpu.CodeUninitialized:
		reason = ReasonDriverNotLoaded
	case gpu.CodeVersionMismatch:
		reason = ReasonVersionMismatch
	case gpu.CodeNoPermission, gpu.CodeOperatingSystem:
		reason = ReasonNoPermission
	case gpu.CodeGPUNotFound:
		reason = ReasonNoGPU
	}
	return &CollectError{Reason: reason, Call: f.Call, Code: f.Code}
}

// AsCollectError returns the CollectError in an error of Collect.
func AsCollectError(err error) *CollectError {
	var f *CollectError
	if errors.As(err, &f) {
		return f
	}
	return &CollectError{Reason: ReasonStartFailed, Detail: err.Error()}
}
