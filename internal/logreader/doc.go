// SPDX-License-Identifier: Apache-2.0

// Package logreader turns log records that describe requests to models into the spans that would describe the same.
//
// The span reader reads these spans with the tables of their emitters, so that a request is one thing whatever signal brought
// it. Names, times, ids and attributes of a record are read; its body only where an emitter writes the event's name there, up
// to the length of a name.
package logreader
