// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/collector/scraper/scrapererror"

	"github.com/otelcol-llm/otelcol-llm/internal/simengine"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmenginereceiver/internal/metadata"
)

// site is a server whose answers a test changes.
type site struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	asked   []string
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{answers: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
		handler := s.answers[r.URL.Path]
		s.mu.Unlock()
		if handler == nil {
			http.Error(w, `{"detail":"no such thing"}`, http.StatusNotFound)
			return
		}
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) answer(path string, handler http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = handler
}

func (s *site) text(path, body string) {
	s.answer(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
}

func (s *site) json(path string, status int, body string) {
	s.answer(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func started(t *testing.T, endpoint string, change func(*Config)) (*engineScraper, *clock) {
	t.Helper()
	config := createDefaultConfig().(*Config)
	config.Endpoint = endpoint
	if change != nil {
		change(config)
	}
	require.NoError(t, config.Validate())
	s := newScraper(config, receivertest.NewNopSettings(metadata.Type))
	c := &clock{at: time.Unix(1_796_000_000, 0)}
	s.now = c.now
	require.NoError(t, s.start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, s.shutdown(t.Context())) })
	return s, c
}

// points describes the points of all metrics: name, attributes and value; "ended" without a value.
func points(metrics pmetric.Metrics) map[string]string {
	found := map[string]string{}
	for _, rm := range metrics.ResourceMetrics().All() {
		for _, scope := range rm.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				list := metric.Gauge().DataPoints
				if metric.Type() == pmetric.MetricTypeSum {
					list = metric.Sum().DataPoints
				}
				for _, point := range list().All() {
					key := metric.Name()
					for name, value := range point.Attributes().All() {
						if name != "gen_ai.request.model" {
							key += " " + value.AsString()
						}
					}
					switch {
					case point.Flags().NoRecordedValue():
						found[key] = "ended"
					case point.ValueType() == pmetric.NumberDataPointValueTypeInt:
						found[key] = fmt.Sprint(point.IntValue())
					default:
						found[key] = fmt.Sprint(point.DoubleValue())
					}
				}
			}
		}
	}
	return found
}

func state(found map[string]string) string {
	for key, value := range found {
		if name, is := strings.CutPrefix(key, "llm.engine.status "); is && value == "1" {
			return name
		}
	}
	return ""
}

// startTimes are those of counters, in seconds since the clock's beginning.
func startTimes(metrics pmetric.Metrics) map[string]int64 {
	found := map[string]int64{}
	for _, rm := range metrics.ResourceMetrics().All() {
		for _, metric := range rm.ScopeMetrics().At(0).Metrics().All() {
			if metric.Type() == pmetric.MetricTypeSum && metric.Sum().IsMonotonic() {
				for _, point := range metric.Sum().DataPoints().All() {
					found[metric.Name()] = int64(point.StartTimestamp()/1e9) - 1_796_000_000
				}
			}
		}
	}
	return found
}

func resourceOf(t *testing.T, metrics pmetric.Metrics) pcommon.Map {
	t.Helper()
	require.Positive(t, metrics.ResourceMetrics().Len())
	return metrics.ResourceMetrics().At(0).Resource().Attributes()
}

const vllmPage = `vllm:num_requests_running{engine="0",model_name="m"} 2
vllm:num_requests_waiting{engine="0",model_name="m"} 7
vllm:prompt_tokens_total{engine="0",model_name="m"} %d
`

func TestASimulatedEngine(t *testing.T) {
	for _, kind := range []string{"vllm", "sglang"} {
		engine := simengine.New(simengine.Config{Kind: kind})
		server := httptest.NewServer(engine.Handler())
		defer server.Close()
		s, _ := started(t, server.URL, func(c *Config) {
			c.Resource = map[string]string{"service.name": "chat"}
			c.ResourceAttributes.LlmEngineVersion.Enabled = true
		})
		metrics, err := s.scrape(t.Context())
		require.NoError(t, err)
		found := points(metrics)
		assert.Equal(t, "ready", state(found))
		assert.Equal(t, "0", found["llm.engine.requests.waiting"])
		assert.Equal(t, "4096", found["llm.engine.kv_cache.limit"])
		assert.Equal(t, "1", found["llm.engine.model.loaded"])
		resource := resourceOf(t, metrics).AsRaw()
		assert.Equal(t, kind, resource["llm.engine.name"])
		assert.Equal(t, "chat", resource["service.name"])
		assert.Equal(t, strings.TrimPrefix(server.URL, "http://"), resource["service.instance.id"])
		if kind == "vllm" {
			assert.Equal(t, "0.0.0+simulated", resource["llm.engine.version"])
		}
	}
}

func TestADeadEngineEndsItsSeries(t *testing.T) {
	s, clock := started(t, "http://127.0.0.1:1", nil)
	site := newSite(t)
	site.text("/metrics", fmt.Sprintf(vllmPage, 10))
	s.client.base.Host = strings.TrimPrefix(site.URL, "http://")
	metrics, err := s.scrape(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "7", points(metrics)["llm.engine.requests.waiting"])

	s.client.base.Host = "127.0.0.1:1" // nobody listens there
	clock.at = clock.at.Add(15 * time.Second)
	metrics, err = s.scrape(t.Context())
	require.True(t, scrapererror.IsPartialScrapeError(err), "what is left is sent: %v", err)
	found := points(metrics)
	assert.Equal(t, "unreachable", state(found))
	assert.Equal(t, "ended", found["llm.engine.requests.waiting"])
	assert.Equal(t, "ended", found["llm.engine.usage.input_tokens"])
	assert.Equal(t, 1, metrics.ResourceMetrics().Len(), "all is of one resource")

	clock.at = clock.at.Add(15 * time.Second)
	metrics, err = s.scrape(t.Context())
	require.Error(t, err)
	found = points(metrics)
	assert.Equal(t, "unreachable", state(found))
	assert.NotContains(t, found, "llm.engine.requests.waiting", "a series ends once")

	// It was a pause: the counters go on.
	s.client.base.Host = strings.TrimPrefix(site.URL, "http://")
	site.text("/metrics", fmt.Sprintf(vllmPage, 30))
	clock.at = clock.at.Add(15 * time.Second)
	metrics, err = s.scrape(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "30", points(metrics)["llm.engine.usage.input_tokens"])
	assert.Equal(t, int64(0), startTimes(metrics)["llm.engine.usage.input_tokens"])
}

func TestStartTimes(t *testing.T) {
	site := newSite(t)
	s, clock := started(t, site.URL, nil)
	read := func(page string) int64 {
		t.Helper()
		site.text("/metrics", page)
		metrics, err := s.scrape(t.Context())
		require.NoError(t, err)
		clock.at = clock.at.Add(10 * time.Second)
		return startTimes(metrics)["llm.engine.usage.input_tokens"]
	}
	assert.Equal(t, int64(0), read(fmt.Sprintf(vllmPage, 10)), "first seen")
	assert.Equal(t, int64(0), read(fmt.Sprintf(vllmPage, 20)))
	assert.Equal(t, int64(10), read(fmt.Sprintf(vllmPage, 5)), "it fell after the second look")
	assert.Equal(t, int64(10), read(fmt.Sprintf(vllmPage, 7)))
	process := func(start int64) string {
		return fmt.Sprintf("process_start_time_seconds %d\n", 1_796_000_000+start)
	}
	assert.Equal(t, int64(-100), read(process(-100)+fmt.Sprintf(vllmPage, 9)), "the process says it")
	assert.Equal(t, int64(45), read(process(45)+fmt.Sprintf(vllmPage, 90)), "a new process that did more than the old one")
	assert.Equal(t, int64(50), read(process(45)+fmt.Sprintf(vllmPage, 3)), "a counter that fell in a process that went on")
	assert.Equal(t, int64(50), read(process(45)+fmt.Sprintf(vllmPage, 4)))
	gone := strings.ReplaceAll(fmt.Sprintf(vllmPage, 4), "vllm:prompt", "vllm:other")
	site.text("/metrics", process(45)+gone)
	metrics, err := s.scrape(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "ended", points(metrics)["llm.engine.usage.input_tokens"], "a series that is gone ends")
}

func TestRecognition(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*site)
		engine  string
		asked   []string
		point   string
	}{
		"ollama": {
			prepare: func(s *site) {
				s.answer("/metrics", func(w http.ResponseWriter, _ *http.Request) { http.NotFound(w, nil) })
				s.text("/", "Ollama is running")
				s.json("/api/ps", 200, `{"models":[{"name":"llama3:8b","model":"llama3:8b","size":6,"size_vram":4}]}`)
			},
			engine: "ollama", asked: []string{"GET /metrics", "GET /", "GET /api/ps"}, point: "llm.engine.model.loaded",
		},
		"lmstudio": {
			prepare: func(s *site) {
				s.json("/metrics", 200, `{"error":"Unexpected endpoint or method. (GET /metrics)"}`)
				s.json("/api/v0/models", 200, `{"data":[{"id":"m","state":"loaded"}]}`)
			},
			engine: "lmstudio", asked: []string{"GET /metrics", "GET /api/v0/models"}, point: "llm.engine.model.loaded",
		},
		"nim": {
			prepare: func(s *site) {
				s.json("/metrics", 404, `{"detail":"Not Found"}`)
				s.text("/v1/metrics", "num_requests_running{model_name=\"m\"} 1\nnum_requests_waiting{model_name=\"m\"} 2\n")
			},
			engine: "nim", asked: []string{"GET /metrics", "GET /v1/metrics", "GET /v1/models"}, point: "llm.engine.requests.waiting",
		},
		"tensorrt-llm": {
			prepare: func(s *site) {
				s.json("/metrics", 200, `[]`)
				s.text("/prometheus/metrics", `trtllm_num_requests_waiting{model_name="m"} 3`)
			},
			engine: "tensorrt-llm", asked: []string{"GET /metrics", "GET /prometheus/metrics", "GET /v1/models"}, point: "llm.engine.requests.waiting",
		},
		"vllm": {
			prepare: func(s *site) { s.text("/metrics", fmt.Sprintf(vllmPage, 3)) },
			engine:  "vllm", asked: []string{"GET /metrics", "GET /v1/models"}, point: "llm.engine.requests.waiting",
		},
	} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			test.prepare(site)
			s, clock := started(t, site.URL, nil)
			metrics, err := s.scrape(t.Context())
			require.NoError(t, err)
			assert.Equal(t, test.engine, resourceOf(t, metrics).AsRaw()["llm.engine.name"])
			assert.Contains(t, points(metrics), test.point)
			assert.Equal(t, test.asked, site.requests())

			clock.at = clock.at.Add(15 * time.Second)
			_, err = s.scrape(t.Context())
			require.NoError(t, err)
			assert.Len(t, site.requests(), 1, "the answer is remembered, and documents are asked for once a minute")
		})
	}
}

func TestLookupsOnceAMinute(t *testing.T) {
	site := newSite(t)
	site.text("/metrics", "tgi_queue_size 2\n")
	site.json("/info", 200, `{"model_id":"m","max_concurrent_requests":128,"version":"3.3.7","router":"text-generation-router"}`)
	s, clock := started(t, site.URL, nil)
	infos := 0
	for range 9 { // two minutes
		metrics, err := s.scrape(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "128", points(metrics)["llm.engine.requests.limit"])
		for _, request := range site.requests() {
			if request == "GET /info" {
				infos++
			}
		}
		clock.at = clock.at.Add(15 * time.Second)
	}
	assert.Equal(t, 3, infos)
}

func TestStatistics(t *testing.T) {
	site := newSite(t)
	site.json("/metrics", 200, `[{"numActiveRequests":3,"numQueuedRequests":2}]`)
	s, _ := started(t, site.URL, func(c *Config) { c.Engine, c.MetricsPath = "tensorrt-llm", "/metrics" })
	metrics, err := s.scrape(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "2", points(metrics)["llm.engine.requests.waiting"])
}

func TestBadAnswers(t *testing.T) {
	elsewhere := newSite(t)
	unknown := httptest.NewUnstartedServer(http.NotFoundHandler())
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	unknown.StartTLS()
	t.Cleanup(unknown.Close)
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		change func(*Config)
		says   string
		state  string
	}{
		"html": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte("<html><body>Login</body></html>"))
			},
			says: `the answer is no page in the Prometheus text format: it begins with "<html><body>Login</body></html>"`,
		},
		"nothing": {answer: func(http.ResponseWriter, *http.Request) {}, says: "the answer is empty"},
		"json": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"status":"ok"}`))
			},
			says: `it begins with "{\"status\":\"ok\"}"`,
		},
		"another program": {
			answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("go_goroutines 8\n")) },
			says:   "the page has no family of an engine that is known",
		},
		"another engine": {
			answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("tgi_queue_size 2\n")) },
			change: func(c *Config) { c.Engine = "vllm" }, says: "the page is that of Text Generation Inference, not of vLLM",
		},
		"token": {
			answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "who are you", http.StatusUnauthorized) },
			says:   `/metrics answers 401 Unauthorized: set auth or headers ("who are you")`,
		},
		"loading": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, `{"error":{"message":"Loading model"}}`, http.StatusServiceUnavailable)
			},
			says: "answers 503", state: "loading",
		},
		"broken": {
			answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oops", http.StatusInternalServerError) },
			says:   "answers 500", state: "unhealthy",
		},
		"switched off": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusNotImplemented)
				_, _ = w.Write([]byte("{\"error\":{\"message\":\"This server does not support metrics endpoint. Start it with `--metrics`\"}}"))
			},
			says: "Start it with `--metrics`",
		},
		"redirect": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+"/metrics", http.StatusFound)
			},
			says: "another host, which is not followed", state: "unreachable",
		},
		"hangs": {
			answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			change: func(c *Config) { c.ClientConfig.Timeout = 50 * time.Millisecond },
			says:   "exceeded", state: "unreachable",
		},
		"slow": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					_, _ = w.Write([]byte("vllm:num_requests_waiting{model_name=\"m\",engine=\"0\"} 1"))
					w.(http.Flusher).Flush()
					time.Sleep(5 * time.Millisecond)
				}
			},
			change: func(c *Config) { c.ClientConfig.Timeout = 100 * time.Millisecond },
			says:   "the answer broke off", state: "unreachable",
		},
		"a line without end": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					if _, err := w.Write([]byte(strings.Repeat("x", 1<<16))); err != nil {
						return
					}
				}
			},
			says: "larger than max_response_body_size",
		},
		"a page without end": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					if _, err := w.Write([]byte(strings.Repeat("some_other_metric{a=\"b\"} 1\n", 1000))); err != nil {
						return
					}
				}
			},
			says: "larger than max_response_body_size",
		},
		"too large": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				for range 10_000 {
					_, _ = w.Write([]byte("some_other_metric{a=\"b\"} 1\n"))
				}
			},
			change: func(c *Config) { c.MaxResponseBodySize = 10_000 }, says: "larger than max_response_body_size",
		},
		"breaks off": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "1000")
				_, _ = w.Write([]byte("some_other_metric 1\nvllm:num_req"))
			},
			says: "the answer broke off", state: "unreachable",
		},
		"no server": {
			change: func(c *Config) { c.Endpoint = "http://127.0.0.1:1" }, says: "connection refused", state: "unreachable",
		},
		"tls": {
			change: func(c *Config) { c.Endpoint = strings.Replace(c.Endpoint, "http:", "https:", 1) },
			says:   "server gave HTTP response to HTTPS client", state: "unreachable",
		},
		"a certificate that nobody knows": {
			change: func(c *Config) { c.Endpoint = unknown.URL }, says: "certificate signed by unknown authority", state: "unreachable",
		},
	} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			site.answer("/metrics", test.answer)
			s, _ := started(t, site.URL, func(c *Config) {
				if test.change != nil {
					test.change(c)
				}
			})
			metrics, err := s.scrape(t.Context())
			require.ErrorContains(t, err, test.says)
			assert.True(t, scrapererror.IsPartialScrapeError(err))
			assert.Equal(t, test.state, state(points(metrics)))
			assert.Empty(t, elsewhere.requests())
		})
	}
}

func TestAPageThatIsGoodInPart(t *testing.T) {
	site := newSite(t)
	site.text("/metrics", "llamacpp:requests_processing 1\nllamacpp:n_decode_total{bad 4\nllamacpp:requests_deferred 4\n")
	s, _ := started(t, site.URL, nil)
	metrics, err := s.scrape(t.Context())
	require.ErrorContains(t, err, `1 lines are not in the Prometheus text format, the first is "llamacpp:n_decode_total{bad 4"`)
	assert.Equal(t, "4", points(metrics)["llm.engine.requests.waiting"])
	assert.Equal(t, "ready", state(points(metrics)))
}

func TestManySeriesAreBounded(t *testing.T) {
	site := newSite(t)
	site.answer("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		for i := range 100_000 {
			fmt.Fprintf(w, "vllm:num_requests_waiting{engine=\"%d\",model_name=\"m\"} 1\n", i)
		}
	})
	s, _ := started(t, site.URL, nil)
	begin := time.Now()
	metrics, err := s.scrape(t.Context())
	require.NoError(t, err)
	assert.LessOrEqual(t, metrics.DataPointCount(), 2_010)
	assert.Less(t, time.Since(begin), 20*time.Second)
}
