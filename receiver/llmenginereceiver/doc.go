// SPDX-License-Identifier: Apache-2.0

//go:generate mdatagen metadata.yaml

// Package llmenginereceiver reads the metrics page of an inference engine, and JSON documents beside it. It sends them as metrics
// of one vocabulary.
package llmenginereceiver
