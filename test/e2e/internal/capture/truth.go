// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Truth is what the model server saw of the requests that an emitter describes.
type Truth struct {
	Cases []Case `json:"cases"`
}

// Case is one call of the emitter's user.
type Case struct {
	Name string `json:"case"`
	// Client is the user's view of the call.
	Client struct {
		Outcome string `json:"outcome"`
	} `json:"client"`
	// TraceIDs are those of the captured spans, in hexadecimal.
	TraceIDs []string `json:"traceIds"`
	// RequestSpans is how many spans arrived that describe a request, each another one. Emitters send none
	// for some failed and abandoned calls.
	RequestSpans int       `json:"requestSpans"`
	Requests     []Request `json:"requests"`
}

// Request is one HTTP request that the model server answered. A call that is resent makes several.
type Request struct {
	Endpoint          string `json:"endpoint"`
	Model             string `json:"model"`
	Stream            bool   `json:"stream"`
	Status            int    `json:"status"`
	InputTokens       int    `json:"inputTokens"`
	OutputTokens      int    `json:"outputTokens"`
	CachedInputTokens int    `json:"cachedInputTokens"`
	// UsageSent is set if the response held the token counts.
	UsageSent bool `json:"usageSent"`
	// TTFTMs is null where the response was not streamed.
	TTFTMs          *float64 `json:"ttftMs"`
	StartUnixMs     float64  `json:"startUnixMs"`
	TotalMs         float64  `json:"totalMs"`
	ClientCancelled bool     `json:"clientCancelled"`
	Dropped         bool     `json:"dropped"`
}

// Last is the request that gave the call its answer.
func (c Case) Last() Request { return c.Requests[len(c.Requests)-1] }

// LoadTruth reads the ground truth of every emitter from expected.json.
func LoadTruth(path string) (map[string]Truth, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	var file struct {
		Emitters map[string]Truth `json:"emitters"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file.Emitters, nil
}

// Exchange answers the spans of a case. It panics when there are none, which is a mistake in the data.
func (t Truth) Exchange(exchanges []Exchange, name string) Exchange {
	for _, c := range t.Cases {
		if c.Name != name {
			continue
		}
		for _, exchange := range exchanges {
			if slices.Contains(c.TraceIDs, exchange.TraceID.String()) {
				return exchange
			}
		}
	}
	panic("no spans of case " + name)
}
