// SPDX-License-Identifier: Apache-2.0

// Package logreader turns log records that describe requests to models into the spans that would describe the same.
//
// The span reader reads these spans with the tables of their emitters. So a request is one thing whatever signal brought it.
// Names, times, ids and attributes of a record are read. Its body is read only where an emitter writes the event's name there, up
// to the length of a name.
package logreader
