// SPDX-License-Identifier: Apache-2.0

// Package symbols defines every NVML function that go-nvml refers to. So a program with go-nvml in it has no undefined NVML
// symbol.
//
// go-nvml leaves its calls into the driver's library undefined and relies on lazy binding. A program linked that way dies at
// start where symbols are bound at once. So it is with LD_BIND_NOW, -z now, and any dependency on Go's plugin package. It dies
// with exit status 127 when it calls what an older driver lacks. Here each of those functions is a jump stub. The first call
// looks the function up among the libraries that are loaded; later calls jump straight to it. A function that is missing answers
// NVML_ERROR_FUNCTION_NOT_FOUND.
//
// Importing the package for its side effect is enough. Other users of go-nvml in the same program gain from it too.
package symbols

//go:generate go run ./gen -o symbols.h
