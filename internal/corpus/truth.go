// SPDX-License-Identifier: Apache-2.0

package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// truthFile is the file with the truth about a case that was captured.
const truthFile = "truth.json"

// Truth is what the server of a captured case saw. Its spans hold one trace or several for each call.
type Truth struct {
	Calls []Call `json:"calls"`
}

// Call is one call of a program to a model.
type Call struct {
	// Case is what was tried, such as stream.
	Case string `json:"case"`
	// Traces are the ids of the call's traces.
	Traces []string `json:"traces"`
	// Requests are those that reached the server, in their order; the last one decides how the call ended.
	Requests []Seen `json:"requests"`
	// Lacks are what the emitter's spans do not carry of such calls. "span" stands for all. Others are "input", "output",
	// "cache_read", "cache_write", "reasoning", "first_token", "stream", "model", "duration" and "outcome".
	// A time to the first token that begins with the response's headers lacks "headers".
	Lacks []string `json:"lacks,omitempty"`
}

// Seen is one request as the server saw it.
type Seen struct {
	Endpoint string `json:"endpoint"`
	Model    string `json:"model"`
	Stream   bool   `json:"stream"`
	Status   int    `json:"status"`
	Usage    Usage  `json:"usage"`
	// FirstToken and Duration are seconds from the request's arrival; FirstToken is 0 without a stream.
	FirstToken float64 `json:"first_token,omitempty"`
	Duration   float64 `json:"duration"`
	// Cancelled responses were left by their caller, Dropped ones broken off by the server.
	Cancelled bool `json:"cancelled,omitempty"`
	Dropped   bool `json:"dropped,omitempty"`
}

// Usage is the tokens of a request. Cached tokens are a part of the input, reasoning is one of the output.
type Usage struct {
	Input      int64 `json:"input"`
	Output     int64 `json:"output"`
	CacheRead  int64 `json:"cache_read,omitempty"`
	CacheWrite int64 `json:"cache_write,omitempty"`
	Reasoning  int64 `json:"reasoning,omitempty"`
}

// lacksSpan says that the emitter sends no span of such calls.
const lacksSpan = "span"

// Lack reports whether the spans of such calls do not carry something.
func (c *Call) Lack(what string) bool { return slices.Contains(c.Lacks, what) }

// Counts reports whether the call counts as a request: whether it has a span.
func (c *Call) Counts() bool { return !c.Lack(lacksSpan) }

// Count returns the number of calls that count.
func (t *Truth) Count() (n int) {
	for i := range t.Calls {
		if t.Calls[i].Counts() {
			n++
		}
	}
	return n
}

// Truth returns what the server of the case saw, or nil if it was not captured.
func (c *Case) Truth() (*Truth, error) {
	raw, err := os.ReadFile(filepath.Join(c.Folder, truthFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var truth Truth
	if err := json.Unmarshal(raw, &truth); err != nil {
		return nil, fmt.Errorf("%s: %w", truthFile, err)
	}
	return &truth, nil
}

// WriteTruth writes what the server of the case saw.
func (c *Case) WriteTruth(truth *Truth) error {
	text, err := json.MarshalIndent(truth, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Folder, truthFile), append(text, '\n'), 0o644)
}
