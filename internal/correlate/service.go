// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"hash/maphash"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// Service says whose program wrote a span, by its resource. Zeros stand for what the resource does not show.
type Service struct {
	// Name is a hash of the service's name and namespace.
	Name uint64
	// Process is a hash of what distinguishes a process from all others. Or it is one of what distinguishes a service's container
	// or pod from its others.
	Process uint64
}

// unnamedService is how the name begins that SDKs give a service that has none. Source: semantic conventions v1.41,
// service.name.
const unnamedService = "unknown_service"

// maxIdentity is the length in bytes up to which a name is looked at.
const maxIdentity = 256

var serviceSeed = maphash.MakeSeed()

// ServiceOf returns whose program a resource is.
func ServiceOf(resource pcommon.Map) Service {
	s := Service{}
	if name, ok := resource.Get("service.name"); ok && name.Str() != "" && !strings.HasPrefix(name.Str(), unnamedService) {
		s.Name = hashed(name)
		if namespace, ok := resource.Get("service.namespace"); ok {
			s.Name = hashed(name, namespace)
		}
	}
	if instance, ok := resource.Get("service.instance.id"); ok {
		s.Process = hashed(instance)
	} else if process, ok := resource.Get("process.pid"); ok {
		if host, ok := resource.Get("host.name"); ok {
			s.Process = hashed(process, host)
		}
	}
	for _, key := range [...]string{"container.id", "k8s.pod.uid", "k8s.pod.name"} {
		if place, ok := resource.Get(key); ok && s.Process == 0 && s.Name != 0 {
			s.Process = attr.Mix(s.Name, hashed(place))
		}
	}
	return s
}

// hashed returns a hash of some attributes, which is never 0.
func hashed(values ...pcommon.Value) (hash uint64) {
	for _, v := range values {
		hash = attr.Mix(hash, attr.From(v, maxIdentity).Hash(serviceSeed))
	}
	return max(hash, 1)
}

// Differs reports whether two spans come from different services. Both are named, not alike, and nothing shows that one process
// wrote both, as programs with two tracer providers do.
func (s Service) Differs(other Service) bool {
	return s.Name != 0 && other.Name != 0 && s.Name != other.Name && (s.Process == 0 || s.Process != other.Process)
}
