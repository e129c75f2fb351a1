// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package symbols

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>

int llm_nvml_exists(const char *name);
*/
import "C" //nolint:gocritic // takes C for unsafe

import "unsafe" //nolint:gocritic // takes C for unsafe

// Missing returns those of the given C function names that no loaded library offers, in the order given. Call
// it after go-nvml loaded the driver's library; before, every name is missing.
func Missing(names []string) []string {
	var missing []string
	for _, name := range names {
		cName := C.CString(name)
		if C.llm_nvml_exists(cName) == 0 {
			missing = append(missing, name)
		}
		C.free(unsafe.Pointer(cName))
	}
	return missing
}
