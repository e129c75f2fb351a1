package helper

import (
	"errors"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Reason says in one word why there is no snapshot, or why a helper process ended.
type Reason string

const (
	// ReasonNoDevice: no NVIDIA driver is to be seen on this machine, and no helper process runs.
	ReasonNoDevice Reason = "no_device"
	// ReasonReleased: the devices are let go, by the release file or by a signal to the helper.
	ReasonReleased Reason = "released"
	// ReasonStarting: the driver's library is still starting.
	ReasonStarting Reason = "starting"
	// ReasonStartFailed: the helper process could not be started.
	ReasonStartFailed Reason = "start_failed"
	// ReasonUnsupportedBuild: this binary has no support for NVML.
	ReasonUnsupportedBuild Reason = "unsupported_build"
	// ReasonLibraryNotFound: the driver's library could not be loaded.
	ReasonLibraryNotFound Reason = "library_not_found"
	// ReasonNotNVML: what was loaded lacks the functions of the driver's library.
	ReasonNotNVML Reason = "not_nvml"
	// ReasonDriverNotLoaded: the library found no driver in the kernel.
	ReasonDriverNotLoaded Reason = "driver_not_loaded"
	// ReasonVersionMismatch: library and kernel driver are of different versions.
	ReasonVersionMismatch Reason = "version_mismatch"
	// ReasonNoPermission: the device files are closed to this process.
	ReasonNoPermission Reason = "no_permission"
	// ReasonDriverError: the driver failed in another way.
	ReasonDriverError Reason = "driver_error"
	// ReasonNoGPU: the driver has no device.
	ReasonNoGPU Reason = "no_gpu"
	// ReasonCrash: the helper process ended without a word.
	ReasonCrash Reason = "crash"
	// ReasonDeadline: the driver did not answer in time.
	ReasonDeadline Reason = "deadline"
	// ReasonHung: two helper processes are stuck in the driver and cannot be killed; no more are started.
	ReasonHung Reason = "hung"
	// ReasonProtocol: the helper process sent what is no message.
	ReasonProtocol Reason = "protocol"
)

// Failure says why there is no snapshot.
type Failure struct {
	Reason Reason
	// Call and Code are the driver's function that failed and its return code, where there is one.
	Call string
	Code int
	// Detail is for people: what the system or the helper process said.
	Detail string
	// Repeated says that nothing was tried: the failure is the last one, and the next try is not due yet.
	Repeated bool
}

func (f *Failure) Error() string {
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
func failureOf(f failed) *Failure {
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
	return &Failure{Reason: reason, Call: f.Call, Code: f.Code}
}

// AsFailure returns the Failure in an error of Collect.
func AsFailure(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Reason: ReasonStartFailed, Detail: err.Error()}
}
