// SPDX-License-Identifier: Apache-2.0

package main

// Exit codes.
const (
	exitCounted     = 0 // every span was accepted and is counted once
	exitMiscounted  = 1 // spans were accepted, and are not counted or counted more than once
	exitUsage       = 2 // flags that cannot be
	exitUnreachable = 3 // the collector refused the spans or did not answer
)
