// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/handover"
)

// Outlets are the started connectors, where processors find theirs.
var Outlets handover.Registry[*Outlet]

// Outlet is a started connector. Either processors attach to it and read the spans, under their settings,
// or it reads the spans itself, under its own.
type Outlet struct {
	id      component.ID
	set     component.TelemetrySettings
	version string
	next    consumer.Metrics
	own     *config.Config
	written []string
	// used are the settings of the processors that attached; nil without any.
	used atomic.Pointer[config.Config]

	mu       sync.Mutex
	delivery *Delivery
	// served is set if processors read the spans, now or before; attached is the number that do so now.
	served   bool
	attached int
	closed   bool
	// reads is the delivery that the connector itself reads spans for; nil if processors do, or until the
	// first spans come.
	reads atomic.Pointer[Delivery]
}

// NewOutlet returns an outlet to next with the connector's own settings, of which the user wrote those keys.
func NewOutlet(
	id component.ID, set component.TelemetrySettings, version string, next consumer.Metrics,
	own *config.Config, written []string,
) *Outlet {
	return &Outlet{id: id, set: set, version: version, next: next, own: own, written: written}
}

// Warn logs what a connector that reads spans by itself should say at its start.
func (o *Outlet) Warn(host component.Host) { warnOfDelta(o.own, host, o.set.Logger) }

// Attach lets a processor read spans for the outlet. The first one's settings count; all processors of one id
// have the same. The returned function ends the attachment.
func (o *Outlet) Attach(compiled *config.Compiled, host component.Host) (*Delivery, func(), error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.written) > 0 {
		return nil, nil, fmt.Errorf(
			"connectors::%s sets %s, but where a processor %s reads the spans, settings belong there: "+
				"move them to processors::%s and leave connectors::%s empty",
			o.id, strings.Join(o.written, ", "), o.id, o.id, o.id)
	}
	if o.closed {
		return nil, nil, errors.New("the connector has stopped")
	}
	if o.delivery == nil {
		d, err := Start(o.id, compiled, o.set, o.version, o.next)
		if err != nil {
			return nil, nil, err
		}
		o.delivery = d
		warnOfDelta(compiled.Config, host, o.set.Logger)
	}
	o.used.Store(compiled.Config)
	o.attached++
	o.served = true
	return o.delivery, sync.OnceFunc(o.detach), nil
}

func (o *Outlet) detach() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.attached--
	if o.closed && o.attached == 0 {
		o.delivery.release()
	}
}

// Own returns the delivery that the connector itself has to read spans for, or nil if processors do it. All
// processors attach before the first spans come. What comes after they have stopped, such as the last spans of a
// batch processor between them and the connector, they have read.
func (o *Outlet) Own() (*Delivery, error) {
	if d := o.reads.Load(); d != nil {
		return d, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.served || o.closed {
		return nil, nil
	}
	if o.delivery == nil {
		d, err := Start(o.id, o.own.Compile(), o.set, o.version, o.next)
		if err != nil {
			return nil, err
		}
		o.delivery = d
	}
	o.reads.Store(o.delivery)
	return o.delivery, nil
}

// CheckNotOfSpans is an error if a connector of the same service has made one of the metrics out of spans, for a resource that
// is the same by service.name or k8s.pod.name. The metric would be there twice.
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

// Close flushes what was read and ends the outlet.
func (o *Outlet) Close(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || o.delivery == nil {
		o.closed = true
		return nil
	}
	o.closed = true
	if o.attached > 0 {
		o.set.Logger.Warn("The connector stops while processors still read spans for it; what they read from now on is lost. "+
			"Each traces pipeline with the processor must have the connector among its exporters.",
			zap.Int("processors", o.attached))
	}
	err := o.delivery.Stop(ctx)
	if o.attached == 0 {
		o.delivery.release()
	}
	return err
}
