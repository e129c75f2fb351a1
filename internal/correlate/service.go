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

// ServiceOf returns whose program a resource is. Of a key that comes twice the first counts.
func ServiceOf(resource pcommon.Map) Service {
	var name, namespace, instance, pid, host pcommon.Value
	var places [3]pcommon.Value
	first := func(to *pcommon.Value, v pcommon.Value) {
		if *to == (pcommon.Value{}) {
			*to = v
		}
	}
	for key, v := range resource.All() {
		switch key {
		case "service.name":
			first(&name, v)
		case "service.namespace":
			first(&namespace, v)
		case "service.instance.id":
			first(&instance, v)
		case "process.pid":
			first(&pid, v)
		case "host.name":
			first(&host, v)
		case "container.id":
			first(&places[0], v)
		case "k8s.pod.uid":
			first(&places[1], v)
		case "k8s.pod.name":
			first(&places[2], v)
		}
	}
	none := pcommon.Value{}
	s := Service{}
	if name != none && name.Str() != "" && !strings.HasPrefix(name.Str(), unnamedService) {
		s.Name = hashed(name)
		if namespace != none {
			s.Name = hashed(name, namespace)
		}
	}
	if instance != none {
		s.Process = hashed(instance)
	} else if pid != none && host != none {
		s.Process = hashed(pid, host)
	}
	for _, place := range places {
		if place != none && s.Process == 0 && s.Name != 0 {
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
