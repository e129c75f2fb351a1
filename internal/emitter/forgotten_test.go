// SPDX-License-Identifier: Apache-2.0

package emitter_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// A family that All leaves out is read by nobody, and nothing else would say so.
func TestEveryDeclaredFamilyIsInAll(t *testing.T) {
	declared, listed := map[string]string{}, []string{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, declaration := range parsed.Decls {
			if all, ok := declaration.(*ast.FuncDecl); ok && all.Name.Name == "All" {
				listed = identifiers(all.Body)
			}
			variables, ok := declaration.(*ast.GenDecl)
			if !ok || variables.Tok != token.VAR {
				continue
			}
			for _, spec := range variables.Specs {
				v := spec.(*ast.ValueSpec)
				for i, value := range v.Values {
					if literal, ok := value.(*ast.CompositeLit); ok && isIdentifier(literal.Type, "Family") {
						declared[v.Names[i].Name] = file
					}
				}
			}
		}
	}
	require.NotEmpty(t, declared)
	for name, file := range declared {
		assert.True(t, slices.Contains(listed, name), "%s of %s is missing in All in all.go, so that its spans are not read as its own", name, file)
	}
	assert.Len(t, emitter.All(), len(declared))
}

func isIdentifier(of ast.Expr, name string) bool {
	id, ok := of.(*ast.Ident)
	return ok && id.Name == name
}

// identifiers returns the names that code mentions.
func identifiers(code ast.Node) (names []string) {
	ast.Inspect(code, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

func TestEveryFormHasAName(t *testing.T) {
	for f := range emitter.Encodings {
		assert.NotEmpty(t, f.String(), "encoding %d has no name in encodingNames, so that no document can show it", f)
	}
}

// A fact that no table carries cannot be on any span.
func TestEveryFactThatSpansCarryIsInATable(t *testing.T) {
	carried := map[fact.Fact]bool{}
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			carried[a.Fact] = true
			for _, in := range a.JSONFields {
				carried[in.Fact] = true
			}
		}
		for _, e := range d.Events {
			carried[e.Fact] = true
		}
		for _, s := range d.Spans {
			carried[s.Lasts], carried[s.Ends], carried[s.Alone] = true, true, true
		}
	}
	for f := fact.None + 1; f < fact.Carried; f++ {
		assert.True(t, carried[f], "no table carries the fact %s", f.Row().Name)
	}
}
