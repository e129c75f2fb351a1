// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// placeLayers makes a client's request that lies within the call of a caller in another process one of a gateway. It is of a
// proxy that is instrumented as its callers are. Layers that tables, keys or settings give stay.
func (f *Forest) placeLayers() {
	for i := range f.requests {
		if f.mayBePlaced(int32(i)) {
			f.placeBelowCaller(int32(i))
		}
	}
	f.eachTree(func(members []int32) {
		if !f.severalServices(members) {
			return
		}
		for _, i := range members {
			if !f.mayBePlaced(i) || f.requests[i].ID == "" {
				continue
			}
			for _, caller := range members {
				if isHopOf(&f.requests[i], &f.requests[caller]) {
					f.requests[i].Layer = llm.Gateway
					f.unite(caller, i)
					break
				}
			}
		}
	})
}

func (f *Forest) mayBePlaced(i int32) bool {
	q := &f.requests[i]
	return q.Layer == llm.Client && !q.LayerGiven
}

// placeBelowCaller places a request that lies within a call from another process. What an agent or a tool calls below its caller's
// call it calls for itself.
func (f *Forest) placeBelowCaller(i int32) {
	q := &f.requests[i]
	hop := q.Hop.any()
	at := f.above[i]
	for depth := 0; at >= 0 && depth < maxDepth; depth++ {
		n := &f.nodes[at]
		switch {
		case n.request >= 0 && n.request != i:
			if caller := &f.requests[n.request]; (hop || q.Service.Differs(caller.Service)) && mayCall(caller, q) {
				q.Layer = llm.Gateway
				f.unite(n.request, i)
				return
			}
		case n.connector >= 0 && hop && f.connectors[n.connector].Class.IsRequest():
			if class := f.connectors[n.connector].Class; class == q.Class || q.Class == llm.Supplement {
				q.Layer = llm.Gateway
				return
			}
		}
		if n.separates || n.runs {
			return
		}
		hop = hop || n.hop.any()
		at = n.up
	}
}

// mayCall reports whether a request can be the call that another one serves.
func mayCall(caller, q *Request) bool {
	return caller.Layer != llm.Server && (caller.Class == q.Class || q.Class == llm.Supplement && caller.Class.IsRequest())
}

// isHopOf reports whether a request has the id of another service's call and lies within that in time.
func isHopOf(q, caller *Request) bool {
	return q.ID == caller.ID && q.Service.Differs(caller.Service) && mayCall(caller, q) &&
		caller.Start <= q.Start && q.End <= caller.End && (caller.Start < q.Start || q.End < caller.End)
}

// severalServices reports whether requests come from different services.
func (f *Forest) severalServices(members []int32) bool {
	for _, i := range members {
		if f.requests[i].Service.Differs(f.requests[members[0]].Service) {
			return true
		}
	}
	return false
}
