// SPDX-License-Identifier: Apache-2.0

// Mixin writes the dashboards, alerts and recording rules that are shipped, from the names of what the collector emits.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/alerts"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/boards"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/vmui"
)

func main() {
	log.SetFlags(0)
	root := flag.String("root", "../..", "the top of the repository")
	flag.Parse()
	files, err := generate(*root)
	if err != nil {
		log.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(*root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// generate returns the files by their paths in the repository.
func generate(root string) (map[string][]byte, error) {
	catalogue, err := names.Load(root)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for i, b := range boards.All() {
		text, err := b.JSON(catalogue)
		if err != nil {
			return nil, err
		}
		files["deploy/grafana/"+b.UID+".json"] = text
		if text, err = vmui.JSON(&b, catalogue); err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(b.UID, "otelcol-llm-")
		if i == 0 {
			name = "0-" + name // the page shows them in the order of their files' names
		}
		files["deploy/victoriametrics/"+name+".json"] = text
	}
	for _, f := range alerts.All() {
		text, err := f.YAML(catalogue)
		if err != nil {
			return nil, err
		}
		files["deploy/prometheus/rules_"+f.Name+".yaml"] = text
	}
	if files["deploy/prometheus/rules_objectives.yaml"], err = alerts.ObjectivesYAML(catalogue); err != nil {
		return nil, err
	}
	spec, err := os.ReadFile(filepath.Join(root, "examples", "slo", "slos.yaml"))
	if err != nil {
		return nil, err
	}
	files["examples/slo/rules.yaml"], err = alerts.RulesOfSpec(spec)
	return files, err
}
