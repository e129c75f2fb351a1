// SPDX-License-Identifier: Apache-2.0

package main

// variant is a way to run a whole collector, and to send to it.
type variant struct {
	name, config string
	// binary is the program.
	binary string
	// environment and arguments are given to it.
	environment, arguments []string
	sending
}

// sending is how a sender sends.
type sending struct {
	// spans is the number of spans in a request; 0 means batchSpans.
	spans int
	// compression is a name that gRPC knows; empty sends requests as they are.
	compression string
}

// seldomCollected makes garbage collection as seldom as in the image, the chart and the packages.
var seldomCollected = []string{"GOGC=400", "GOMEMLIMIT=512MiB"}
