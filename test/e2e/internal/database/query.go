// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

// Sample is one element of a query's result.
type Sample struct {
	Labels map[string]string
	Value  float64
}

// Query answers what a query in PromQL yields of all that has arrived.
func (d *Server) Query(ctx context.Context, query string) ([]Sample, error) {
	// Otherwise series that were not there a moment ago are not found for some 10 s.
	if _, err := d.get(ctx, "/internal/force_flush"); err != nil {
		return nil, err
	}
	body, err := d.get(ctx, "/api/v1/query?nocache=1&query="+url.QueryEscape(query))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Value  [2]any            `json:"value"` // time and the value as text
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	samples := make([]Sample, len(answer.Data.Result))
	for i, result := range answer.Data.Result {
		value, err := strconv.ParseFloat(fmt.Sprint(result.Value[1]), 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
		samples[i] = Sample{Labels: result.Metric, Value: value}
	}
	return samples, nil
}
