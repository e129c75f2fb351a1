// SPDX-License-Identifier: Apache-2.0

// Package helper runs NVML in a process of its own, which may crash, hang or be killed without harm to the
// collector, and talks to it.
//
// The helper process is the collector's own binary, executed again under the name Marker with a pair of pipes. The init
// function of this package takes over there before anything else of the collector runs. To do so early and small, the package
// imports nothing but the standard library and package nvml with what that needs.
//
// The helper is crash-only: it has no state worth keeping, and whatever it cannot carry on from makes it say
// why and exit. The collector's side, Client, starts the next one.
package helper
