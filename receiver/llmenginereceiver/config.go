// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/scraper/scraperhelper"

	"github.com/otelcol-llm/otelcol-llm/internal/confcheck"
	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

const (
	// auto says that the engine is recognised by its answer.
	auto            = "auto"
	minInterval     = time.Second
	defaultTimeout  = 10 * time.Second
	defaultBodySize = 8 << 20
	maxBodySize     = 256 << 20
)

// Config is the configuration of the receiver: one endpoint.
type Config struct {
	// ControllerConfig holds collection_interval (default 15s, at least 1s), timeout and initial_delay. The timeout (default 10s, or
	// four fifths of a shorter interval) must be below the interval.
	scraperhelper.ControllerConfig `mapstructure:",squash"`
	// ClientConfig holds endpoint, which must be set to the engine's URL, and the client's TLS, headers and authenticator.
	confighttp.ClientConfig `mapstructure:",squash"`
	// Config switches metrics and their attributes on and off.
	enginemetrics.Config `mapstructure:",squash"`

	// Engine is the name of an engine, or auto, the default: the engine is recognised by its answer.
	Engine string `mapstructure:"engine"`
	// MetricsPath is where the page is, from / on; empty, the default, for the engine's own.
	MetricsPath string `mapstructure:"metrics_path"`
	// Resource are attributes for the resource, such as service.name. They win over those that the receiver knows.
	Resource map[string]string `mapstructure:"resource"`
	// Histograms adds the engine's latency histograms; off by default.
	Histograms bool `mapstructure:"histograms"`
	// MaxResponseBodySize bounds an answer, in bytes after decompression; 8 MiB by default, at most 256 MiB.
	MaxResponseBodySize int64 `mapstructure:"max_response_body_size"`

	_ struct{} // no unkeyed literals
}

func createDefaultConfig() component.Config {
	controller := scraperhelper.NewDefaultControllerConfig()
	controller.CollectionInterval = 15 * time.Second
	controller.Timeout = defaultTimeout
	client := confighttp.NewDefaultClientConfig()
	client.Timeout = defaultTimeout
	return &Config{
		ControllerConfig: controller, ClientConfig: client, Config: enginemetrics.DefaultConfig(),
		Engine: auto, MaxResponseBodySize: defaultBodySize,
	}
}

// Unmarshal keeps the default timeout below a shorter interval that the user chose.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := confcheck.Unmarshal(conf, c); err != nil {
		return err
	}
	if !conf.IsSet("timeout") && c.CollectionInterval <= defaultTimeout {
		c.ControllerConfig.Timeout = c.CollectionInterval * 4 / 5
		c.ClientConfig.Timeout = c.ControllerConfig.Timeout
	}
	return nil
}

// Validate checks what the parts do not check themselves.
func (c *Config) Validate() error {
	var errs []error
	if _, err := c.base(); err != nil {
		errs = append(errs, err)
	}
	if c.Engine != auto && llmengine.ByName(c.Engine) == nil {
		errs = append(errs, fmt.Errorf("engine: must be auto or one of %s, got %q%s",
			strings.Join(engineNames(), ", "), c.Engine, confcheck.DidYouMean(engineNames(), c.Engine)))
	}
	if c.MetricsPath != "" && !strings.HasPrefix(c.MetricsPath, "/") {
		errs = append(errs, fmt.Errorf("metrics_path: must begin with /, got %q", c.MetricsPath))
	}
	if c.CollectionInterval < minInterval {
		errs = append(errs, fmt.Errorf("collection_interval: must be at least %v, got %v", minInterval, c.CollectionInterval))
	} else if timeout := c.ControllerConfig.Timeout; timeout <= 0 || timeout >= c.CollectionInterval {
		errs = append(errs, fmt.Errorf("timeout: must be above 0 and below collection_interval (%v), got %v", c.CollectionInterval, timeout))
	}
	if c.MaxResponseBodySize <= 0 || c.MaxResponseBodySize > maxBodySize {
		errs = append(errs, fmt.Errorf("max_response_body_size: must be between 1 and %d bytes, got %d", maxBodySize, c.MaxResponseBodySize))
	}
	for key := range c.Resource {
		if key == "" {
			errs = append(errs, errors.New("resource: every attribute needs a name, got \"\""))
		}
	}
	return errors.Join(errs...)
}

// base is the endpoint.
func (c *Config) base() (*url.URL, error) {
	if c.Endpoint == "" {
		return nil, errors.New("endpoint: must be the engine's URL, such as http://localhost:8000, got \"\"")
	}
	base, err := url.Parse(c.Endpoint)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Hostname() == "" {
		return nil, fmt.Errorf("endpoint: must be a URL that begins with http:// or https://, such as http://localhost:8000, got %q", c.Endpoint)
	}
	if base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("endpoint: must have no query, which belongs into metrics_path, got %q", c.Endpoint)
	}
	return base, nil
}

func engineNames() (names []string) {
	for _, e := range llmengine.Engines() {
		names = append(names, e.Name)
	}
	return names
}
