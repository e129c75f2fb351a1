// SPDX-License-Identifier: Apache-2.0

package promtext

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
)

// openMetrics is the format in which exemplars exist.
const openMetrics = "application/openmetrics-text"

// Exemplar is a request that a bucket of a histogram names as an example.
type Exemplar struct {
	Metric  string
	TraceID string // hexadecimal, as is SpanID
	SpanID  string
}

var (
	exemplarLine  = regexp.MustCompile(`(?m)^(\w+)_bucket\{.*\} \S+ # \{([^}]*)\} \S+ \S+$`)
	exemplarLabel = regexp.MustCompile(`(trace_id|span_id)="([0-9a-f]+)"`)
)

// GetExemplars reads the exemplars that an endpoint exposes to those who ask for the OpenMetrics format.
func GetExemplars(ctx context.Context, url string) ([]Exemplar, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", openMetrics+"; version=1.0.0")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", url, answer.Status)
	}
	if format := answer.Header.Get("Content-Type"); len(format) < len(openMetrics) || format[:len(openMetrics)] != openMetrics {
		return nil, fmt.Errorf("%s answered in the format %q", url, format)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	return parseExemplars(string(text)), nil
}

func parseExemplars(text string) []Exemplar {
	var all []Exemplar
	for _, line := range exemplarLine.FindAllStringSubmatch(text, -1) {
		one := Exemplar{Metric: line[1]}
		for _, label := range exemplarLabel.FindAllStringSubmatch(line[2], -1) {
			if label[1] == "trace_id" {
				one.TraceID = label[2]
			} else {
				one.SpanID = label[2]
			}
		}
		all = append(all, one)
	}
	return all
}
