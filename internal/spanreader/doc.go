// SPDX-License-Identifier: Apache-2.0

// Package inference turns finished spans into LLM requests: it reads what emitters wrote,
// decides what each span is, and finds the spans that describe the same request.
//
// It knows pdata and the tables of package emitter, but no clock, logger or collector component.
package spanreader
