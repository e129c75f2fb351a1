// SPDX-License-Identifier: Apache-2.0

// Package llmgpureceiver reports the state of NVIDIA GPUs, as their driver gives it.
//
// The driver's library runs in a helper process (package internal/helper), so that its faults are not the
// collector's. What the readings mean over time is in package internal/gpu.
package llmgpureceiver

//go:generate mdatagen metadata.yaml
