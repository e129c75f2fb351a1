// SPDX-License-Identifier: Apache-2.0

// Package helper runs NVML in a separate process, and talks to it. That process may crash, hang or be killed without harm to the
// collector.
//
// The helper process is the collector's own binary, executed again under the name Marker with a pair of pipes. The init function
// of this package takes over there before anything else of the collector runs. To do so early and small, the package imports
// little. That is the standard library, and package nvml with what that needs.
//
// The helper is crash-only. It has no state worth keeping, and whatever it cannot carry on from makes it say why and exit. The
// collector's side, Client, starts the next one.
package helper
