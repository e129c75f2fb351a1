// SPDX-License-Identifier: Apache-2.0

// Docgen writes the list of metrics from the catalogue, so that what the documentation says is what the
// components do.
package main

import (
	"bytes"
	_ "embed"
	"flag"
	"log"
	"os"
	"strconv"
	"strings"
	"text/template"

	"github.com/otelcol-llm/otelcol-llm/internal/promname"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

//go:embed documentation.md.tmpl
var page string

// entry is one metric of the list.
type entry struct {
	spanmetrics.Instrument
	// Prometheus is the name that the Prometheus exporter gives the metric.
	Prometheus string
	Kind       string
	Layers     string
	Attributes []string
	Bounds     string
	// Profile is the value of the setting semconv that the metric needs; empty for any.
	Profile string
}

func main() {
	log.SetFlags(0)
	out := flag.String("out", "documentation.md", "the file to write")
	flag.Parse()
	entries, err := list(spanmetrics.Catalogue(spanmetrics.V141 | spanmetrics.Development))
	if err != nil {
		log.Fatal(err)
	}
	var text bytes.Buffer
	if err := template.Must(template.New("page").Parse(page)).Execute(&text, entries); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, text.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// list describes each metric once; instruments of one name differ in a fixed attribute.
func list(catalogue []spanmetrics.Instrument) ([]entry, error) {
	var entries []entry
	for _, in := range catalogue {
		if n := len(entries); n > 0 && entries[n-1].Name == in.Name {
			continue
		}
		name, err := promname.Of(&in)
		if err != nil {
			return nil, err
		}
		e := entry{Instrument: in, Prometheus: name, Kind: in.Kind.String()}
		if in.Kind == spanmetrics.Histogram {
			e.Bounds = boundsText(in.Bounds)
		}
		switch in.Profile {
		case spanmetrics.V141:
			e.Profile = "v1.41"
		case spanmetrics.Development:
			e.Profile = "development"
		}
		var layers []string
		for _, l := range in.Layers {
			layers = append(layers, l.String())
		}
		e.Layers = strings.Join(layers, ", ")
		for _, d := range in.Extra {
			e.Attributes = append(e.Attributes, d.Key)
		}
		if in.Fixed.Key != "" {
			e.Attributes = append(e.Attributes, in.Fixed.Key)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func boundsText(bounds []float64) string {
	texts := make([]string, len(bounds))
	for i, b := range bounds {
		texts[i] = strconv.FormatFloat(b, 'f', -1, 64)
	}
	return strings.Join(texts, ", ")
}
