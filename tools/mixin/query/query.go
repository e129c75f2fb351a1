// SPDX-License-Identifier: Apache-2.0

// Package query makes PromQL of text that names metrics by their OpenTelemetry names. So no query can name what is not emitted.
//
// In the text, <llm.requests> is a metric and <llm.requests llm_outcome="error"> one with matchers. A histogram is named
// with the part that is meant: <gen_ai.server.request.duration:bucket>, :sum or :count. The matchers of a Scope come by
// themselves.
package query

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
)

// Scope are matchers for the metrics of each source, such as those that follow from a dashboard's variables.
type Scope map[names.Source][]string

// placeholder is a metric in angle brackets: name, part of a histogram, matchers.
var placeholder = regexp.MustCompile(`<([a-z][a-z0-9_.]*)(?::([a-z]+))?(?: ([^>]+))?>`)

// LayerLabel separates measurements of one request by clients, gateways and engines.
const LayerLabel = "llm_layer"

// AnyLayer leaves series of all layers beside each other.
const AnyLayer = "*"

// Expand returns the PromQL of a text. A text that does not itself say what becomes of the layers is for that of layer. That is a
// value, a variable or AnyLayer. Without one it must say so.
func Expand(catalogue names.Catalogue, text string, scope Scope, layer string) (promql string, err error) {
	decided := strings.Contains(text, LayerLabel)
	promql = placeholder.ReplaceAllStringFunc(text, func(found string) string {
		parts := placeholder.FindStringSubmatch(found)
		metric := catalogue[parts[1]]
		if metric == nil {
			err = fmt.Errorf("no metric %q in: %s", parts[1], text)
			return ""
		}
		var matchers []string
		for _, m := range scope[metric.Source] {
			if metric.HasLabel(labelOf(m)) {
				matchers = append(matchers, m)
			}
		}
		if metric.HasLabel(LayerLabel) && !decided && layer != AnyLayer {
			if layer == "" {
				err = fmt.Errorf("of which layer is %s in: %s", found, text)
			}
			matchers = append(matchers, fmt.Sprintf("%s=%q", LayerLabel, layer))
		}
		if parts[3] != "" {
			matchers = append(matchers, parts[3])
		}
		selector, wrong := selectorOf(metric, parts[2], matchers)
		if wrong != nil {
			err = fmt.Errorf("%w in: %s", wrong, text)
		}
		return selector
	})
	return promql, err
}

// HistogramVariable is the dashboards' variable whose value is what stands after the name of a histogram's buckets. It is
// "_bucket" for explicit buckets, and for native histograms a pattern that matches nothing.
const HistogramVariable = "histogram"

func selectorOf(metric *names.Metric, part string, matchers []string) (string, error) {
	name := metric.Prometheus
	switch {
	case metric.Histogram != (part != ""):
		return "", fmt.Errorf("%s: a histogram needs one of :bucket, :buckets, :sum, :count, others none of them", metric.Name)
	case part == "bucket" || part == "sum" || part == "count":
		name += "_" + part
	case part == "buckets":
		matchers = append([]string{fmt.Sprintf(`__name__=~"%s${%s}"`, name, HistogramVariable)}, matchers...)
		name = ""
	case part != "":
		return "", fmt.Errorf("%s: no part %q of a histogram", metric.Name, part)
	}
	if len(matchers) == 0 {
		return name, nil
	}
	return name + "{" + strings.Join(matchers, ", ") + "}", nil
}

// labelOf returns the label of a matcher.
func labelOf(matcher string) string { return matcher[:strings.IndexAny(matcher, "=!")] }
