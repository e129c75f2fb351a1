// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what is read of each page into its folder")

// now is after all times on the pages.
var now = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// readFolder reads a page and the JSON documents beside it, which are named after their paths.
func readFolder(t *testing.T, dir string, options Options) Result {
	t.Helper()
	page := NewPage(options)
	if text, err := os.Open(filepath.Join(dir, "metrics")); err == nil {
		require.NoError(t, page.ReadText(text))
		require.NoError(t, text.Close())
	}
	documents, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	for _, file := range documents {
		body, err := os.ReadFile(file)
		require.NoError(t, err)
		path := "/" + strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".json"), "_", "/")
		read := map[string]bool{}
		for _, e := range Engines() {
			for _, lookup := range append(slices.Clone(e.Lookups), JSONPages(e)...) {
				if belongs := strings.HasPrefix(filepath.Base(dir), e.Name); lookup.Path == path && belongs && !read[lookup.Family] {
					read[lookup.Family] = true
					require.NoError(t, page.ReadJSON(&lookup, body))
				}
			}
		}
		require.NotEmpty(t, read, "nobody reads %s", file)
	}
	return page.Read()
}

// describe writes a result down, one line for each thing.
func describe(r Result) string {
	var b strings.Builder
	name := "nobody"
	if r.Engine != nil {
		name = r.Engine.Name
	}
	fmt.Fprintf(&b, "engine %s, %s\n", name, r.State())
	if r.Started > 0 {
		fmt.Fprintf(&b, "started %.0f\n", r.Started)
	}
	for _, instance := range r.Instances {
		if instance.ID != "" {
			fmt.Fprintf(&b, "instance %s\n", instance.ID)
		}
		var lines []string
		for _, reading := range instance.Readings {
			info := Concepts[reading.Concept]
			if info.Kind == Flag {
				continue
			}
			labels := []string{}
			for _, label := range [][2]string{
				{"model", reading.Model}, {"index", reading.Index}, {info.Attributes[0], reading.Attrs[0]}, {info.Attributes[1], reading.Attrs[1]},
			} {
				if label[1] != "" {
					labels = append(labels, label[0]+"="+label[1])
				}
			}
			value := fmt.Sprint(reading.Value)
			if h := reading.Histogram; h != nil {
				value = fmt.Sprintf("count %d sum %v bounds %v counts %v", h.Count(), h.Sum, h.Bounds, h.Counts)
			}
			lines = append(lines, fmt.Sprintf("%s{%s} %s", info.Metric, strings.Join(labels, ", "), value))
		}
		slices.Sort(lines)
		for _, line := range lines {
			fmt.Fprintln(&b, line)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Unknown)) {
		fmt.Fprintf(&b, "unknown %s of %s\n", name, r.Unknown[name].Name)
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Dropped)) {
		fmt.Fprintf(&b, "dropped %s %d\n", reason, r.Dropped[reason])
	}
	return b.String()
}

func TestPages(t *testing.T) {
	folders, err := filepath.Glob("testdata/pages/*")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	seen := map[string]bool{}
	for _, dir := range folders {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			result := readFolder(t, dir, Options{Now: now})
			got := describe(result)
			file := filepath.Join(dir, "want")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
			if result.Engine != nil {
				seen[result.Engine.Name] = true
			}
		})
	}
	for _, e := range Engines() {
		if e != &lmcache && e != &sglangRouter { // one has no page of its own, the other no rows
			assert.True(t, seen[e.Name], "%s has no page in testdata/pages", e.Name)
		}
	}
}
