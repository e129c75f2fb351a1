// SPDX-License-Identifier: Apache-2.0

// Package layout checks how packages are laid out. Files of a package use each other in one direction. A reader may begin with
// those that use no other.
package layout

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// uses are the files that a file uses, by its name.
type uses map[string]map[string]bool

func TestFilesUseEachOtherInOneDirection(t *testing.T) {
	root := tracetest.Root()
	checked := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		folder, _ := filepath.Rel(root, path)
		if name := entry.Name(); folder != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		checked++
		for _, circle := range usesOf(t, path).circles() {
			t.Errorf("%s: these files use each other in a circle: %s", folder, strings.Join(circle, ", "))
		}
		return nil
	}))
	assert.Greater(t, checked, 50)
}

// usesOf returns which files of a package use which. What other packages declare is not looked at.
func usesOf(t *testing.T, folder string) uses {
	t.Helper()
	found, err := build.Default.ImportDir(folder, 0)
	if err != nil {
		return nil // no package for this system
	}
	positions := token.NewFileSet()
	var files []*ast.File
	for _, name := range slices.Concat(found.GoFiles, found.CgoFiles) {
		if strings.HasPrefix(name, "generated_") {
			continue
		}
		file, err := parser.ParseFile(positions, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	check := types.Config{Importer: nothing{}, Error: func(error) {}}
	own, _ := check.Check(folder, positions, files, info)
	all := uses{}
	for name, object := range info.Uses {
		if object.Pkg() != own || !object.Pos().IsValid() {
			continue
		}
		from, to := positions.File(name.Pos()).Name(), positions.File(object.Pos()).Name()
		if from != to {
			all.add(filepath.Base(from), filepath.Base(to))
		}
	}
	return all
}

func (u uses) add(from, to string) {
	if u[from] == nil {
		u[from] = map[string]bool{}
	}
	u[from][to] = true
}

// circles returns the groups of files that reach each other.
func (u uses) circles() (circles [][]string) {
	reached := map[string]map[string]bool{}
	for from := range u {
		reached[from] = map[string]bool{}
		u.reach(from, reached[from])
	}
	done := map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(u)) {
		if done[from] || !reached[from][from] {
			continue
		}
		var circle []string
		for _, to := range slices.Sorted(maps.Keys(reached[from])) {
			if reached[to][from] {
				circle = append(circle, to)
				done[to] = true
			}
		}
		circles = append(circles, circle)
	}
	return circles
}

func (u uses) reach(from string, reached map[string]bool) {
	for to := range u[from] {
		if !reached[to] {
			reached[to] = true
			u.reach(to, reached)
		}
	}
}

// nothing imports packages without what they declare.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	empty := types.NewPackage(path, filepath.Base(path))
	empty.MarkComplete()
	return empty, nil
}

func TestCirclesAreFound(t *testing.T) {
	files := uses{}
	for _, arrow := range []string{"a b", "b c", "c b", "c d", "e a"} {
		from, to, _ := strings.Cut(arrow, " ")
		files.add(from, to)
	}
	assert.Equal(t, [][]string{{"b", "c"}}, files.circles())
	assert.Empty(t, uses{"a": {"b": true, "c": true}, "b": {"c": true}}.circles())
}
