// SPDX-License-Identifier: Apache-2.0

// Package promname returns the name under which Prometheus shows a metric or an attribute.
package promname

import (
	"github.com/prometheus/otlptranslator"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// types are the types by which the translation decides on suffixes.
var types = map[spanmetrics.Kind]otlptranslator.MetricType{
	spanmetrics.Counter:   otlptranslator.MetricTypeMonotonicCounter,
	spanmetrics.Histogram: otlptranslator.MetricTypeHistogram,
	spanmetrics.Gauge:     otlptranslator.MetricTypeGauge,
}

// Of returns the name with the suffixes of unit and type. Prometheus and its exporters make it of a metric by default.
func Of(in *spanmetrics.Instrument) (string, error) {
	return name(in, otlptranslator.MetricNamer{WithMetricSuffixes: true})
}

// Plain returns the name without suffixes: only with the characters replaced that Prometheus does not have in names.
func Plain(in *spanmetrics.Instrument) (string, error) {
	return name(in, otlptranslator.MetricNamer{})
}

func name(in *spanmetrics.Instrument, namer otlptranslator.MetricNamer) (string, error) {
	return namer.Build(otlptranslator.Metric{Name: in.Name, Unit: in.Unit, Type: types[in.Kind]})
}

// Label returns the name of the label as which Prometheus shows an attribute.
func Label(key string) (string, error) {
	namer := otlptranslator.LabelNamer{}
	return namer.Build(key)
}
