// SPDX-License-Identifier: Apache-2.0

package gpu

import "strconv"

// Return codes of the driver that decide what to do next; nvmlReturn_t in the driver's header.
const (
	CodeSuccess                 = 0
	CodeUninitialized           = 1
	CodeInvalidArgument         = 2
	CodeNotSupported            = 3
	CodeNoPermission            = 4
	CodeNotFound                = 6
	CodeDriverNotLoaded         = 9
	CodeLibraryNotFound         = 12
	CodeFunctionNotFound        = 13
	CodeGPUIsLost               = 15
	CodeResetRequired           = 16
	CodeOperatingSystem         = 17
	CodeVersionMismatch         = 18
	CodeArgumentVersionMismatch = 25
	CodeDeprecated              = 26
	CodeNotReady                = 27
	CodeGPUNotFound             = 28
	CodeUnknown                 = 999
)

// The driver's own text is not used: asking for it is a call into the library.
var codeNames = map[int]string{
	0: "success", 1: "uninitialized", 2: "invalid_argument", 3: "not_supported", 4: "no_permission",
	5: "already_initialized", 6: "not_found", 7: "insufficient_size", 8: "insufficient_power",
	9: "driver_not_loaded", 10: "timeout", 11: "irq_issue", 12: "library_not_found", 13: "function_not_found",
	14: "corrupted_inforom", 15: "gpu_is_lost", 16: "reset_required", 17: "operating_system",
	18: "lib_rm_version_mismatch", 19: "in_use", 20: "memory", 21: "no_data", 22: "vgpu_ecc_not_supported",
	23: "insufficient_resources", 24: "freq_not_supported", 25: "argument_version_mismatch", 26: "deprecated",
	27: "not_ready", 28: "gpu_not_found", 29: "invalid_state", 999: "unknown",
}

// CodeName returns the name of a return code: the driver's constant in lower case without its prefix. For a code that is not
// known it is "code_" and the number.
func CodeName(code int) string {
	if name, ok := codeNames[code]; ok {
		return name
	}
	return "code_" + strconv.Itoa(code)
}

// Unsupported reports whether a return code says that the device, or the loaded library, cannot answer this call at all. Asking
// again is then of no use.
func Unsupported(code int) bool {
	switch code {
	case CodeNotSupported, CodeFunctionNotFound, CodeArgumentVersionMismatch, CodeDeprecated:
		return true
	}
	return false
}

// Closed reports whether a return code says that the device, or a part of it, is closed to this process.
func Closed(code int) bool { return code == CodeNoPermission || code == CodeOperatingSystem }

// DeviceGone reports whether a return code says that the device itself no longer answers.
func DeviceGone(code int) bool { return code == CodeGPUIsLost || code == CodeResetRequired }

// DriverGone reports whether a return code says that nothing can be read until the library is loaded anew.
func DriverGone(code int) bool {
	return code == CodeUninitialized || code == CodeDriverNotLoaded || code == CodeVersionMismatch
}
