// SPDX-License-Identifier: Apache-2.0

// Package spanreader reads LLM requests out of finished spans: what emitters wrote, and what each span is.
//
// It knows pdata and the tables of package emitter, but no clock, logger or collector component.
package spanreader
