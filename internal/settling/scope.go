// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// scope is where an identity holds, a hash of the trace and the layer. Clients and gateways measure each for its own service.
type scope uint64

func scopeOf(trace uint64, layer llm.Layer, service correlate.Service) scope {
	hash := attr.Mix(trace, uint64(layer))
	if layer != llm.Server {
		hash = attr.Mix(hash, service.Name)
	}
	return scope(hash)
}

// What an identity is of, if not of a span. A span has its class.
const (
	ofID = uint64(llm.Classes) + iota
	ofCall
	ofLateTokens
)

// hash spreads an identity. It is mixed twice, since ids of spans may differ in their last bytes only.
func (s scope) hash(identity, of uint64) uint64 { return attr.Mix(attr.Mix(uint64(s), identity), of) }

// span identifies a span that could be a request's.
func (s scope) span(class llm.Class, id pcommon.SpanID) uint64 {
	return s.hash(binary.LittleEndian.Uint64(id[:]), uint64(class))
}
