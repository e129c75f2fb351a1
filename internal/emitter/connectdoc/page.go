// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

const intro = `# Connect engines, gateways and SDKs

Each of these sends spans to the collector over OTLP: port 4317 for gRPC, 4318 for HTTP. COLLECTOR stands for its host. The
default configuration listens on the loopback alone; ` + "`OTELCOL_LLM_HOST`" + ` sets another address to listen on.

*Carries* and *lacks* are taken from spans that the reader is tested with, written in the shape of each emitter
(` + "`testdata/emitters`" + `); an older or newer version may differ. *Known from* says how that shape is known: spans of the real
program (measured), its source, or its documentation. *Set there* was not tried for this
page: compare it with the project's own documentation. [emitters.md](emitters.md) has the keys that are read; prompts and answers never are.

This page is generated (` + "`go generate ./internal/emitter`" + `).

`

// facts are what a user may look for, with the keys of expected.json that show them.
var facts = []struct {
	title string
	keys  []string
}{
	{"model", []string{"request_model", "response_model"}},
	{"tokens", []string{"input_tokens", "output_tokens"}},
	{"cached tokens", []string{"cache_read_tokens"}},
	{"first token", []string{"ttft_s"}},
	{"streamed or not", []string{"stream"}},
	{"kind of error", []string{"error_type"}},
	{"cost", []string{"cost_usd"}},
	{"retries", []string{"retries"}},
	{"tenant or user", []string{"tenant", "user"}},
	{"queue time", []string{"queue_s"}},
}

// seen is what the cases of a family show.
type seen struct {
	keys  map[string]bool
	layer string
	bases []string
}

// page returns the whole page.
func page(root string) (string, error) {
	all, err := survey(root)
	if err != nil {
		return "", err
	}
	var p strings.Builder
	p.WriteString(intro)
	for _, s := range sections {
		fmt.Fprintf(&p, "## %s\n\n| | set there | layer | carries | lacks | known from | besides |\n| --- | --- | --- | --- | --- | --- | --- |\n", s.title)
		for _, r := range s.rows {
			line, err := r.line(all)
			if err != nil {
				return "", err
			}
			p.WriteString(line)
		}
		p.WriteString("\n")
	}
	return strings.TrimSuffix(p.String(), "\n"), nil
}

func (r row) line(all map[string]*seen) (string, error) {
	layer, carries, lacks, basis := "–", "–", "–", "–"
	if len(r.families) > 0 {
		together := &seen{keys: map[string]bool{}}
		for _, name := range r.families {
			i := slices.IndexFunc(emitter.All(), func(d emitter.Family) bool { return d.Name == name })
			if i < 0 {
				return "", fmt.Errorf("row %q: there is no family %q", r.title, name)
			}
			if strings.Contains(strings.ReplaceAll(emitter.All()[i].Source, "not measured", ""), "measured") {
				together.bases = append(together.bases, string(corpus.Measured))
			}
			one := all[name]
			if one == nil {
				return "", fmt.Errorf("row %q: no case of testdata/emitters has a request of family %q", r.title, name)
			}
			together.take(one)
		}
		var yes, no []string
		for _, f := range facts {
			if slices.ContainsFunc(f.keys, func(key string) bool { return together.keys[key] }) {
				yes = append(yes, f.title)
			} else {
				no = append(no, f.title)
			}
		}
		layer, carries, lacks, basis = together.layer, strings.Join(yes, ", "), strings.Join(no, ", "), together.basis()
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s |\n", r.title, r.set, layer, carries, lacks, basis, r.but), nil
}

func (s *seen) take(other *seen) {
	for key := range other.keys {
		s.keys[key] = true
	}
	s.layer = other.layer
	s.bases = append(s.bases, other.bases...)
}

// basis is the best one of the cases.
func (s *seen) basis() string {
	for _, b := range []struct {
		basis corpus.Basis
		title string
	}{
		{corpus.Measured, "measured"},
		{corpus.Read, "source"},
		{corpus.Documented, "documentation"},
		{corpus.Conventional, "conventions"},
		{corpus.MadeUp, "other emitters of its kind"},
	} {
		if slices.Contains(s.bases, string(b.basis)) {
			return b.title
		}
	}
	return "not written down"
}

// survey reads what the cases show, by family.
func survey(root string) (map[string]*seen, error) {
	cases, err := corpus.Load(root)
	if err != nil {
		return nil, err
	}
	all := map[string]*seen{}
	for _, c := range cases {
		raw, err := os.ReadFile(filepath.Join(c.Folder, "expected.json"))
		if err != nil {
			return nil, err
		}
		var expected struct {
			Spans []map[string]any `json:"spans"`
		}
		if err := json.Unmarshal(raw, &expected); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		for _, span := range expected.Spans {
			name, _ := span["emitter"].(string)
			if name == "" || span["counted"] != true {
				continue
			}
			if all[name] == nil {
				all[name] = &seen{keys: map[string]bool{}}
			}
			one := all[name]
			one.layer, _ = span["layer"].(string)
			one.bases = append(one.bases, string(c.Basis))
			for key := range span {
				one.keys[key] = true
			}
		}
	}
	return all, nil
}
