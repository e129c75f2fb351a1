// SPDX-License-Identifier: Apache-2.0

package grafana

import (
	"cmp"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/bargauge"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/heatmap"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/query"
)

// kinds are what Grafana calls the kinds, and how high they are by default.
var kinds = map[Kind]struct {
	plugin string
	height uint32
}{
	TimeSeries: {"timeseries", 8},
	Stat:       {"stat", 4},
	Table:      {"table", 8},
	Bars:       {"bargauge", 8},
	Heatmap:    {"heatmap", 9},
	Timeline:   {"state-timeline", 8},
}

func (p *Panel) height() uint32 { return cmp.Or(p.Height, kinds[p.Kind].height) }

// empty is what is shown where there is no value.
func (p *Panel) empty() string {
	if p.Kind == Table {
		return cmp.Or(p.Empty, "–")
	}
	return cmp.Or(p.Empty, "No traffic")
}

func (p *Panel) build(catalogue names.Catalogue, scope query.Scope, layer string) (dashboard.Panel, error) {
	targets, err := p.targets(catalogue, scope, layer)
	if err != nil {
		return dashboard.Panel{}, err
	}
	built := dashboard.Panel{
		Type: kinds[p.Kind].plugin, Title: new(p.Title), Description: new(p.Help), Datasource: &datasource,
		Targets: targets, Options: p.options(),
		FieldConfig: &dashboard.FieldConfigSource{Defaults: p.defaults(), Overrides: []dashboard.DashboardFieldConfigSourceOverrides{}},
	}
	if p.More != "" {
		built.Links = []dashboard.DashboardLink{{
			Title: "More", Type: dashboard.DashboardLinkTypeLink, Url: new(boardURL(p.More) + "&${__all_variables}"), Tags: []string{},
		}}
	}
	if p.Kind == Table {
		built.Transformations = p.transformations()
		built.FieldConfig.Overrides = p.overrides()
	}
	return built, nil
}

// boardURL is where another dashboard is, over the same time.
func boardURL(uid string) string { return "/d/" + uid + "?${__url_time_range}" }

// targets are the panel's queries.
func (p *Panel) targets(catalogue names.Catalogue, scope query.Scope, layer string) (targets []variants.Dataquery, err error) {
	for i, q := range p.Queries {
		promql, err := query.Expand(catalogue, q.Text, scope, layer)
		if err != nil {
			return nil, err
		}
		instant := p.Kind == Table || p.Kind == Bars
		target := prometheus.Dataquery{
			RefId: new(refID(i)), Expr: promql, LegendFormat: &q.Legend, Datasource: &datasource,
			EditorMode: new(prometheus.QueryEditorModeCode), Instant: &instant, Range: new(!instant),
		}
		switch p.Kind {
		case Table:
			target.Format = new(prometheus.PromQueryFormatTable)
		case Heatmap:
			target.Format = new(prometheus.PromQueryFormatHeatmap)
		}
		if q.Exemplars {
			target.Exemplar = new(true)
		}
		targets = append(targets, target)
	}
	return targets, nil
}

func refID(i int) string { return string(rune('A' + i)) }

// lastValue makes one number of a series.
var lastValue = common.ReduceDataOptions{Calcs: []string{"lastNotNull"}}

// legend lists the series below the panel.
var legend = common.VizLegendOptions{
	DisplayMode: common.LegendDisplayModeList, Placement: common.LegendPlacementBottom, ShowLegend: true, Calcs: []string{},
}

func (p *Panel) options() any {
	switch p.Kind {
	case Stat:
		o := stat.NewOptions()
		o.ReduceOptions = lastValue
		o.GraphMode = common.BigValueGraphModeNone
		o.ColorMode = common.BigValueColorModeValue
		o.Text = &common.VizTextDisplayOptions{ValueSize: new(float64(32))}
		return o
	case Table:
		o := table.NewOptions()
		o.Footer.Reducer = []string{}
		if p.SortBy != "" {
			o.SortBy = []common.TableSortByFieldState{{DisplayName: p.SortBy, Desc: new(true)}}
		}
		return o
	case Bars:
		o := bargauge.NewOptions()
		o.ReduceOptions = lastValue
		o.DisplayMode = common.BarGaugeDisplayModeBasic
		o.Orientation = common.VizOrientationHorizontal
		o.Legend = common.VizLegendOptions{DisplayMode: common.LegendDisplayModeList, Placement: common.LegendPlacementBottom, Calcs: []string{}}
		return o
	case Heatmap:
		o := heatmap.NewOptions()
		o.Color.Mode = new(heatmap.HeatmapColorModeScheme)
		o.Color.Scheme = "Turbo"
		o.YAxis.Unit = &p.Unit
		o.CellGap = new(uint8(1))
		return o
	case Timeline:
		o := statetimeline.NewOptions()
		o.Legend = legend
		o.ShowValue = common.VisibilityModeNever
		return o
	default:
		o := timeseries.NewOptions()
		o.Legend = legend
		o.Tooltip.Mode = common.TooltipDisplayModeMulti
		o.Tooltip.Sort = common.SortOrderDescending
		return o
	}
}

// defaults are how values are shown.
func (p *Panel) defaults() dashboard.FieldConfig {
	config := dashboard.FieldConfig{
		Unit: &p.Unit, NoValue: new(p.empty()), Mappings: p.mappings(), Thresholds: thresholds(p.Steps), Custom: p.custom(),
		Color: &dashboard.FieldColor{Mode: dashboard.FieldColorModeIdPaletteClassic},
	}
	if p.Kind == Stat || p.Kind == Bars || p.Kind == Table {
		config.Color.Mode = dashboard.FieldColorModeIdThresholds
	}
	if p.Kind == TimeSeries || p.Kind == Bars {
		config.Min = new(0.)
	}
	if p.Max > 0 {
		config.Max = &p.Max
	}
	if p.Decimals > 0 {
		config.Decimals = &p.Decimals
	}
	return config
}

// custom is what belongs to one kind.
func (p *Panel) custom() any {
	if p.Kind != TimeSeries {
		return nil
	}
	c := common.GraphFieldConfig{
		LineWidth: new(1.5), FillOpacity: new(0.), ShowPoints: new(common.VisibilityModeNever),
		LineInterpolation: new(common.LineInterpolationLinear),
		SpanNulls:         &common.BoolOrFloat64{Bool: new(false)},
	}
	if p.Stacked {
		c.Stacking = &common.StackingConfig{Mode: new(common.StackingModeNormal), Group: new("A")}
		c.FillOpacity = new(30.)
	}
	// Else an axis of nothing but zeros goes up to 100, or 10000 %.
	switch {
	case p.Max > 0:
	case p.Unit == "percentunit":
		c.AxisSoftMax = new(0.05)
	case p.Unit == "short":
		c.AxisSoftMax = new(1.)
	}
	if len(p.Steps) > 0 {
		c.ThresholdsStyle = &common.GraphThresholdsStyleConfig{Mode: common.GraphThresholdsStyleModeDashed}
	}
	return c
}

// calm is the colour of what is below all steps.
const calm = "green"

func thresholds(steps []Step) *dashboard.ThresholdsConfig {
	base := calm
	if len(steps) == 0 {
		base = "text" // no judgement
	}
	config := dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: []dashboard.Threshold{{Color: base}}}
	for _, s := range steps {
		config.Steps = append(config.Steps, dashboard.Threshold{Value: new(s.From), Color: s.Color})
	}
	return &config
}

// mappings give values their texts: the ratio of nothing to nothing is no number.
func (p *Panel) mappings() []dashboard.ValueMapping {
	special := dashboard.NewSpecialValueMap()
	special.Options.Match = dashboard.SpecialValueMatchNullAndNan
	special.Options.Result = dashboard.ValueMappingResult{Text: new(p.empty()), Color: new("text")}
	mappings := []dashboard.ValueMapping{{SpecialValueMap: special}}
	if len(p.States) > 0 {
		values := dashboard.NewValueMap()
		values.Options = map[string]dashboard.ValueMappingResult{}
		for i, s := range p.States {
			values.Options[s.Value] = dashboard.ValueMappingResult{Text: &s.Text, Color: &s.Color, Index: new(int32(i))}
		}
		mappings = append(mappings, dashboard.ValueMapping{ValueMap: values})
	}
	return mappings
}

// transformations put the columns of a table side by side, by the labels that they share.
func (p *Panel) transformations() []dashboard.DataTransformerConfig {
	rename, order := map[string]string{}, map[string]int{}
	for i, c := range p.Columns {
		rename[c.Label], order[c.Label] = c.Title, i
	}
	for i, q := range p.Queries {
		rename[valueColumn(i, len(p.Queries))], order[valueColumn(i, len(p.Queries))] = q.Legend, len(p.Columns)+i
	}
	all := []dashboard.DataTransformerConfig{
		{Id: "merge", Options: map[string]any{}},
		{Id: "organize", Options: map[string]any{
			"excludeByName": map[string]bool{"Time": true}, "renameByName": rename, "indexByName": order,
		}},
	}
	if p.SortBy != "" {
		all = append(all, dashboard.DataTransformerConfig{Id: "sortBy", Options: map[string]any{
			"sort": []map[string]any{{"field": p.SortBy, "desc": true}},
		}})
	}
	if p.Rows > 0 {
		all = append(all, dashboard.DataTransformerConfig{Id: "limit", Options: map[string]any{"limitField": p.Rows}})
	}
	return all
}

// valueColumn is what Grafana calls the values of a query in a table.
func valueColumn(i, of int) string {
	if of == 1 {
		return "Value"
	}
	return fmt.Sprintf("Value #%s", refID(i))
}

// overrides are what columns of a table have of their own.
func (p *Panel) overrides() (overrides []dashboard.DashboardFieldConfigSourceOverrides) {
	add := func(title string, properties ...dashboard.DynamicConfigValue) {
		overrides = append(overrides, dashboard.DashboardFieldConfigSourceOverrides{
			Matcher: dashboard.MatcherConfig{Id: "byName", Options: title}, Properties: properties,
		})
	}
	for _, c := range p.Columns {
		if c.More != "" {
			add(c.Title, dashboard.DynamicConfigValue{Id: "links", Value: []map[string]any{{
				"title": "More about ${__value.text}",
				"url":   fmt.Sprintf("%s&${__all_variables}&var-%s=${__value.raw:percentencode}", boardURL(c.More), c.Variable),
			}}})
		}
	}
	for _, q := range p.Queries {
		properties := []dashboard.DynamicConfigValue{{Id: "unit", Value: cmp.Or(q.Unit, p.Unit)}}
		if len(q.Steps) > 0 {
			properties = append(properties,
				dashboard.DynamicConfigValue{Id: "thresholds", Value: thresholds(q.Steps)},
				dashboard.DynamicConfigValue{Id: "custom.cellOptions", Value: map[string]any{"type": common.TableCellDisplayModeColorText}})
		}
		add(q.Legend, properties...)
	}
	return overrides
}

// datasource is the variable of the data source, so that the dashboards have no uid of somebody's Prometheus.
var datasource = common.DataSourceRef{Type: new("prometheus"), Uid: new("${datasource}")}
