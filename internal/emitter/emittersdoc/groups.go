// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// group is the emitters of one file of tables, which have a page together.
type group struct {
	// file is the name of the Go file and of the page, without its ending.
	file, title string
	// vocabulary groups are sets of keys that many emitters use, and no emitters.
	vocabulary bool
	families   []emitter.Family
}

// groups are the files of tables, in the order of the pages.
var groups = []group{
	{file: "engines", title: "Inference engines"},
	{file: "gateways", title: "Gateways"},
	{file: "hosted", title: "Hosted gateways and APIs"},
	{file: "opentelemetry", title: "SDKs of providers and OpenTelemetry's instrumentations"},
	{file: "openllmetry", title: "OpenLLMetry"},
	{file: "openinference", title: "OpenInference"},
	{file: "openlit", title: "OpenLIT"},
	{file: "vercel", title: "Vercel AI SDK"},
	{file: "frameworks", title: "Frameworks"},
	{file: "agents", title: "Agent frameworks"},
	{file: "observability", title: "Observability SDKs"},
	{file: "evaluation", title: "Evaluation platforms"},
	{file: "codingagents", title: "Coding agents"},
	{file: "voice", title: "Voice agents"},
	{file: "guardrails", title: "Guardrails"},
	{file: "conventions", title: "Semantic conventions", vocabulary: true},
}

// grouped returns the groups with their emitters, in the order of the tables.
func grouped(root string) ([]group, error) {
	all := slices.Clone(groups)
	files, err := filesOf(filepath.Join(root, "internal", "emitter"))
	if err != nil {
		return nil, err
	}
	for _, d := range emitter.All() {
		i := slices.IndexFunc(all, func(g group) bool { return g.file == files[d.Name] })
		if i < 0 {
			return nil, fmt.Errorf("%s is in %s.go, which has no row in groups.go", d.Name, files[d.Name])
		}
		all[i].families = append(all[i].families, d)
	}
	return all, nil
}

// filesOf returns the Go file, without its ending, in which each table is declared, by the table's Name.
func filesOf(folder string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, path := range paths {
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil, err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if kind, ok := literal.Type.(*ast.Ident); ok && kind.Name == "Family" {
				files[nameOf(literal)] = strings.TrimSuffix(filepath.Base(path), ".go")
			}
			return true
		})
	}
	return files, nil
}

// nameOf returns the Name of a table.
func nameOf(table *ast.CompositeLit) string {
	for _, element := range table.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, isKey := pair.Key.(*ast.Ident)
		value, isText := pair.Value.(*ast.BasicLit)
		if isKey && isText && key.Name == "Name" {
			name, _ := strconv.Unquote(value.Value)
			return name
		}
	}
	return ""
}
