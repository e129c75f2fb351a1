// SPDX-License-Identifier: Apache-2.0

// Package vmui makes of dashboards what VictoriaMetrics' own page shows, for the demo, which has no Grafana.
package vmui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/query"
)

// page, row and panel are what the page reads.
type page struct {
	Title string `json:"title"`
	Rows  []row  `json:"rows"`
}

type row struct {
	Title  string  `json:"title"`
	Panels []panel `json:"panels"`
}

type panel struct {
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Unit        string   `json:"unit,omitempty"`
	Expr        []string `json:"expr"`
	Alias       []string `json:"alias"`
	ShowLegend  bool     `json:"showLegend"`
	// Width is in columns, of which a row has 12.
	Width uint32 `json:"width"`
}

// variables are what the page, which has none, asks for. It is requests as clients see them, over a time that suits the demo's
// short intervals.
var variables = strings.NewReplacer("$__rate_interval", "30s", "$__range", "5m", "${"+query.HistogramVariable+"}", "_bucket")

const layer = "client"

// units are those that the page writes behind a number, with what the number is multiplied by.
var units = map[string]struct {
	text   string
	factor string
}{
	"percentunit": {"%", "100"},
	"currencyUSD": {"$", ""},
	"s":           {"s", ""},
	"reqps":       {"req/s", ""},
	"cps":         {"/s", ""},
	"si:tok/s":    {"tok/s", ""},
	"bytes":       {"MiB", "(1/1048576)"},
	"watt":        {"W", ""},
	"celsius":     {"°C", ""},
	"joule":       {"J", ""},
}

// JSON returns a page with the dashboard's lines.
func JSON(b *grafana.Board, catalogue names.Catalogue) ([]byte, error) {
	p := page{Title: b.Title}
	for _, r := range b.Rows {
		shown := row{Title: r.Title}
		for _, drawn := range r.Panels {
			if drawn.Kind != grafana.TimeSeries {
				continue
			}
			unit := units[drawn.Unit]
			made := panel{Title: drawn.Title, Description: drawn.Help, Unit: unit.text, ShowLegend: true, Width: drawn.Width / 2}
			for _, q := range drawn.Queries {
				promql, err := query.Expand(catalogue, q.Text, nil, layer)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", b.UID, drawn.Title, err)
				}
				promql = variables.Replace(promql)
				if unit.factor != "" {
					promql = "(" + promql + ") * " + unit.factor
				}
				made.Expr = append(made.Expr, promql)
				made.Alias = append(made.Alias, q.Legend)
			}
			shown.Panels = append(shown.Panels, made)
		}
		if len(shown.Panels) > 0 {
			p.Rows = append(p.Rows, shown)
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(p)
	return text.Bytes(), err
}
