// SPDX-License-Identifier: Apache-2.0

// Package promtext reads what a Prometheus endpoint exposes as text.
package promtext

import (
	"context"
	"fmt"
	"io"
	"net/http"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Labels are label names and values. As a condition they are met by series that have at least these. An empty value is met by a
// label that is missing.
type Labels map[string]string

// Metrics holds one reading of an endpoint: series by metric name.
type Metrics map[string][]Series

// Series is one counter, gauge or histogram.
type Series struct {
	Labels Labels
	// Value is that of a counter or gauge.
	Value float64
	// Histogram is empty for a counter or gauge.
	Histogram Histogram
}

// Get reads an endpoint.
func Get(ctx context.Context, url string) (Metrics, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", url, answer.Status)
	}
	metrics, err := Parse(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	return metrics, nil
}

// Parse reads the text format.
func Parse(text io.Reader) (Metrics, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(text)
	if err != nil {
		return nil, err
	}
	metrics := make(Metrics, len(families))
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			metrics[name] = append(metrics[name], series(metric))
		}
	}
	return metrics, nil
}

func series(metric *dto.Metric) Series {
	s := Series{Labels: Labels{}}
	for _, pair := range metric.GetLabel() {
		s.Labels[pair.GetName()] = pair.GetValue()
	}
	switch {
	case metric.GetCounter() != nil:
		s.Value = metric.GetCounter().GetValue()
	case metric.GetGauge() != nil:
		s.Value = metric.GetGauge().GetValue()
	case metric.GetUntyped() != nil:
		s.Value = metric.GetUntyped().GetValue()
	case metric.GetHistogram() != nil:
		h := metric.GetHistogram()
		s.Histogram = Histogram{Count: float64(h.GetSampleCount()), Sum: h.GetSampleSum()}
		for _, bucket := range h.GetBucket() {
			s.Histogram.Buckets = append(s.Histogram.Buckets,
				Bucket{UpTo: bucket.GetUpperBound(), Count: float64(bucket.GetCumulativeCount())})
		}
	}
	return s
}

// Select answers the series of a metric whose labels meet the condition.
func (m Metrics) Select(name string, where Labels) []Series {
	var selected []Series
	for _, s := range m[name] {
		if where.metBy(s.Labels) {
			selected = append(selected, s)
		}
	}
	return selected
}

func (l Labels) metBy(labels Labels) bool {
	for name, value := range l {
		if labels[name] != value {
			return false
		}
	}
	return true
}

// Sum adds the values of the selected counters.
func (m Metrics) Sum(name string, where Labels) float64 {
	var sum float64
	for _, s := range m.Select(name, where) {
		sum += s.Value
	}
	return sum
}

// Histogram adds the selected histograms, which must have the same buckets.
func (m Metrics) Histogram(name string, where Labels) Histogram {
	var sum Histogram
	for _, s := range m.Select(name, where) {
		sum.add(s.Histogram)
	}
	return sum
}
