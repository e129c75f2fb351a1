// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"context"
	"net"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// engineScraper reads one endpoint.
type engineScraper struct {
	config    *Config
	settings  receiver.Settings
	client    *client
	recorder  *enginemetrics.Recorder
	telemetry *enginemetrics.Telemetry
	series    *seriesTracker
	target    enginemetrics.Target
	now       func() time.Time

	// engine is the configured one, or the one that answered last.
	engine *llmengine.Engine
	// path is where the page was found; empty as long as none was.
	path    string
	lookups map[string]*lookup
	// doubled says that histograms are left out, since they are made of the engine's spans.
	doubled bool
}

// lookup is the last answer of a document beside the page.
type lookup struct {
	at     time.Time
	body   []byte
	failed bool
}

func newScraper(config *Config, settings receiver.Settings) *engineScraper {
	return &engineScraper{
		config: config, settings: settings, now: time.Now, series: newSeriesTracker(), lookups: map[string]*lookup{},
		recorder: enginemetrics.NewRecorder(config.Config, settings.TelemetrySettings, settings.BuildInfo),
	}
}

func (s *engineScraper) start(ctx context.Context, host component.Host) error {
	base, err := s.config.base()
	if err != nil {
		return err
	}
	httpClient, err := s.config.ToClient(ctx, host.GetExtensions(), s.settings.TelemetrySettings)
	if err != nil {
		return err
	}
	httpClient.CheckRedirect = sameHost
	s.client = &client{http: httpClient, base: base, limit: s.config.MaxResponseBodySize}
	if s.telemetry, err = enginemetrics.NewTelemetry(s.settings.TelemetrySettings); err != nil {
		return err
	}
	s.engine = llmengine.ByName(s.config.Engine)
	s.target = targetOf(s.config, base.Hostname(), base.Port(), base.Scheme)
	return nil
}

// targetOf is the identity of an endpoint.
func targetOf(config *Config, host, port, scheme string) enginemetrics.Target {
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	number, _ := strconv.ParseInt(port, 10, 32) // url.Parse took digits alone
	target := enginemetrics.Target{Address: host, Port: number, Instance: net.JoinHostPort(host, port), Resource: pcommon.NewMap()}
	for key, value := range config.Resource {
		target.Resource.PutStr(key, value)
	}
	return target
}

func (s *engineScraper) shutdown(context.Context) error {
	if s.telemetry != nil {
		s.telemetry.Shutdown()
	}
	if s.client != nil {
		s.client.http.CloseIdleConnections()
	}
	return nil
}
