// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, text string, options Options) (string, error) {
	t.Helper()
	options.Now = now
	page := NewPage(options)
	err := page.ReadText(strings.NewReader(text))
	return describe(page.Read()), err
}

// waiting is what is read of a page, beside the engine and its state.
func waiting(t *testing.T, text string) string {
	t.Helper()
	got, err := read(t, text, Options{})
	require.NoError(t, err, text)
	_, rest, _ := strings.Cut(strings.TrimSpace(got), "\n")
	return rest
}

func TestForms(t *testing.T) {
	const want = `llm.engine.requests.waiting{model=m} 3`
	for name, text := range map[string]string{
		"plain":                   "vllm:num_requests_waiting{model_name=\"m\"} 3\n",
		"no newline at the end":   `vllm:num_requests_waiting{model_name="m"} 3`,
		"carriage returns":        "vllm:num_requests_waiting{model_name=\"m\"} 3\r\n",
		"spaces":                  "  vllm:num_requests_waiting { model_name = \"m\" , } \t 3.0 \n",
		"a time":                  `vllm:num_requests_waiting{model_name="m"} 3 1796000000000`,
		"exponent":                `vllm:num_requests_waiting{model_name="m"} 3.0e+00`,
		"underscores":             `vllm_num_requests_waiting{model_name="m"} 3`,
		"ray":                     `ray_vllm_num_requests_waiting{model_name="m"} 3`,
		"a quoted name":           `{"vllm:num_requests_waiting",model_name="m"} 3`,
		"quoted labels":           `vllm:num_requests_waiting{"model_name"="m","k8s.pod"="p"} 3`,
		"a bad line before":       "vllm:num_requests_waiting{model_name=\"m\"} -nan\nvllm:num_requests_waiting{model_name=\"m\"} 3\n",
		"the same family twice":   "# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting{model_name=\"m\"} 1\n# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting{model_name=\"m\",x=\"1\"} 2\n",
		"a wrong type":            "# TYPE vllm:num_requests_waiting histogram\nvllm:num_requests_waiting{model_name=\"m\"} 3\n",
		"many labels":             `vllm:num_requests_waiting{cluster="a",env="b",model_name="m",pod="x",zone="{\"}"} 3`,
		"after the end":           "vllm:num_requests_waiting{model_name=\"m\"} 3\n# EOF\nvllm:num_requests_waiting{model_name=\"m\",x=\"2\"} 4\n",
		"an exemplar":             `vllm:num_requests_waiting{model_name="m"} 3 # {trace_id="ab"} 0.5`,
		"an empty label":          `vllm:num_requests_waiting{engine="",model_name="m"} 3`,
		"an infinite other rank":  "vllm:num_requests_waiting{model_name=\"m\"} 3\nvllm:num_requests_waiting{model_name=\"n\"} +Inf\n",
		"a long comment":          "# HELP vllm:x " + strings.Repeat("long ", 100_000) + "\nvllm:num_requests_waiting{model_name=\"m\"} 3\n",
		"a total is no other one": "vllm:num_requests_waiting{model_name=\"m\"} 3\nvllm:num_requests_waiting_of_tomorrow{model_name=\"m\"} 9\n",
	} {
		got := waiting(t, text)
		got, _, _ = strings.Cut(got, "\nunknown")
		got, _, _ = strings.Cut(got, "\ndropped")
		got = strings.TrimPrefix(got, "instance \n")
		assert.Equal(t, want, got, name)
	}
}

func TestCountersWithAndWithoutTotal(t *testing.T) {
	for _, name := range []string{"vllm:prompt_tokens", "vllm:prompt_tokens_total", "ray_vllm_prompt_tokens_total", "vllm_prompt_tokens"} {
		assert.Contains(t, waiting(t, name+`{model_name="m"} 5`), "llm.engine.usage.input_tokens{model=m} 5", name)
	}
	assert.Contains(t, waiting(t, "tgi_request_success_total 4\n"), "llm.engine.requests{llm.outcome=success} 4")
	assert.Contains(t, waiting(t, "sglang:startup_time{phase=\"load_weight\"} 4\n"), "llm.engine.model.load.duration{llm.engine.load.phase=load_weight} 4",
		"without the unit, as trim_metric_suffixes leaves it")
}

func TestEscapes(t *testing.T) {
	assert.Equal(t, "llm.engine.requests.waiting{model=a \"b\" \\ c\nd} 3", waiting(t, `vllm:num_requests_waiting{model_name="a \"b\" \\ c\nd"} 3`))
}

func TestValuesThatAreNone(t *testing.T) {
	for name, test := range map[string]struct{ text, reason string }{
		"nan":      {"vllm:kv_cache_usage_perc{model_name=\"m\"} NaN\n", DroppedNotANumber},
		"-nan":     {"vllm:kv_cache_usage_perc{model_name=\"m\"} -nan(ind)\n", DroppedNotANumber},
		"infinite": {"vllm:num_requests_waiting{model_name=\"m\"} -Inf\n", DroppedNotANumber},
		"minus":    {"vllm:kv_cache_usage_perc{model_name=\"m\"} -1\n", DroppedNegative},
		"percent":  {"vllm:kv_cache_usage_perc{model_name=\"m\"} 45\n", DroppedOutOfRange},
	} {
		got := waiting(t, test.text)
		assert.Contains(t, got, "dropped "+test.reason+" 1", name)
		assert.NotContains(t, got, "llm.engine", name)
	}
	assert.Contains(t, waiting(t, "vllm:kv_cache_usage_perc{model_name=\"m\"} 1.00005\n"), "utilization{model=m} 1", "a rounding error is the whole")
}

func TestHistograms(t *testing.T) {
	const text = `vllm:time_to_first_token_seconds_bucket{le="0.1",model_name="m"} 1
vllm:time_to_first_token_seconds_bucket{le="+Inf",model_name="m"} 6
vllm:time_to_first_token_seconds_bucket{le="1.0",model_name="m"} 3
vllm:time_to_first_token_seconds_sum{model_name="m"} 2.5
vllm:time_to_first_token_seconds_count{model_name="m"} 6
vllm:time_per_output_token_seconds_bucket{le="+Inf",model_name="m"} 7
vllm:request_time_per_output_token_seconds_bucket{le="0.5",model_name="m"} 5
vllm:request_time_per_output_token_seconds_count{model_name="m"} 5
vllm:e2e_request_latency_seconds_bucket{le="1",model_name="m"} 5
vllm:e2e_request_latency_seconds_bucket{le="2",model_name="m"} 4
vllm:e2e_request_latency_seconds_count{model_name="m"} 5
nv_inference_first_response_histogram_ms_bucket{le="100",model="t"} 1
nv_inference_first_response_histogram_ms_bucket{le="+Inf",model="t"} 2
nv_inference_first_response_histogram_ms_sum{model="t"} 300
`
	got, err := read(t, text, Options{Histograms: true})
	require.NoError(t, err)
	assert.Contains(t, got, "gen_ai.server.time_to_first_token{model=m} count 6 sum 2.5 bounds [0.1 1] counts [1 2 3]")
	assert.Contains(t, got, "gen_ai.server.time_per_output_token{model=m} count 5 sum 0 bounds [0.5] counts [5 0]", "the mean of each request, not the gaps")
	assert.NotContains(t, got, "gen_ai.server.request.duration", "buckets that fall are none")
	_, ofTriton, _ := strings.Cut(text, "nv_")
	got, err = read(t, "nv_inference_request_success{model=\"t\"} 2\nnv_"+ofTriton, Options{Histograms: true})
	require.NoError(t, err)
	assert.Contains(t, got, "gen_ai.server.time_to_first_token{model=t} count 2 sum 0.3 bounds [0.1] counts [1 1]", "in seconds")
	got, err = read(t, text, Options{})
	require.NoError(t, err)
	assert.NotContains(t, got, "count", "off")
}

func TestWhatIsNoPage(t *testing.T) {
	var notText *NotTextError
	for text, begins := range map[string]string{
		"": "", "<!DOCTYPE html>\n<html>": "<!DOCTYPE html>", "\x00\x01\x02": "\x00\x01\x02", `{"a":1}`: `{"a":1}`,
	} {
		_, err := read(t, text, Options{})
		require.ErrorAs(t, err, &notText, text)
		assert.Equal(t, begins, notText.Begins)
	}
	_, err := read(t, strings.Repeat("x", 3<<20), Options{})
	require.ErrorAs(t, err, &notText, "a line without end")

	page := NewPage(Options{Now: now})
	broken := errors.New("broken")
	err = page.ReadText(io.MultiReader(strings.NewReader("vllm:num_requests_waiting{model_name=\"m\"} 3\nvllm:num_requests_running{model_name=\"m\"} 12"), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
	assert.Equal(t, "engine vllm, ready\nllm.engine.requests.waiting{model=m} 3\n", describe(page.Read()), "a line that is cut off may be another number")
}

func TestARepeatedRankCountsOnce(t *testing.T) {
	assert.Equal(t, "llm.engine.requests.waiting{model=m} 3", waiting(t, `sglang:num_queue_reqs{model_name="m",tp_rank="1"} 3
sglang:num_queue_reqs{model_name="m",tp_rank="0"} 3
sglang:num_queue_reqs{model_name="m",tp_rank="0",priority="2"} 1
`))
}

func TestTheUsersWordCounts(t *testing.T) {
	page := NewPage(Options{Now: now, Engine: &nim})
	require.NoError(t, page.ReadText(strings.NewReader("vllm:num_requests_waiting{model_name=\"m\"} 3\nnum_requests_waiting{model_name=\"m\"} 4\nnum_requests_running{model_name=\"m\"} 4\n")))
	result := page.Read()
	assert.Equal(t, &nim, result.Engine)
}

func FuzzText(f *testing.F) {
	f.Add("vllm:num_requests_waiting{engine=\"0\",model_name=\"m\"} 3\n")
	f.Add("sglang:queue_time_seconds_bucket{le=\"+Inf\",tp_rank=\"0\"} 7 # {trace_id=\"a\"} 1\n# EOF")
	f.Add("{\"tgi_queue_size\", \"a\"=\"\\\\\\n\\\"\"} -nan(ind) 17\n")
	f.Add("ray_vllm:lora_requests_info{max_lora=\"4\",running_lora_adapters=\"a,b\"} 1.79e9")
	f.Add("vllm:cache_config_info{block_size=\"1e308\",num_gpu_blocks=\"1e308\"} 1")
	f.Fuzz(func(t *testing.T, text string) {
		page := NewPage(Options{Histograms: true, Now: now})
		_ = page.ReadText(strings.NewReader(text)) // an error is an answer
		checkReadings(t, page.Read())
	})
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"models":[{"name":"a","size":7,"size_vram":5,"details":{"x":true}}]}`)
	f.Add(`[{"numActiveRequests":-1,"kvCacheStats":{"maxNumBlocks":1e308,"tokensPerBlock":1e308}}]`)
	f.Add(`{"data":[{"id":"a","root":"r","parent":null}],"total_slots":1e999}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, e := range Engines() {
			page := NewPage(Options{Now: now, Engine: e})
			for _, lookup := range append(JSONPages(e), e.Lookups...) {
				_ = page.ReadJSON(&lookup, []byte(text)) // an error is an answer
				_ = lookup.VersionIn([]byte(text))
			}
			checkReadings(t, page.Read())
		}
	})
}

// checkReadings checks what holds for whatever comes.
func checkReadings(t *testing.T, result Result) {
	t.Helper()
	total := 0
	for _, instance := range result.Instances {
		total += len(instance.Readings)
		seen := map[string]bool{}
		for _, r := range instance.Readings {
			id := string(rune(r.Concept)) + "\x00" + r.Model + "\x00" + r.Index + "\x00" + r.Attrs[0] + "\x00" + r.Attrs[1]
			assert.False(t, seen[id], "%s is there twice", Concepts[r.Concept].Metric)
			seen[id] = true
			assert.True(t, r.Value >= 0 && !math.IsInf(r.Value, 0), "%s is %v", Concepts[r.Concept].Metric, r.Value)
			if Concepts[r.Concept].Kind == Ratio {
				assert.LessOrEqual(t, r.Value, 1.0)
			}
			if r.Histogram != nil {
				assert.Len(t, r.Histogram.Counts, len(r.Histogram.Bounds)+1)
			}
		}
	}
	assert.LessOrEqual(t, total, maxReadings)
}
