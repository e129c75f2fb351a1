// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/scraper/scrapererror"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// lookupInterval is the least time between two reads of a document beside the page.
const lookupInterval = time.Minute

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

// scrape reads the page and what is due beside it. A failure ends the series of what was read before, so that nobody acts upon an old
// queue, and is sent together with the state.
func (s *engineScraper) scrape(ctx context.Context) (pmetric.Metrics, error) {
	out := pmetric.NewMetrics()
	page, err := s.readPage(ctx)
	now := s.now()
	var failed *failure
	if err != nil && page == nil {
		if !errors.As(err, &failed) {
			failed = &failure{reason: reasonUnreachable, status: stateUnreachable, err: err}
		}
		s.telemetry.Failure(ctx, s.engine, failed.reason)
		s.recordState(out, failed.status, now)
		s.series.end(out.ResourceMetrics(), now)
		return out, s.partial(failed)
	}
	if errors.As(err, &failed) {
		s.telemetry.Failure(ctx, s.engine, failed.reason)
	}
	result := page.Read()
	s.telemetry.Page(ctx, &result)
	if result.Engine != nil {
		s.engine = result.Engine
	}
	if s.config.Histograms {
		s.leaveOut(ctx, &result)
	}
	for _, instance := range result.Instances {
		target := s.target
		target.Version = s.version()
		if s.engine != nil {
			target.Engine = s.engine.Name
		}
		if instance.ID != "" {
			target.Instance += "/" + instance.ID
		}
		s.recorder.Record(out.ResourceMetrics(), target, enginemetrics.State{
			Readings: instance.Readings, Status: result.State(), Time: pcommon.NewTimestampFromTime(now),
		})
	}
	s.series.observe(out.ResourceMetrics(), now, startOf(result.Started, now))
	if err != nil {
		return out, s.partial(err)
	}
	return out, nil
}

// leaveOut removes the histograms that are made of the engine's spans, too.
func (s *engineScraper) leaveOut(ctx context.Context, result *llmengine.Result) {
	err := delivery.CheckNotOfSpans(s.settings.TelemetrySettings, "histograms", s.target.Resource, enginemetrics.OfSpans...)
	if err != nil && !s.doubled {
		s.settings.Logger.Error("Leaving out the engine's histograms", zap.String("endpoint", s.config.Endpoint), zap.Error(err))
	}
	if s.doubled = err != nil; !s.doubled {
		return
	}
	for i := range result.Instances {
		kept, left := enginemetrics.LeaveOut(result.Instances[i].Readings)
		result.Instances[i].Readings = kept
		s.telemetry.LeftOut(ctx, s.engine, left)
	}
}

// startOf is the time at which the counters began, if it can be one.
func startOf(seconds float64, now time.Time) pcommon.Timestamp {
	if seconds <= 0 || seconds > float64(now.Unix()+60) {
		return 0
	}
	return pcommon.Timestamp(seconds * 1e9)
}

func (s *engineScraper) partial(err error) error {
	return scrapererror.NewPartialScrapeError(fmt.Errorf("%s: %w", s.config.Endpoint, err), 1)
}

// recordState sends the state of an endpoint that gave no page.
func (s *engineScraper) recordState(out pmetric.Metrics, status string, now time.Time) {
	if status == "" {
		return
	}
	target := s.target
	target.Version = s.version()
	if s.engine != nil {
		target.Engine = s.engine.Name
	}
	s.recorder.Record(out.ResourceMetrics(), target, enginemetrics.State{Status: status, Time: pcommon.NewTimestampFromTime(now)})
}

// readPage reads the page and the documents beside it. A page with an error was read in part.
func (s *engineScraper) readPage(ctx context.Context) (*llmengine.Page, error) {
	page := llmengine.NewPage(llmengine.Options{Histograms: s.config.Histograms, Now: s.now(), Engine: llmengine.ByName(s.config.Engine)})
	found, err := s.findPage(ctx, page)
	if found == nil {
		return nil, err
	}
	page = found
	if result := page.Read(); result.Engine != nil {
		if configured := llmengine.ByName(s.config.Engine); configured != nil && result.Engine != configured {
			return nil, &failure{reason: reasonAnotherEngine, err: fmt.Errorf("the page is that of %s, not of %s: correct engine, or set it to auto",
				result.Engine.Title, configured.Title)}
		}
		s.engine = result.Engine
	} else if s.engine == nil {
		return nil, &failure{reason: reasonAnotherEngine, err: errors.New("the page has no family of an engine that is known")}
	}
	s.readLookups(ctx, page)
	return page, err
}

// findPage reads the page from where it was the last time, or where it should be. With engine: auto it looks in at most one other
// place, which the first answer suggests.
func (s *engineScraper) findPage(ctx context.Context, page *llmengine.Page) (*llmengine.Page, error) {
	path := s.config.MetricsPath
	if path == "" {
		path = s.path
	}
	if path == "" && s.engine != nil {
		path = s.engine.Path
		if path == "" {
			return s.readDocuments(ctx, page, s.engine)
		}
	}
	if path == "" {
		path = "/metrics"
	}
	answer, err := s.client.get(ctx, path)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	if answer.status == http.StatusOK && !answer.json {
		if err := s.readText(page, answer); err != nil && page.Empty() {
			return nil, err
		} else if err != nil {
			return page, err
		}
		s.path = path
		return page, nil
	}
	if answer.status == http.StatusOK && s.config.MetricsPath != "" {
		return s.readStatistics(page, answer)
	}
	message := answer.message()
	if s.config.Engine == auto && s.config.MetricsPath == "" && s.path == "" {
		for _, clue := range clues {
			if clue.fits(answer.status, answer.json, message) {
				return s.follow(ctx, page, clue, statusError(path, answer.status, message))
			}
		}
	}
	if answer.status == http.StatusOK {
		return nil, &failure{reason: reasonNotText, err: &llmengine.NotTextError{Begins: message[:min(len(message), 60)]}}
	}
	return nil, statusError(path, answer.status, message)
}

// clue says what an answer that is no page suggests.
type clue struct {
	status   int // 0: any
	json     bool
	contains string
	// next is where to look. It is the page of engine if confirm is empty; else it only confirms that it is the engine.
	next, confirm string
	engine        string
}

func (c clue) fits(status int, json bool, message string) bool {
	return (c.status == 0 || c.status == status) && c.json == json && strings.Contains(message, c.contains)
}

// clues, each read from the project's source or documentation (see internal/llmengine).
var clues = []clue{
	{status: http.StatusNotFound, contains: "404 page not found", next: "/", confirm: "Ollama is running", engine: "ollama"},
	{json: true, contains: "Unexpected endpoint", next: "/api/v0/models", engine: "lmstudio"},
	{status: http.StatusNotFound, json: true, contains: "Not Found", next: "/v1/metrics", engine: "nim"},
	{status: http.StatusOK, json: true, contains: "[", next: "/prometheus/metrics", engine: "tensorrt-llm"},
}

// follow looks where a clue points. Without success the first answer's failure stands.
func (s *engineScraper) follow(ctx context.Context, page *llmengine.Page, clue clue, first *failure) (*llmengine.Page, error) {
	engine := llmengine.ByName(clue.engine)
	if engine.Path == "" && clue.confirm == "" {
		page, err := s.readDocuments(ctx, page, engine)
		if err == nil {
			s.engine = engine
		}
		return page, err
	}
	answer, err := s.client.get(ctx, clue.next)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	if answer.status != http.StatusOK {
		return nil, first
	}
	if clue.confirm != "" {
		if !strings.Contains(answer.message(), clue.confirm) {
			return nil, first
		}
		s.engine = engine
		return s.readDocuments(ctx, page, engine)
	}
	if err := s.readText(page, answer); err != nil && page.Empty() {
		return nil, err
	} else if err != nil {
		return page, err
	}
	s.path = clue.next
	return page, nil
}

// readText reads a page in the text format.
func (s *engineScraper) readText(page *llmengine.Page, answer *answer) error {
	err := page.ReadText(answer)
	var notText *llmengine.NotTextError
	var lines *llmengine.LinesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &notText):
		return &failure{reason: reasonNotText, err: err}
	case errors.As(err, &lines):
		return &failure{reason: reasonBadLines, err: err}
	default:
		return readError(err)
	}
}

// readStatistics reads a JSON document that the user chose as the page.
func (s *engineScraper) readStatistics(page *llmengine.Page, answer *answer) (*llmengine.Page, error) {
	body, err := io.ReadAll(answer)
	if err != nil {
		return nil, readError(err)
	}
	if s.engine == nil {
		return nil, &failure{reason: reasonNotText, err: &llmengine.NotTextError{Begins: string(body[:min(len(body), 60)])}}
	}
	documents := llmengine.JSONPages(s.engine)
	if len(documents) == 0 {
		return nil, &failure{reason: reasonNotText, err: &llmengine.NotTextError{Begins: string(body[:min(len(body), 60)])}}
	}
	if err := page.ReadJSON(&documents[0], body); err != nil {
		return nil, &failure{reason: reasonNotJSON, err: err}
	}
	return page, nil
}

// readDocuments reads the JSON documents that are the page of an engine without one.
func (s *engineScraper) readDocuments(ctx context.Context, page *llmengine.Page, engine *llmengine.Engine) (*llmengine.Page, error) {
	page.Expect(engine)
	for _, document := range llmengine.JSONPages(engine) {
		body, err := s.getJSON(ctx, document.Path)
		if err != nil {
			return nil, err
		}
		if err := page.ReadJSON(&document, body); err != nil {
			return nil, &failure{reason: reasonNotJSON, err: err}
		}
	}
	return page, nil
}

func (s *engineScraper) getJSON(ctx context.Context, path string) ([]byte, error) {
	answer, err := s.client.get(ctx, path)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	if answer.status != http.StatusOK {
		return nil, statusError(path, answer.status, answer.message())
	}
	body, err := io.ReadAll(answer)
	if err != nil {
		return nil, readError(err)
	}
	return body, nil
}

// readLookups adds the documents beside the page, each of which is asked for once a minute at most. That one cannot be had, for want
// of a token, say, is no failure of the scrape.
func (s *engineScraper) readLookups(ctx context.Context, page *llmengine.Page) {
	if s.engine == nil {
		return
	}
	for i := range s.engine.Lookups {
		document := &s.engine.Lookups[i]
		if document.State || document.OnlyVersion() && !s.config.ResourceAttributes.LlmEngineVersion.Enabled {
			continue
		}
		kept := s.lookups[document.Path]
		if kept == nil {
			kept = &lookup{}
			s.lookups[document.Path] = kept
		}
		if now := s.now(); kept.at.IsZero() || now.Sub(kept.at) >= lookupInterval {
			kept.at = now
			body, err := s.getJSON(ctx, document.Path)
			if err == nil {
				err = llmengine.NewPage(llmengine.Options{Now: now}).ReadJSON(document, body)
			}
			if err != nil {
				body = nil
				s.telemetry.Failure(ctx, s.engine, reasonLookup)
				if !kept.failed {
					s.settings.Logger.Warn("Cannot read a document beside the metrics page; its values are missing",
						zap.String("endpoint", s.config.Endpoint), zap.String("path", document.Path), zap.Error(err))
				}
			}
			kept.body, kept.failed = body, err != nil
		}
		if kept.body != nil {
			_ = page.ReadJSON(document, kept.body) // it was read once
		}
	}
}

// version is what the documents say.
func (s *engineScraper) version() string {
	if s.engine == nil || !s.config.ResourceAttributes.LlmEngineVersion.Enabled {
		return ""
	}
	for i := range s.engine.Lookups {
		if kept := s.lookups[s.engine.Lookups[i].Path]; kept != nil && kept.body != nil {
			if version := s.engine.Lookups[i].VersionIn(kept.body); version != "" {
				return version
			}
		}
	}
	return ""
}
