// SPDX-License-Identifier: Apache-2.0

package llmengineprocessor

import (
	"context"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

const (
	// maxTargets bounds what is remembered of targets; forgetAfter is for targets that are no more.
	maxTargets  = 20_000
	forgetAfter = time.Hour
)

// engineProcessor reads what passes and appends to it.
type engineProcessor struct {
	config    *Config
	settings  processor.Settings
	telemetry *enginemetrics.Telemetry
	now       func() time.Time

	mu       sync.Mutex // recorder, targets
	recorder *enginemetrics.Recorder
	targets  map[[16]byte]target
}

// target is an engine that answered before, by its resource.
type target struct {
	engine *llmengine.Engine
	seen   time.Time
	// doubled says that histograms are left out, since they are made of the engine's spans.
	doubled bool
}

func newProcessor(config *Config, settings processor.Settings) *engineProcessor {
	return &engineProcessor{
		config: config, settings: settings, now: time.Now, targets: map[[16]byte]target{},
		recorder: enginemetrics.NewRecorder(config.Config, settings.TelemetrySettings, settings.BuildInfo),
	}
}

func (p *engineProcessor) start(context.Context, component.Host) (err error) {
	p.telemetry, err = enginemetrics.NewTelemetry(p.settings.TelemetrySettings)
	return err
}

func (p *engineProcessor) shutdown(context.Context) error {
	if p.telemetry != nil {
		p.telemetry.Shutdown()
	}
	return nil
}

// process appends a resource with the vocabulary for each one with an engine's metrics. What is not known stays as it is.
func (p *engineProcessor) process(ctx context.Context, metrics pmetric.Metrics) (pmetric.Metrics, error) {
	all := metrics.ResourceMetrics()
	done := vocabularies(all)
	added := pmetric.NewResourceMetricsSlice()
	for _, source := range all.All() {
		if isVocabulary(source) || done[identity(source.Resource())] {
			continue
		}
		p.read(ctx, source, added)
	}
	if !p.config.KeepSource || !p.config.KeepOthers {
		all.RemoveIf(func(rm pmetric.ResourceMetrics) bool { return rm.ScopeMetrics().Len() == 0 })
	}
	added.MoveAndAppendTo(all)
	return metrics, nil
}

// leaveOut removes the histograms that are made of the engine's spans, too. The caller holds the lock.
func (p *engineProcessor) leaveOut(ctx context.Context, id [16]byte, resource pcommon.Map, result *llmengine.Result) {
	err := delivery.CheckNotOfSpans(p.settings.TelemetrySettings, "histograms", resource, enginemetrics.OfSpans...)
	t, found := p.targets[id]
	if err != nil && !t.doubled {
		p.settings.Logger.Error("Leaving out an engine's histograms", zap.Error(err))
	}
	if found {
		t.doubled = err != nil
		p.targets[id] = t
	}
	if err == nil {
		return
	}
	for i := range result.Instances {
		kept, left := enginemetrics.LeaveOut(result.Instances[i].Readings)
		result.Instances[i].Readings = kept
		p.telemetry.LeftOut(ctx, result.Engine, left)
	}
}

func isVocabulary(rm pmetric.ResourceMetrics) bool {
	for _, scope := range rm.ScopeMetrics().All() {
		if scope.Scope().Name() == enginemetrics.ScopeName {
			return true
		}
	}
	return false
}

// vocabularies are the resources of which the vocabulary is there already: another processor of this kind went before.
func vocabularies(all pmetric.ResourceMetricsSlice) map[[16]byte]bool {
	var done map[[16]byte]bool
	for _, rm := range all.All() {
		if isVocabulary(rm) {
			if done == nil {
				done = map[[16]byte]bool{}
			}
			done[identity(rm.Resource())] = true
		}
	}
	return done
}

// identity is the resource without what the vocabulary adds.
func identity(resource pcommon.Resource) [16]byte {
	attributes := resource.Attributes()
	if _, found := attributes.Get("llm.engine.name"); found {
		attributes = pcommon.NewMap()
		resource.Attributes().CopyTo(attributes)
		attributes.Remove("llm.engine.name")
		attributes.Remove("llm.engine.version")
	}
	return pdatautil.MapHash(attributes)
}

func (p *engineProcessor) read(ctx context.Context, rm pmetric.ResourceMetrics, added pmetric.ResourceMetricsSlice) {
	options := llmengine.Options{Histograms: p.config.Histograms, Now: p.now()}
	id := identity(rm.Resource())
	named := p.named(rm.Resource())
	s := &source{page: llmengine.NewPage(options), ended: llmengine.NewPage(options), resource: rm.Resource().Attributes(), up: math.NaN()}
	for _, scope := range rm.ScopeMetrics().All() {
		for _, metric := range scope.Metrics().All() {
			s.add(metric)
		}
	}
	// An engine at rest may show nothing that a row takes: it is known by its names alone.
	s.seen = s.seen || s.up == 1 && !s.page.Empty()
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.targets[id].engine
	if !s.seen && !s.seenEnd && (math.IsNaN(s.up) || known == nil && named == nil) {
		return
	}
	result := s.page.Read()
	engine := result.Engine
	for _, before := range []*llmengine.Engine{known, named} {
		if engine == nil {
			engine = before
		}
	}
	if s.seen {
		p.telemetry.Page(ctx, &result)
	}
	if engine == nil {
		return
	}
	p.remember(id, engine)
	if p.config.Histograms {
		p.leaveOut(ctx, id, rm.Resource().Attributes(), &result)
	}
	out := enginemetrics.Target{Engine: engine.Name, Resource: rm.Resource().Attributes()}
	status := ""
	switch {
	case s.up == 0:
		status = llmengine.Unreachable
	case s.seen:
		status = result.State()
	}
	if s.start == 0 && result.Started > 0 && result.Started < float64(s.time)/1e9 {
		s.start = pcommon.Timestamp(result.Started * 1e9)
	}
	instances := result.Instances
	if len(instances) == 0 {
		instances = []llmengine.Instance{{}}
	}
	for _, instance := range instances {
		p.recorder.Record(added, withInstance(out, instance.ID), enginemetrics.State{
			Readings: instance.Readings, Status: status, Start: s.start, Time: s.time,
		})
	}
	if s.seenEnd {
		gone := s.ended.Read()
		for _, instance := range gone.Instances {
			p.recorder.Record(added, withInstance(out, instance.ID), enginemetrics.State{Readings: instance.Readings, Time: s.endTime, Ended: true})
		}
	}
	remove(rm, func(name string) bool {
		if s.page.Took(name) || s.ended.Took(name) {
			return !p.config.KeepSource
		}
		return !p.config.KeepOthers && !ofScrape(name)
	})
}

// ofScrape says whether the Prometheus receiver writes a metric about each scrape.
func ofScrape(name string) bool { return name == upMetric || strings.HasPrefix(name, "scrape_") }

// withInstance identifies an engine of a Ray node's page.
func withInstance(target enginemetrics.Target, id string) enginemetrics.Target {
	if id == "" {
		return target
	}
	attributes := pcommon.NewMap()
	target.Resource.CopyTo(attributes)
	instance := id
	if node, found := attributes.Get("service.instance.id"); found {
		instance = node.AsString() + "/" + id
	}
	attributes.PutStr("service.instance.id", instance)
	target.Resource = attributes
	return target
}

// named is the engine that the configured attribute names.
func (p *engineProcessor) named(resource pcommon.Resource) *llmengine.Engine {
	if p.config.EngineAttribute == "" {
		return nil
	}
	value, found := resource.Attributes().Get(p.config.EngineAttribute)
	if !found {
		return nil
	}
	return llmengine.ByName(value.AsString())
}

// remember keeps a target. The caller holds the lock.
func (p *engineProcessor) remember(id [16]byte, engine *llmengine.Engine) {
	now := p.now()
	before, known := p.targets[id]
	if !known && len(p.targets) >= maxTargets {
		for other, t := range p.targets {
			if now.Sub(t.seen) > forgetAfter {
				delete(p.targets, other)
			}
		}
		if len(p.targets) >= maxTargets {
			return
		}
	}
	p.targets[id] = target{engine: engine, seen: now, doubled: before.doubled}
}

// remove takes metrics out of a resource.
func remove(rm pmetric.ResourceMetrics, which func(name string) bool) {
	rm.ScopeMetrics().RemoveIf(func(scope pmetric.ScopeMetrics) bool {
		scope.Metrics().RemoveIf(func(metric pmetric.Metric) bool { return which(metric.Name()) })
		return scope.Metrics().Len() == 0
	})
}
