// SPDX-License-Identifier: Apache-2.0

package simengine

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start runs an engine behind a server.
func start(t *testing.T, config Config) (*Engine, string) {
	t.Helper()
	engine := New(config)
	go engine.Run(t.Context())
	server := httptest.NewServer(engine.Handler())
	t.Cleanup(server.Close)
	return engine, server.URL
}

func ask(t *testing.T, ctx context.Context, url, prompt string, tokens int) (status int, body string) { //nolint:revive // the test comes first
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/chat/completions", strings.NewReader(
		fmt.Sprintf(`{"messages":[{"role":"user","content":%q}],"max_tokens":%d}`, prompt, tokens)))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

// series reads a page: name and labels to value.
func series(t *testing.T, url string) map[string]float64 {
	t.Helper()
	response, err := http.Get(url + "/metrics") //nolint:noctx // ends with the server
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	found := map[string]float64{}
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if line := lines.Text(); !strings.HasPrefix(line, "#") {
			space := strings.LastIndexByte(line, ' ')
			found[line[:space]], err = strconv.ParseFloat(line[space+1:], 64)
			require.NoError(t, err, line)
		}
	}
	return found
}

func TestTheQueueFillsAndDrains(t *testing.T) {
	engine, url := start(t, Config{MaxRunning: 2, Step: time.Millisecond, Prefill: time.Microsecond})
	engine.Pause(true)
	var calls sync.WaitGroup
	for i := range 5 {
		calls.Go(func() {
			status, body := ask(t, t.Context(), url, fmt.Sprint("question ", i), 16)
			assert.Equal(t, http.StatusOK, status)
			assert.Contains(t, body, `"completion_tokens":16`)
		})
	}
	const labels = `{engine="0",model_name="sim-8b"}`
	assert.Eventually(t, func() bool { return series(t, url)["vllm:num_requests_waiting"+labels] == 5 }, 5*time.Second, 5*time.Millisecond)
	engine.Pause(false)
	calls.Wait()
	page := series(t, url)
	assert.Zero(t, page["vllm:num_requests_waiting"+labels])
	assert.Zero(t, page["vllm:kv_cache_usage_perc"+labels])
	assert.Equal(t, 5.0, page[`vllm:request_success_total{engine="0",model_name="sim-8b",finished_reason="length"}`])
	assert.Equal(t, 80.0, page["vllm:generation_tokens_total"+labels])
	assert.Equal(t, 10.0, page["vllm:prompt_tokens_total"+labels])
}

func TestTheCacheFillsAndPreempts(t *testing.T) {
	_, url := start(t, Config{Blocks: 8, BlockSize: 4, Step: time.Millisecond, Prefill: time.Microsecond, Kind: "sglang"})
	prompt := "one two three four five six seven eight"
	var calls sync.WaitGroup
	for range 3 {
		calls.Go(func() {
			status, _ := ask(t, t.Context(), url, prompt, 12)
			assert.Equal(t, http.StatusOK, status)
		})
	}
	calls.Wait()
	page := series(t, url)
	const labels = `{engine_type="unified",model_name="sim-8b",pp_rank="0",tp_rank="0"`
	assert.Positive(t, page["sglang:num_retracted_requests_total"+labels+"}"])
	assert.Equal(t, 16.0, page["sglang:cached_tokens_total"+labels+`,cache_source="device"}`], "the second and the third hit")

	status, _ := ask(t, t.Context(), url, strings.Repeat("word ", 33), 12)
	assert.Equal(t, http.StatusBadRequest, status, "what never fits is refused")
}

func TestACallerWhoGoesFreesItsBlocks(t *testing.T) {
	engine, url := start(t, Config{Step: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		ask(t, ctx, url, "hello", 16) //nolint:testifylint // ends with an error, which is no assertion
	}()
	assert.Eventually(t, func() bool {
		engine.step(time.Now())
		return series(t, url)[`vllm:num_requests_running{engine="0",model_name="sim-8b"}`] == 1
	}, 5*time.Second, time.Millisecond)
	cancel()
	assert.Eventually(t, func() bool {
		engine.step(time.Now())
		return series(t, url)[`vllm:kv_cache_usage_perc{engine="0",model_name="sim-8b"}`] == 0
	}, 5*time.Second, time.Millisecond)
}

func TestStreamAndSpans(t *testing.T) {
	spans := make(chan string, 1)
	store := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		spans <- string(body)
	}))
	defer store.Close()
	_, url := start(t, Config{Step: time.Millisecond, Traces: store.URL})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/completions", strings.NewReader(`{"prompt":"a b","max_tokens":3,"stream":true}`))
	require.NoError(t, err)
	request.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, 5, strings.Count(string(body), "data: "), "three tokens, the end and [DONE]")
	span := <-spans
	assert.Contains(t, span, `"parentSpanId":"b7ad6b7169203331"`)
	assert.Contains(t, span, `{"key":"gen_ai.usage.completion_tokens","value":{"intValue":"3"}}`)
}
