// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/scraper/scrapererror"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// scrape reads the page and what is due beside it. A failure ends the series of what was read before, so that nobody acts upon an
// old queue. It is sent together with the state.
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
