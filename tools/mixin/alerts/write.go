// SPDX-License-Identifier: Apache-2.0

package alerts

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/prometheus/common/model"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/query"
)

// runbook is where each alert has a heading of its name.
const runbook = "https://github.com/otelcol-llm/otelcol-llm/blob/main/docs/runbook.md"

// RunbookURL is what to read when an alert fires.
func RunbookURL(alert string) string { return runbook + "#" + strings.ToLower(alert) }

// page is a file of rules. Comments come with the rules, so that users who change one read why it is so.
var page = template.Must(template.New("rules").Funcs(template.FuncMap{"indent": indent, "quote": quote, "duration": duration}).Parse(
	`# SPDX-License-Identifier: Apache-2.0

# Made by 'make generate' from tools/mixin. Load all files of this folder: alerts compare with rules_thresholds.yaml.

groups:
{{- range .Groups }}
  - name: {{ .Name }}
    {{- if .Interval }}
    interval: {{ duration .Interval }}
    {{- end }}
    rules:
    {{- range .Recordings }}
      # {{ .Comment }}
      - record: {{ .Record }}
        expr: {{ indent .Text }}
        {{- if .Labels }}
        labels:
        {{- range $key, $value := .Labels }}
          {{ $key }}: {{ $value }}
        {{- end }}
        {{- end }}
    {{- end }}
    {{- range .Alerts }}
      - alert: {{ .Name }}
        expr: {{ indent .Text }}
        {{- if .For }}
        for: {{ duration .For }}
        {{- end }}
        labels:
          severity: {{ .Severity }}
        annotations:
          summary: {{ quote .Summary }}
          description: {{ quote .Action }}
          runbook_url: {{ .RunbookURL }}
    {{- end }}
{{- end }}
`))

// RunbookURL is what to read when it fires.
func (a Alert) RunbookURL() string { return RunbookURL(a.Name) }

func indent(text string) string {
	if !strings.Contains(text, "\n") {
		return quote(text)
	}
	return "|\n" + regexp.MustCompile(`(?m)^`).ReplaceAllString(text, "          ")
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func duration(d time.Duration) string { return model.Duration(d).String() }

// YAML returns the file as Prometheus reads it.
func (f File) YAML(catalogue names.Catalogue) ([]byte, error) {
	for i, group := range f.Groups {
		for j, r := range group.Recordings {
			text, err := expand(catalogue, r.Text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.Record, err)
			}
			f.Groups[i].Recordings[j].Text = text
		}
		for j, a := range group.Alerts {
			text, err := expand(catalogue, a.Text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Name, err)
			}
			f.Groups[i].Alerts[j].Text = text
		}
	}
	var text bytes.Buffer
	err := page.Execute(&text, f)
	return text.Bytes(), err
}

var threshold = regexp.MustCompile(`<threshold:(\w+)>`)

// expand makes PromQL of a text with metrics and thresholds.
func expand(catalogue names.Catalogue, text string) (promql string, err error) {
	text = threshold.ReplaceAllStringFunc(text, func(found string) string {
		value, wrong := thresholdOf(threshold.FindStringSubmatch(found)[1])
		if wrong != nil {
			err = wrong
		}
		return value
	})
	if err != nil {
		return "", err
	}
	return query.Expand(catalogue, text, nil, "")
}
