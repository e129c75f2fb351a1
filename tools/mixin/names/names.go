// SPDX-License-Identifier: Apache-2.0

// Package names knows every series that the collector emits: under which name and with which labels Prometheus shows it.
package names

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/prometheus/otlptranslator"
	"go.yaml.in/yaml/v3"

	"github.com/otelcol-llm/otelcol-llm/internal/promname"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Catalogue holds the metrics by their OpenTelemetry names.
type Catalogue map[string]*Metric

// Sorted returns the metrics by name.
func (c Catalogue) Sorted() []*Metric {
	return slices.SortedFunc(maps.Values(c), func(a, b *Metric) int { return cmp.Compare(a.Name, b.Name) })
}

// Load reads what the repository at root emits.
func Load(root string) (Catalogue, error) {
	c := Catalogue{}
	if err := c.addRequests(); err != nil {
		return nil, err
	}
	for _, file := range metadataFiles {
		if err := c.addMetadata(root, file); err != nil {
			return nil, fmt.Errorf("%s: %w", file.path, err)
		}
	}
	for _, m := range ofCollector {
		c[m.Name] = &m
	}
	return c, nil
}

// addRequests adds the catalogue of metrics from spans.
func (c Catalogue) addRequests() error {
	for _, in := range spanmetrics.Catalogue(spanmetrics.V141 | spanmetrics.Development) {
		name, err := promname.Of(&in)
		if err != nil {
			return err
		}
		m := c[in.Name]
		if m == nil {
			m = &Metric{
				Name: in.Name, Prometheus: name, Source: Requests, Histogram: in.Kind == spanmetrics.Histogram,
				Labels: slices.Concat(ofScrape, ofWorkload, ofOptions),
			}
			c[in.Name] = m
		}
		keys := []string{in.Fixed.Key}
		dimensions := slices.Concat(in.Own, in.Extra)
		if in.Own == nil {
			dimensions = append(dimensions, spanmetrics.Defaults()...)
		}
		for _, d := range dimensions {
			keys = append(keys, d.Key)
		}
		if err := m.addLabels(keys); err != nil {
			return err
		}
	}
	return nil
}

// metadataFile is a metadata.yaml of mdatagen.
type metadataFile struct {
	path string
	// source is whose metrics the file describes, apart from its telemetry, which is always the collector's.
	source Source
	// labels are those that the resource adds.
	labels []string
}

// metadataFiles are the components that describe metrics or telemetry of their own.
var metadataFiles = []metadataFile{
	{path: "internal/delivery/metadata.yaml"},
	{path: "receiver/llmgpureceiver/metadata.yaml", source: GPUs, labels: slices.Concat(ofHost, ofOwner)},
	{path: "internal/enginemetrics/metadata.yaml", source: Engines, labels: ofEngine},
}

// described is one metric in a metadata.yaml.
type described struct {
	Unit string `yaml:"unit"`
	Sum  *struct {
		Monotonic bool `yaml:"monotonic"`
	} `yaml:"sum"`
	Gauge      *struct{} `yaml:"gauge"`
	Histogram  *struct{} `yaml:"histogram"`
	Attributes []string  `yaml:"attributes"`
}

func (d described) kind() otlptranslator.MetricType {
	switch {
	case d.Histogram != nil:
		return otlptranslator.MetricTypeHistogram
	case d.Sum != nil && d.Sum.Monotonic:
		return otlptranslator.MetricTypeMonotonicCounter
	case d.Sum != nil:
		return otlptranslator.MetricTypeNonMonotonicCounter
	default:
		return otlptranslator.MetricTypeGauge
	}
}

// metadata is what is read of a metadata.yaml.
type metadata struct {
	Metrics   map[string]described `yaml:"metrics"`
	Telemetry struct {
		Metrics map[string]described `yaml:"metrics"`
	} `yaml:"telemetry"`
	// Attributes may go by another name than their key.
	Attributes map[string]struct {
		NameOverride string `yaml:"name_override"`
	} `yaml:"attributes"`
}

func (c Catalogue) addMetadata(root string, file metadataFile) error {
	text, err := os.ReadFile(filepath.Join(root, file.path))
	if err != nil {
		return err
	}
	var content metadata
	if err := yaml.Unmarshal(text, &content); err != nil {
		return err
	}
	for name, d := range content.Metrics {
		if err := c.add(name, d, content, Metric{Source: file.source, Labels: slices.Concat(ofScrape, file.labels)}); err != nil {
			return err
		}
	}
	for name, d := range content.Telemetry.Metrics {
		if err := c.add("otelcol_"+name, d, content, Metric{Source: Collector, Labels: slices.Clone(ofSelf)}); err != nil {
			return err
		}
	}
	return nil
}

func (c Catalogue) add(name string, d described, content metadata, m Metric) error {
	// The Collector's own endpoint leaves out the suffixes of units and types; read from a running v0.159.0.
	namer := otlptranslator.MetricNamer{WithMetricSuffixes: m.Source != Collector}
	prometheus, err := namer.Build(otlptranslator.Metric{Name: name, Unit: d.Unit, Type: d.kind()})
	if err != nil {
		return err
	}
	m.Name, m.Prometheus, m.Histogram = name, prometheus, d.Histogram != nil
	keys := make([]string, len(d.Attributes))
	for i, key := range d.Attributes {
		keys[i] = cmp.Or(content.Attributes[key].NameOverride, key)
	}
	c[name] = &m
	return m.addLabels(keys)
}
