// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/alerts"
)

// names of all alerts that are shipped.
func alertNames() (all []string) {
	for _, f := range alerts.All() {
		for _, g := range f.Groups {
			for _, a := range g.Alerts {
				all = append(all, a.Name)
			}
		}
	}
	for _, o := range alerts.Objectives {
		all = append(all, o.Alert)
	}
	return all
}

func TestAlertsSayWhatToDo(t *testing.T) {
	for _, f := range alerts.All() {
		for _, g := range f.Groups {
			for _, a := range g.Alerts {
				assert.Contains(t, []alerts.Severity{alerts.Page, alerts.Ticket}, a.Severity, a.Name)
				assert.NotEmpty(t, a.Summary, a.Name)
				assert.NotEmpty(t, a.Action, a.Name)
			}
		}
	}
}

// Whoever is woken by an alert finds its heading in the runbook. No heading is of an alert that is gone.
func TestEveryAlertHasARunbook(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "runbook.md"))
	require.NoError(t, err)
	var headings []string
	for _, m := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllSubmatch(text, -1) {
		headings = append(headings, string(m[1]))
	}
	assert.ElementsMatch(t, alertNames(), headings)
}

// Each alert fires in a scene of the tests that promtool runs.
func TestEveryAlertFiresInATest(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "deploy", "prometheus", "rules_*_test.yaml"))
	require.NoError(t, err)
	fired := map[string]bool{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var content struct {
			Tests []struct {
				Alerts []struct {
					Name  string `yaml:"alertname"`
					Fires []any  `yaml:"exp_alerts"`
				} `yaml:"alert_rule_test"`
			} `yaml:"tests"`
		}
		require.NoError(t, yaml.Unmarshal(text, &content), path)
		for _, test := range content.Tests {
			for _, a := range test.Alerts {
				fired[a.Name] = fired[a.Name] || len(a.Fires) > 0
			}
		}
	}
	for _, name := range alertNames() {
		assert.True(t, fired[name], "%s fires in no test", name)
	}
}

func TestThresholdsAreUsedAndHaveReasons(t *testing.T) {
	files, err := generate(root)
	require.NoError(t, err)
	for _, threshold := range alerts.Thresholds {
		assert.Greater(t, len(threshold.Reason), 40, threshold.Name)
		used := 0
		for _, text := range files {
			used += len(regexp.MustCompile(`scalar\(llm_alert_threshold\{threshold="`+threshold.Name+`"\}\)`).FindAll(text, -1))
		}
		assert.Positive(t, used, "%s is compared with nothing", threshold.Name)
	}
}
