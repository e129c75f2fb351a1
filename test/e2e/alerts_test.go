// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/alerting"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// A provider fails for an hour. The budget's alerts fire from what rules recorded, and arrive in Alertmanager with their
// texts. The page keeps the ticket quiet, as the example of a configuration says.
func TestAnAlertArrivesInAlertmanager(t *testing.T) {
	t.Parallel()
	database := harness.StartDatabase(t)
	ctx, cancel := context.WithTimeout(context.Background(), 2*harness.Patience)
	defer cancel()
	require.NoError(t, database.Import(ctx, failingHour(time.Now())))
	pair := startAlerting(t, database.URL())

	budget := func(severity string) *alerting.Alert {
		found, err := pair.Alerts(ctx)
		if err != nil {
			return nil // it comes up
		}
		i := slices.IndexFunc(found, func(a alerting.Alert) bool {
			return a.Labels["alertname"] == "LLMErrorBudgetBurns" && a.Labels["severity"] == severity
		})
		if i < 0 {
			return nil
		}
		return &found[i]
	}
	require.Eventually(t, func() bool {
		page, ticket := budget("page"), budget("ticket")
		return page != nil && ticket != nil && page.Status.State == "active" && ticket.Status.State == "suppressed"
	}, harness.Patience, 200*time.Millisecond, "the page is active and keeps the ticket quiet")
	page := budget("page")
	assert.Equal(t, "anthropic", page.Labels["gen_ai_provider_name"])
	assert.Equal(t, "claude-sonnet-4-5", page.Labels["gen_ai_request_model"])
	assert.Regexp(t, `^20(\.\d+)?% of the requests fail: claude-sonnet-4-5 of anthropic`, page.Annotations["summary"])
	assert.Contains(t, page.Annotations["runbook_url"], "docs/runbook.md#llmerrorbudgetburns")
	// One that must hold for some minutes waits, and compares with a recorded threshold.
	require.Eventually(t, func() bool {
		return len(database.Samples(`ALERTS{alertname="LLMRequestsFail", alertstate="pending", gen_ai_provider_name="anthropic"}`)) == 1
	}, harness.Patience, 200*time.Millisecond)
	assert.Empty(t, database.Samples(`ALERTS{gen_ai_provider_name="openai"}`), "the other provider does well")
}

// failingHour are requests of two providers, of which one fails for a fifth.
func failingHour(end time.Time) string {
	var text strings.Builder
	for minute := range 66 {
		at := end.Add(time.Duration(minute-65) * time.Minute).UnixMilli()
		for _, s := range []struct {
			provider, model, outcome string
			perMinute                int
		}{
			{"anthropic", "claude-sonnet-4-5", "success", 80},
			{"anthropic", "claude-sonnet-4-5", "error", 20},
			{"openai", "gpt-5", "success", 100},
		} {
			fmt.Fprintf(&text, "llm_requests_total{llm_layer=\"client\",gen_ai_provider_name=%q,gen_ai_request_model=%q,llm_outcome=%q} %d %d\n",
				s.provider, s.model, s.outcome, minute*s.perMinute, at)
		}
	}
	return text.String()
}

// startAlerting evaluates all rules that are shipped, once a second.
func startAlerting(t *testing.T, database string) *alerting.Pair {
	t.Helper()
	folder, err := repo.Path("deploy", "prometheus")
	require.NoError(t, err)
	rules, err := filepath.Glob(filepath.Join(folder, "rules_*.yaml"))
	require.NoError(t, err)
	rules = slices.DeleteFunc(rules, func(path string) bool { return strings.HasSuffix(path, "_test.yaml") })
	require.NotEmpty(t, rules)
	ports, release, err := loopback.Reserve(2)
	require.NoError(t, err)
	t.Cleanup(release)
	pair, err := alerting.Start(alerting.Settings{
		Evaluator: program(t, "VMALERT_BINARY"), Manager: program(t, "ALERTMANAGER_BINARY"),
		Folder: t.TempDir(), Ports: [2]int(ports), Database: database,
		Rules: rules, Config: filepath.Join(folder, "alertmanager.yaml"), Interval: time.Second,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		pair.Stop()
		if t.Failed() {
			t.Log(pair.Log())
		}
	})
	return pair
}

func program(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s is not set: it must hold the path of a program that 'make test' builds", variable)
	}
	return path
}
