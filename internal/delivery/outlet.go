// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Outlets are the outlets of started connectors, where processors find theirs.
var Outlets handover.Registry[*Outlet]

// Outlet is the started connectors of one id. The collector makes one for each pair of signals: of traces to metrics, and of logs
// to metrics. Either processors attach to it and read spans or log records, under their settings. Or the connectors read them
// themselves, under their own. All share one engine, whose metrics one of them delivers at a time.
type Outlet struct {
	id      component.ID
	set     component.TelemetrySettings
	version string
	own     *config.Config
	written []string
	// used are the settings of the processors that attached; nil without any.
	used atomic.Pointer[config.Config]
	// delivers is the port through which metrics go, nil if none is open.
	delivers atomic.Pointer[Port]

	mu       sync.Mutex
	delivery *Delivery
	// ports are those that are open, in the order of their start.
	ports []*Port
	// served is set, by signal, if processors read it, now or before; attached is the number that read now.
	served   [llm.Signals]bool
	attached int
	closed   bool
	// reads is the delivery that the connector of a signal itself reads for. It is nil if processors do, or until the first data
	// come.
	reads [llm.Signals]atomic.Pointer[Delivery]
}

// Port is one started connector of an outlet.
type Port struct {
	outlet *Outlet
	signal llm.Signal
	next   consumer.Metrics
	// turn is held while metrics go through the port.
	turn   chan struct{}
	closed atomic.Bool
}

// NewOutlet returns an outlet with the connectors' own settings, of which the user wrote those keys.
func NewOutlet(id component.ID, set component.TelemetrySettings, version string, own *config.Config, written []string) *Outlet {
	return &Outlet{id: id, set: set, version: version, own: own, written: written}
}

// Open adds the connector of a signal, whose metrics go to next.
func (o *Outlet) Open(signal llm.Signal, next consumer.Metrics) (*Port, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, errStopped
	}
	if o.has(signal) {
		return nil, fmt.Errorf("a connector %q of %s is running in this service already", o.id, signal)
	}
	p := &Port{outlet: o, signal: signal, next: next, turn: make(chan struct{}, 1)}
	o.ports = append(o.ports, p)
	if o.delivery != nil && signal == llm.Logs {
		o.delivery.engine.ExpectLogs()
	}
	o.delivers.CompareAndSwap(nil, p)
	return p, nil
}

var errStopped = errors.New("the connector has stopped")

func (o *Outlet) has(signal llm.Signal) bool {
	return slices.ContainsFunc(o.ports, func(p *Port) bool { return p.signal == signal })
}

// Has reports whether a connector of that signal is open.
func (o *Outlet) Has(signal llm.Signal) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.has(signal)
}

var _ consumer.Metrics = (*Outlet)(nil)

// Capabilities says that metrics are handed on as they are.
func (*Outlet) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: false} }

// ConsumeMetrics hands metrics on through the port that delivers now.
func (o *Outlet) ConsumeMetrics(ctx context.Context, metrics pmetric.Metrics) error {
	for {
		p := o.delivers.Load()
		if p == nil {
			return errStopped
		}
		if taken, err := p.consume(ctx, metrics); taken {
			return err
		}
	}
}

// consume hands metrics on, unless the port was closed meanwhile.
func (p *Port) consume(ctx context.Context, metrics pmetric.Metrics) (taken bool, err error) {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return true, ctx.Err()
	}
	defer func() { <-p.turn }()
	if p.closed.Load() {
		return false, nil
	}
	return true, p.next.ConsumeMetrics(ctx, metrics)
}

// Warn logs what a connector that reads by itself should say at its start.
func (o *Outlet) Warn(host component.Host) { warnOfDelta(o.own, host, o.set.Logger) }

// Attach lets a processor of a signal read for the outlet. The first one's settings count; all processors of one id
// have the same. The returned function ends the attachment.
func (o *Outlet) Attach(signal llm.Signal, compiled *config.Compiled, host component.Host) (*Delivery, func(), error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.written) > 0 {
		return nil, nil, fmt.Errorf(
			"connectors::%s sets %s, but where a processor %s reads, settings belong there: "+
				"move them to processors::%s and leave connectors::%s empty",
			o.id, strings.Join(o.written, ", "), o.id, o.id, o.id)
	}
	if o.closed {
		return nil, nil, errStopped
	}
	if o.delivery == nil {
		if err := o.start(compiled); err != nil {
			return nil, nil, err
		}
		warnOfDelta(compiled.Config, host, o.set.Logger)
	}
	o.used.Store(compiled.Config)
	o.attached++
	o.served[signal] = true
	return o.delivery, sync.OnceFunc(o.detach), nil
}

// start makes the engine.
func (o *Outlet) start(compiled *config.Compiled) error {
	d, err := Start(o.id, compiled, o.set, o.version, o)
	if err != nil {
		return err
	}
	if o.has(llm.Logs) {
		d.engine.ExpectLogs()
	}
	o.delivery = d
	return nil
}

func (o *Outlet) detach() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.attached--
	if o.closed && o.attached == 0 {
		o.delivery.release()
	}
}

// Own returns the delivery that the connector itself has to read for. It is nil if processors of its signal do it. All processors
// attach before the first data come. After they have stopped, the last spans of a batch processor between them and the connector
// may still come. They have read it.
func (p *Port) Own() (*Delivery, error) {
	o := p.outlet
	if d := o.reads[p.signal].Load(); d != nil {
		return d, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.served[p.signal] || o.closed {
		return nil, nil
	}
	if o.delivery == nil {
		if err := o.start(o.own.Compile()); err != nil {
			return nil, err
		}
	}
	o.reads[p.signal].Store(o.delivery)
	return o.delivery, nil
}

// CheckNotOfSpans is an error if a connector of the same service has made one of the metrics out of spans. Their resource is
// the same by service.name or k8s.pod.name. The metric would be there twice.
func CheckNotOfSpans(telemetry component.TelemetrySettings, setting string, resource pcommon.Map, metrics ...string) error {
	who := identities(resource)
	for _, o := range Outlets.Of(telemetry) {
		o.mu.Lock()
		d := o.delivery
		o.mu.Unlock()
		if d == nil {
			continue
		}
		for _, one := range who {
			for _, metric := range metrics {
				if d.made.has(one, metric) {
					return fmt.Errorf("%s: %s makes %s of the spans of %s %q, and it would be there twice: it is left out here; switch %s off, "+
						"or set metrics::%s::enabled to false for %s", setting, o.id, metric, one.key, one.value, setting, metric, o.id)
				}
			}
		}
	}
	return nil
}

// Close ends the port. Another one delivers from then on; the last one flushes what was read, and reports that it ended the
// outlet.
func (p *Port) Close(ctx context.Context) (last bool, err error) {
	last, err = p.outlet.drop(ctx, p)
	if !last {
		err = p.end(ctx)
	}
	return last, err
}

// drop takes a port away. With the last one it ends the outlet.
func (o *Outlet) drop(ctx context.Context, p *Port) (last bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.Index(o.ports, p)
	if i < 0 {
		return false, nil
	}
	if len(o.ports) > 1 {
		o.ports = slices.Delete(o.ports, i, i+1)
		o.delivers.CompareAndSwap(p, o.ports[0])
		return false, nil
	}
	o.closed = true
	if o.delivery != nil {
		if o.attached > 0 {
			o.set.Logger.Warn("The connector stops while processors still read for it; what they read from now on is lost. "+
				"Each pipeline with the processor must have the connector among its exporters.",
				zap.Int("processors", o.attached))
		}
		err = o.delivery.Stop(ctx)
		if o.attached == 0 {
			o.delivery.release()
		}
	}
	o.ports = nil
	o.delivers.Store(nil)
	p.closed.Store(true)
	return true, err
}

// end keeps the port from being used. It waits for a delivery through it that is under way, but no longer than a bounded time.
func (p *Port) end(ctx context.Context) error {
	p.closed.Store(true)
	ctx, cancel := context.WithTimeout(ctx, lastFlush)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		<-p.turn
		return nil
	case <-ctx.Done():
		return fmt.Errorf("a delivery did not end before the connector of %s stopped: %w", p.signal, ctx.Err())
	}
}
