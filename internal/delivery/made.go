// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// serverPrefix begins the names of metrics that engines' own endpoints give, too.
const serverPrefix = "gen_ai.server."

// maxMade bounds the resources that are remembered. Of what is beyond nobody is warned.
const maxMade = 10_000

// identity is an attribute by which an engine's spans and its endpoint are known to be of the same engine.
type identity struct{ key, value string }

func identities(resource pcommon.Map) (all []identity) {
	for _, key := range []string{"service.name", "k8s.pod.name"} {
		if value, found := resource.Get(key); found && value.AsString() != "" {
			all = append(all, identity{key, value.AsString()})
		}
	}
	return all
}

// made remembers whose spans gave which metrics of engines.
type made struct {
	mu sync.Mutex
	of map[identity]map[string]bool
}

// note reads metrics before they are delivered.
func (m *made) note(metrics pmetric.Metrics) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, rm := range metrics.ResourceMetrics().All() {
		var who []identity
		for _, scope := range rm.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				if !strings.HasPrefix(metric.Name(), serverPrefix) {
					continue
				}
				if who == nil {
					who = identities(rm.Resource().Attributes())
				}
				for _, one := range who {
					m.add(one, metric.Name())
				}
			}
		}
	}
}

func (m *made) add(one identity, metric string) {
	if m.of[one] == nil {
		if len(m.of) >= maxMade {
			return
		}
		if m.of == nil {
			m.of = map[identity]map[string]bool{}
		}
		m.of[one] = map[string]bool{}
	}
	m.of[one][metric] = true
}

func (m *made) has(one identity, metric string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.of[one][metric]
}
