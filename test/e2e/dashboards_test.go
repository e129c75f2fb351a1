// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/board"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/database"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/demo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/picture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// startDemo runs the demo on ports of its own, with further configurations on top of its own.
func startDemo(t *testing.T, world traffic.Settings, overlays ...string) *demo.Demo {
	t.Helper()
	ports := demo.Ports()
	free, release, err := loopback.Reserve(len(ports))
	require.NoError(t, err)
	t.Cleanup(release)
	for i, port := range ports {
		t.Setenv(port.Env, strconv.Itoa(free[i]))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*harness.Patience)
	defer cancel()
	d, err := demo.Start(ctx, demo.Settings{
		Binary: harness.Binary(t), Database: program(t, "VICTORIA_METRICS_BINARY"), Config: harness.DefaultConfig(t), World: world, Overlays: overlays,
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, d.Stop()) })
	return d
}

// answer is what a panel shows, where a question of the guide leads.
type answer struct {
	question, board, panel string
	// label is what the answer is in, and is a pattern that it matches.
	label, is string
	// rise asks for the series that grew most at the end, instead of the highest.
	rise bool
}

// answers are the culprits of the demo's scenes, each where the guide's question leads: the highest series of the panel.
var answers = []answer{
	{"Which replica is slow?", "otelcol-llm-latency", "Which replica is slow?", "service_instance_id", "^vllm-llama-70b-1", false},
	{"Which tenant made the cost spike?", "otelcol-llm-tokens", "Which tenant costs most?", "llm_tenant", "^globex$", true},
	{"Which errors hit whom?", "otelcol-llm-errors", "Which errors hit whom?", "gen_ai_provider_name", "^anthropic$", false},
	{"Which errors hit whom?", "otelcol-llm-errors", "Which errors hit whom?", "error_type", "^overloaded_error$", false},
	{"Is it us or the provider?", "otelcol-llm-overview", "Which layer sees errors?", "llm_layer", "^client$", false},
	{"Why is this GPU slow?", "otelcol-llm-gpu", "Why is it slowed down?", "nvidia_gpu_throttle_reason", "thermal", false},
}

// highestOf is the series of a panel that was highest in the demo, or that grew most.
func highestOf(ctx context.Context, t *testing.T, d *demo.Demo, boards []*board.Board, a answer, rate, over time.Duration) (highest database.Sample) {
	t.Helper()
	i := slices.IndexFunc(boards, func(b *board.Board) bool { return b.UID == a.board })
	require.NotEqual(t, -1, i, a.board)
	j := slices.IndexFunc(boards[i].Panels, func(p board.Panel) bool { return p.Title == a.panel })
	require.NotEqual(t, -1, j, a.panel)
	filled := boards[i].Fill(boards[i].Panels[j].Queries[0], rate, over)
	text := fmt.Sprintf("topk(1, max_over_time((%s)[%ds:2s]))", filled, int(over.Seconds()))
	if a.rise {
		text = fmt.Sprintf("topk(1, avg_over_time((%[1]s)[20s:2s]) / avg_over_time((%[1]s)[30s:2s] offset 35s))", filled)
	}
	samples, err := d.Database.Query(ctx, text)
	require.NoError(t, err, filled)
	require.NotEmpty(t, samples, filled)
	return samples[0]
}

// Every panel of every dashboard shows what the demo has in a minute, with all that goes wrong. With PICTURES_PAGE, the folder of
// the page that draws, and PICTURES_BROWSER the dashboards are drawn, too.
func TestEveryPanelHasData(t *testing.T) {
	const cycle, rate = 60 * time.Second, 20 * time.Second
	d := startDemo(t, traffic.Settings{Seed: 1, Cycle: cycle, Rate: 2})
	began := time.Now()
	time.Sleep(cycle + 15*time.Second) // the last scene's requests end and are counted
	over := time.Since(began)

	ctx, cancel := context.WithTimeout(context.Background(), 10*harness.Patience)
	defer cancel()
	boards, err := board.All()
	require.NoError(t, err)
	// First, since what rose is read at this moment.
	t.Run("answers", func(t *testing.T) {
		guide, err := repo.Path("docs", "dashboards.md")
		require.NoError(t, err)
		text, err := os.ReadFile(guide)
		require.NoError(t, err)
		for _, a := range answers {
			assert.Regexp(t, `(?m)^\| `+regexp.QuoteMeta(a.question)+` \|.*\| `+regexp.QuoteMeta(a.panel)+` \|$`, string(text), "the question and its panel in the guide")
			highest := highestOf(ctx, t, d, boards, a, rate, over)
			assert.Regexp(t, a.is, highest.Labels[a.label], "%s %v", a.question, highest)
		}
	})
	for _, b := range boards {
		t.Run(b.UID, func(t *testing.T) {
			for _, p := range b.Panels {
				for _, query := range p.Queries {
					filled := b.Fill(query, rate, over)
					samples, err := d.Database.Query(ctx, fmt.Sprintf("last_over_time((%s)[%ds:2s])", filled, int(over.Seconds())))
					require.NoError(t, err, filled)
					assert.NotEmpty(t, samples, "%s: %s", p.Title, filled)
				}
			}
		})
	}
	if os.Getenv("PICTURES_PAGE") == "" {
		return
	}
	settings := picture.Settings{
		Browser: program(t, "PICTURES_BROWSER"), Page: program(t, "PICTURES_PAGE"), Prometheus: d.Database.URL(),
		From: began, To: time.Now(), Rate: rate, Width: 1280,
	}
	folder := t.TempDir()
	for _, b := range boards {
		panels, err := picture.Draw(ctx, settings, b, filepath.Join(folder, b.UID+".png"))
		require.NoError(t, err, b.Title)
		assert.Len(t, panels, b.Open, "%s: panels that were drawn", b.Title)
		for _, p := range panels {
			assert.Empty(t, p.Error, "%s: %s", b.Title, p.Title)
			assert.False(t, p.Empty, "%s: %s is empty", b.Title, p.Title)
		}
	}
}

// Nothing fires while all is well, nor is anything about to. The demo's canary is worse than the model beside it at any
// time, and is to be found.
func TestNoAlertWhileAllIsWell(t *testing.T) {
	d := startDemo(t, traffic.Settings{Seed: 1, Cycle: time.Hour, Rate: 1})
	pair := startAlerting(t, d.Database.URL())
	time.Sleep(40 * time.Second)

	ctx, cancel := context.WithTimeout(context.Background(), harness.Patience)
	defer cancel()
	samples, err := d.Database.Query(ctx,
		`count by (alertname, alertstate, gen_ai_request_model, service_name) (ALERTS{gen_ai_request_model!~".*-FP8", service_name!~".*-fp8"})`)
	require.NoError(t, err)
	assert.Empty(t, samples)
	// Rules were evaluated at all.
	samples, err = d.Database.Query(ctx, `count(llm_alert_threshold) and count(slo:sli_error:ratio_rate5m)`)
	require.NoError(t, err)
	assert.NotEmpty(t, samples, pair.Log())
}
