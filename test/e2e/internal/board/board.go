// SPDX-License-Identifier: Apache-2.0

// Package board reads the Grafana dashboards that are shipped, as far as tests need to ask their queries.
package board

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// Board is one dashboard.
type Board struct {
	// File is where it was read from.
	File  string
	UID   string
	Title string
	// Panels are all of them, also those in collapsed rows, without the rows.
	Panels []Panel
	// Open is how many panels are not in collapsed rows.
	Open int
	// Height is in rows of the grid, without what is collapsed.
	Height    int
	variables map[string]string
	// chosen are the variables that have other values than in the file.
	chosen map[string]string
}

// Panel is one panel with what it asks.
type Panel struct {
	Title   string
	Type    string
	Queries []string
}

// file is a dashboard as Grafana writes it.
type file struct {
	UID        string
	Title      string
	Templating struct {
		List []struct {
			Name     string
			AllValue string
			Current  struct {
				Value any
			}
		}
	}
	Panels []filePanel
}

type filePanel struct {
	Title   string
	Type    string
	GridPos struct{ Y, H int }
	Panels  []filePanel
	Targets []struct {
		Expr string
	}
}

// All reads every dashboard in deploy/grafana.
func All() ([]*Board, error) {
	folder, err := repo.Path("deploy", "grafana")
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no dashboards in %s", folder)
	}
	boards := make([]*Board, len(files))
	for i, path := range files {
		if boards[i], err = load(path); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return boards, nil
}

func load(path string) (*Board, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f file
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	b := &Board{File: path, UID: f.UID, Title: f.Title, variables: map[string]string{}, chosen: map[string]string{}}
	for _, v := range f.Templating.List {
		value := fmt.Sprint(v.Current.Value)
		if value == "$__all" {
			value = v.AllValue
		}
		b.variables[v.Name] = value
	}
	for _, p := range f.Panels {
		b.Height = max(b.Height, p.GridPos.Y+p.GridPos.H)
		if p.Type != "row" {
			b.add(p)
			b.Open++
		}
		for _, inside := range p.Panels {
			b.add(inside)
		}
	}
	return b, nil
}

func (b *Board) add(p filePanel) {
	panel := Panel{Title: p.Title, Type: p.Type}
	for _, target := range p.Targets {
		panel.Queries = append(panel.Queries, target.Expr)
	}
	b.Panels = append(b.Panels, panel)
}

// Choose sets a variable to another value than the one with which the dashboard is opened.
func (b *Board) Choose(variable, value string) {
	if _, found := b.variables[variable]; found {
		b.variables[variable], b.chosen[variable] = value, value
	}
}

// JSON is the dashboard with the values that were chosen.
func (b *Board) JSON() ([]byte, error) {
	text, err := os.ReadFile(b.File)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, err
	}
	templating, _ := content["templating"].(map[string]any)
	list, _ := templating["list"].([]any)
	for _, item := range list {
		variable, _ := item.(map[string]any)
		name, _ := variable["name"].(string)
		if value, found := b.chosen[name]; found {
			variable["current"] = map[string]any{"text": value, "value": value}
		}
	}
	return json.Marshal(content)
}

// variable is one in a query: $name, ${name} or ${name:format}.
var variable = regexp.MustCompile(`\$\{(\w+)(?::\w+)?\}|\$(\w+)`)

// Fill replaces the variables of a query. They get the values that a dashboard has when it is opened over a range of time. Rate
// is what Grafana would put for $__rate_interval.
func (b *Board) Fill(query string, rate, over time.Duration) string {
	return variable.ReplaceAllStringFunc(query, func(found string) string {
		switch name := strings.Join(variable.FindStringSubmatch(found)[1:], ""); name {
		case "__rate_interval", "__interval":
			return fmt.Sprintf("%.0fs", rate.Seconds())
		case "__range":
			return fmt.Sprintf("%.0fs", over.Seconds())
		default:
			return b.variables[name]
		}
	})
}
