// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestConfig(t *testing.T) {
	for name, test := range map[string]struct {
		config map[string]any
		says   string
	}{
		"two lines":   {config: map[string]any{"endpoint": "http://localhost:8000"}},
		"unknown key": {config: map[string]any{"endpointz": "http://h"}, says: "endpointz: there is no such setting; did you mean endpoint? there are"},
		"a client's settings": {config: map[string]any{
			"endpoint": "https://h", "tls": map[string]any{"insecure_skip_verify": true, "ca_file": "/ca.pem"}, "headers": map[string]any{"X-A": "b"},
			"auth": map[string]any{"authenticator": "bearertokenauth"}, "proxy_url": "http://p", "timeout": "2s", "collection_interval": "30s",
			"initial_delay": "3s", "max_idle_conns": 5, "idle_conn_timeout": "1m", "force_attempt_http2": true, "cookies": map[string]any{"enabled": true},
			"resource": map[string]any{"service.name": "a"}, "read_buffer_size": 4096, "disable_keep_alives": true,
		}},
		"no endpoint":    {config: map[string]any{}, says: "endpoint: must be the engine's URL, such as http://localhost:8000, got"},
		"no scheme":      {config: map[string]any{"endpoint": "localhost:8000"}, says: "endpoint: must be a URL that begins with http:// or https://, such as http://localhost:8000, got \"localhost:8000\""},
		"query":          {config: map[string]any{"endpoint": "http://localhost:8000/?model=m"}, says: "must have no query, which belongs into metrics_path"},
		"engine":         {config: map[string]any{"endpoint": "http://h", "engine": "vlm"}, says: `got "vlm"; did you mean vllm?`},
		"path":           {config: map[string]any{"endpoint": "http://h", "metrics_path": "metrics"}, says: `metrics_path: must begin with /, got "metrics"`},
		"interval":       {config: map[string]any{"endpoint": "http://h", "collection_interval": "10ms"}, says: "collection_interval: must be at least 1s, got 10ms"},
		"timeout":        {config: map[string]any{"endpoint": "http://h", "timeout": "15s"}, says: "timeout: must be above 0 and below collection_interval (15s), got 15s"},
		"body":           {config: map[string]any{"endpoint": "http://h", "max_response_body_size": 0}, says: "max_response_body_size: must be between 1 and"},
		"resource":       {config: map[string]any{"endpoint": "http://h", "resource": map[string]any{"": "x"}}, says: "resource: every attribute needs a name"},
		"metrics":        {config: map[string]any{"endpoint": "http://h", "metrics": map[string]any{"llm.engine.batch.size": map[string]any{"enabled": false}}}},
		"unknown metric": {config: map[string]any{"endpoint": "http://h", "metrics": map[string]any{"llm.engine.batch": map[string]any{"enabled": false}}}, says: "llm.engine.batch"},
		"opt-in":         {config: map[string]any{"endpoint": "http://h", "metrics": map[string]any{"llm.engine.requests": map[string]any{"attributes": []any{"gen_ai.request.model", "llm.engine.index", "llm.outcome", "llm.finish_reason"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			config := createDefaultConfig().(*Config)
			err := confmap.NewFromStringMap(test.config).Unmarshal(config)
			if err == nil {
				err = confmap.Validate(config)
			}
			if test.says == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.says)
			}
		})
	}
}

func TestTheTimeoutFollowsAShorterInterval(t *testing.T) {
	config := createDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"endpoint": "http://h", "collection_interval": "5s"}).Unmarshal(config))
	require.NoError(t, config.Validate())
	assert.Equal(t, 4*time.Second, config.ControllerConfig.Timeout)
	assert.Equal(t, 4*time.Second, config.ClientConfig.Timeout)
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"timeout": "2s"}).Unmarshal(config))
	assert.Equal(t, 2*time.Second, config.ControllerConfig.Timeout)
	assert.Equal(t, 2*time.Second, config.ClientConfig.Timeout)
}
