// SPDX-License-Identifier: Apache-2.0

// Package handover lets processors find the connector that delivers for them.
//
// A processor and its connector have the same component id and belong to the same collector service. Nothing in the collector's
// API leads from one to the other. So a connector offers itself here when it starts, and takes the offer back when it stops.
package handover

import (
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Key says where two components meet: in a service, under an id.
type Key struct {
	service pcommon.Resource
	id      component.ID
}

// NewKey returns the key of a component. All components of one service are given the same TelemetrySettings.Resource value. Those
// of another service, or of the same after a reload, get another one.
func NewKey(telemetry component.TelemetrySettings, id component.ID) Key {
	return Key{service: telemetry.Resource, id: id}
}

// Registry keeps the offers. The zero Registry is empty and ready.
type Registry[T comparable] struct {
	mu     sync.Mutex
	offers map[Key]T
}

// Offer makes an offer under a key, unless there is one, and returns the one that stands.
func (r *Registry[T]) Offer(key Key, offer T) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	if standing, taken := r.offers[key]; taken {
		return standing
	}
	if r.offers == nil {
		r.offers = map[Key]T{}
	}
	r.offers[key] = offer
	return offer
}

// Withdraw takes an offer back; it does nothing if the offer is not the one that stands.
func (r *Registry[T]) Withdraw(key Key, offer T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.offers[key] == offer {
		delete(r.offers, key)
	}
}

// Find returns the offer under a key.
func (r *Registry[T]) Find(key Key) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	offer, ok := r.offers[key]
	return offer, ok
}

// Of returns the offers that stand in a service.
func (r *Registry[T]) Of(telemetry component.TelemetrySettings) (offers []T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, offer := range r.offers {
		if k.service == telemetry.Resource {
			offers = append(offers, offer)
		}
	}
	return offers
}

// Others lists the ids under which the service of the key has other offers, for messages.
func (r *Registry[T]) Others(key Key) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for k := range r.offers {
		if k.service == key.service && k.id != key.id {
			ids = append(ids, k.id.String())
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}
