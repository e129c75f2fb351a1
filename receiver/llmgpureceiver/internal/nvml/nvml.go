// SPDX-License-Identifier: Apache-2.0

// Package nvml reads NVIDIA devices through the driver's management library, NVML, by way of go-nvml.
//
// The calls are data: tables in fields.go and calls.go say which function gives which quantity. No function is named twice, and
// none is called before the library is loaded. What the library lacks answers "function not found" (package symbols). What a
// device does not support is remembered and not asked for again while the process lives.
//
// The library can end or block its process. So the package belongs into the helper process, or into a program that may be lost.
// It only ever reads.
package nvml

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// DriverError is the end of what can be read until the library is loaded anew, which takes a fresh process.
type DriverError struct {
	// Call is the C name of the function that failed; empty where this build cannot load the library at all.
	Call string
	// Code is the driver's return code.
	Code int
}

func (f *DriverError) Error() string {
	if f.Call == "" {
		return "this build has no support for NVIDIA GPUs: it takes linux, amd64 or arm64, and cgo"
	}
	return f.Call + ": " + gpu.CodeName(f.Code)
}

// Answer is what one source of a device answered in a survey.
type Answer struct {
	// Source is the call as in the tables. It is its C name, with an argument in parentheses where one function has several rows.
	// For a field value it is the field's number.
	Source string
	// Code is the driver's return code.
	Code int
	// Took is how long the call took. A field value comes in one call with the others; for it, Took is what the driver says.
	Took time.Duration
	// Type is the driver's tag of a field value: "uint32", "uint64" and the like; empty for a call.
	Type string
	// Readings are what the call gave, none if it failed. For a field value they are in the unit of the quantity.
	Readings []gpu.Reading
}

// Doubt is a field value whose meaning or width depends on the driver, read twice.
type Doubt struct {
	// Field and Scope are the numbers that the driver was asked for.
	Field, Scope uint32
	// Code is the driver's return code, Type the tag of the value, Latency what the driver says that it took.
	Code    int
	Type    string
	Latency time.Duration
	// First and Second are the raw bits of the two values.
	First, Second uint64
}

// Surveyed is a device with all its answers.
type Surveyed struct {
	Info    gpu.Info
	Answers []Answer
}
