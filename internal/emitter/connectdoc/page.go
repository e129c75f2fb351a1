// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

const intro = `# Connect engines, gateways and SDKs

Each of these sends spans to the collector over OTLP: port 4317 for gRPC, 4318 for HTTP. COLLECTOR stands for its host. The
default configuration listens on the loopback alone; ` + "`OTELCOL_LLM_HOST`" + ` sets another address to listen on.

*Carries* and *lacks* are taken from spans that the reader is tested with (` + "`testdata/emitters`" + `). They have the shape that each
emitter writes. An older or newer version may differ. *Known from* says how that shape is known: spans of the real
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

// page returns the whole page.
func page(root string) (string, error) {
	all, err := corpus.Survey(root)
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

func (r row) line(all map[string]*corpus.Shown) (string, error) {
	layer, carries, lacks, basis := "–", "–", "–", "–"
	if len(r.families) > 0 {
		together, source := &corpus.Shown{Keys: map[string]int{}, Outcomes: map[string]int{}}, ""
		for _, name := range r.families {
			i := slices.IndexFunc(emitter.All(), func(d emitter.Family) bool { return d.Name == name })
			if i < 0 {
				return "", fmt.Errorf("row %q: there is no family %q", r.title, name)
			}
			source += emitter.All()[i].Source + "; "
			one := all[name]
			if one == nil {
				return "", fmt.Errorf("row %q: no case of testdata/emitters has a request of family %q", r.title, name)
			}
			together.Add(one)
		}
		var yes, no []string
		for _, f := range facts {
			if slices.ContainsFunc(f.keys, func(key string) bool { return together.Keys[key] > 0 }) {
				yes = append(yes, f.title)
			} else {
				no = append(no, f.title)
			}
		}
		layer, carries, lacks, basis = together.Layer, strings.Join(yes, ", "), strings.Join(no, ", "), together.Known(source)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s |\n", r.title, r.set, layer, carries, lacks, basis, r.but), nil
}
