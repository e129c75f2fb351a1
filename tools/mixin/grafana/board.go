// SPDX-License-Identifier: Apache-2.0

// Package grafana turns rows that describe dashboards into Grafana's JSON.
package grafana

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/query"

// Board is one dashboard.
type Board struct {
	// UID is the name in links and of the file.
	UID string
	// Title follows "LLM / ".
	Title string
	// Description says whom the dashboard is for.
	Description string
	Variables   []Variable
	Rows        []Row
}

// Row is a titled row of panels, which wrap after 24 columns.
type Row struct {
	Title string
	// Collapsed rows ask nothing of the database until they are opened.
	Collapsed bool
	Panels    []Panel
}

// Panel is one picture.
type Panel struct {
	// Title is the question that the panel answers.
	Title string
	// Help says what a bad value means and what to do next. It is shown behind the panel's "i".
	Help string
	Kind Kind
	// Unit is an id of Grafana's units, such as "s" or "reqps".
	Unit string
	// Width is in columns, of which a dashboard has 24; Height in rows of 30 pixels. Zero height is the kind's.
	Width, Height uint32
	Queries       []Query
	// Max is the end of the axis; 0 is open.
	Max float64
	// Steps are the values from which on a stat, bar, cell or line is coloured.
	Steps []Step
	// Columns rename the labels of a table; labels that are not named are left out.
	Columns []Column
	// SortBy is the column by which a table is sorted, the largest first. Rows is how many it has at most; 0 is all.
	SortBy string
	Rows   int
	// Stacked puts series on top of each other.
	Stacked bool
	// Decimals is how many a stat or table shows; 0 leaves it to Grafana.
	Decimals float64
	// Empty is shown where a query has no result; by default "No traffic", and a dash in tables.
	Empty string
	// More is the UID of the dashboard that says more.
	More string
	// States are the texts of a timeline's values.
	States []State
}

// Query is one query of a panel.
type Query struct {
	// Text is PromQL as package query expands it.
	Text string
	// Legend is a pattern such as "{{llm_layer}}"; in a table the title of the column.
	Legend string
	// Unit is that of a table's column, if it is not the panel's.
	Unit string
	// Steps are those of a table's column.
	Steps []Step
	// Exemplars shows the traces of single requests as dots.
	Exemplars bool
}

// Kind is a panel's kind.
type Kind uint8

// The kinds.
const (
	TimeSeries Kind = iota
	Stat
	Table
	Bars
	Heatmap
	Timeline
)

// Step is a value from which on a colour holds.
type Step struct {
	From  float64
	Color string
}

// Column is a label that a table shows.
type Column struct {
	Label, Title string
	// More is the UID of the dashboard that says more about a row, which takes the value as Variable.
	More, Variable string
}

// State is the text and colour of a value in a timeline.
type State struct {
	Value, Text, Color string
}

// Variable is what the user selects at the top of a dashboard.
type Variable struct {
	Name, Label, Description string
	// Values are the values to choose from; without any they are those of a label.
	Values []Value
	// Text is a metric of package query whose series have the label Of.
	Text, Of string
	// Scope are the matchers of the variables before.
	Scope query.Scope
}

// Value is one choice and its text.
type Value struct{ Text, Value string }
