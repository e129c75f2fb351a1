// SPDX-License-Identifier: Apache-2.0

package grafana

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/query"
)

// tag is what all dashboards have, so that they link to each other.
const tag = "otelcol-llm"

// columns is the width of a dashboard.
const columns = 24

// File is the form of dashboards that every Grafana imports; the newer one needs Grafana 12.
type File = dashboard.Dashboard //nolint:staticcheck // deprecated in favour of the newer one

// JSON returns the dashboard as Grafana imports it.
func (b *Board) JSON(catalogue names.Catalogue) ([]byte, error) {
	built, err := b.build(catalogue)
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", b.UID, err)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(built)
	return text.Bytes(), err
}

func (b *Board) build(catalogue names.Catalogue) (File, error) {
	board := dashboard.NewDashboardBuilder("LLM / " + b.Title) //nolint:staticcheck // as File
	board.Uid(b.UID).
		Description(b.Description).
		Tags([]string{tag}).
		Editable().
		Timezone("browser").
		Time("now-1h", "now").
		Refresh("30s").
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		Link(dashboard.NewDashboardLinkBuilder("LLM dashboards").
			Type(dashboard.DashboardLinkTypeDashboards).Tags([]string{tag}).AsDropdown(true).IncludeVars(true).KeepTime(true)).
		WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type("prometheus"))
	for _, v := range b.Variables {
		built, err := v.build(catalogue)
		if err != nil {
			return File{}, err
		}
		board.WithVariable(built)
	}
	built, err := board.Build()
	if err != nil {
		return File{}, err
	}
	built.Panels, err = b.panels(catalogue)
	return built, err
}

// scope returns the matchers of the variables that the dashboard has, and the layer of queries that name none.
func (b *Board) scope() (scope query.Scope, layer string) {
	has := map[string]bool{}
	for _, v := range b.Variables {
		has[v.Name] = true
	}
	scope = query.Scope{}
	for source, matchers := range scopes {
		for _, m := range matchers {
			if _, variable, _ := strings.Cut(m, "$"); has[strings.Trim(variable, `"`)] {
				scope[source] = append(scope[source], m)
			}
		}
	}
	if has[Layer.Name] {
		layer = "$" + Layer.Name
	}
	return scope, layer
}

// panels lays rows and panels out, from left to right and from top to bottom.
func (b *Board) panels(catalogue names.Catalogue) (panels []dashboard.PanelOrRowPanel, err error) {
	scope, layer := b.scope()
	var id, y uint32
	next := func() uint32 { id++; return id }
	for _, row := range b.Rows {
		head := dashboard.RowPanel{
			Type: "row", Title: new(row.Title), Collapsed: row.Collapsed, Id: next(), Panels: []dashboard.Panel{},
			GridPos: &dashboard.GridPos{X: 0, Y: y, W: columns, H: 1},
		}
		y++
		var x, tallest uint32
		var inside []dashboard.Panel
		for _, p := range row.Panels {
			built, wrong := p.build(catalogue, scope, layer)
			if wrong != nil {
				err = errors.Join(err, fmt.Errorf("panel %q: %w", p.Title, wrong))
				continue
			}
			if x+p.Width > columns {
				x, y, tallest = 0, y+tallest, 0
			}
			built.Id = new(next())
			built.GridPos = &dashboard.GridPos{X: x, Y: y, W: p.Width, H: p.height()}
			x, tallest = x+p.Width, max(tallest, p.height())
			inside = append(inside, built)
		}
		y += tallest
		if row.Collapsed {
			head.Panels = inside
			inside = nil
		}
		panels = append(panels, dashboard.PanelOrRowPanel{RowPanel: &head})
		for _, p := range inside {
			panels = append(panels, dashboard.PanelOrRowPanel{Panel: &p})
		}
	}
	return panels, err
}

// all is the value of a variable that selects everything, also series without the label.
const all = ".*"

func (v *Variable) build(catalogue names.Catalogue) (cog.Builder[dashboard.VariableModel], error) {
	if len(v.Values) > 0 {
		var options []dashboard.VariableOption
		var text string
		for i, value := range v.Values {
			options = append(options, dashboard.VariableOption{
				Selected: new(i == 0), Text: stringOf(value.Text), Value: stringOf(value.Value),
			})
			if i > 0 {
				text += ", "
			}
			text += value.Text + " : " + value.Value
		}
		return dashboard.NewCustomVariableBuilder(v.Name).Label(v.Label).Description(v.Description).
			Values(dashboard.StringOrMap{String: &text}).Options(options).Current(options[0]), nil
	}
	selector, err := query.Expand(catalogue, v.Text, v.Scope, query.AnyLayer)
	if err != nil {
		return nil, err
	}
	values := fmt.Sprintf("label_values(%s, %s)", selector, v.Of)
	return dashboard.NewQueryVariableBuilder(v.Name).Label(v.Label).Description(v.Description).
		Datasource(datasource).
		Query(dashboard.StringOrMap{Map: map[string]any{"query": values, "refId": v.Name}}).
		Definition(values).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).
		Sort(dashboard.VariableSortAlphabeticalAsc).
		Multi(true).IncludeAll(true).AllValue(all).
		Current(dashboard.VariableOption{Selected: new(true), Text: stringOf("All"), Value: stringOf("$__all")}), nil
}

func stringOf(s string) dashboard.StringOrArrayOfString {
	return dashboard.StringOrArrayOfString{String: &s}
}
