// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"hash/maphash"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// places numbers resources by their identifying values. Those that nothing is held of stay for a while, since they come again.
type places struct {
	seed    maphash.Seed
	entries slab[place]
	index   index
	// idle is the number of those that nothing is held of.
	idle int
	// bytes is the length of their texts.
	bytes int
}

// place is a resource and how many kinds of requests are held of it.
type place struct {
	values []attr.Value
	tag    uint32
	held   uint32
	// index is where the copies of a number have it.
	copied uint64
	index  int32
}

// maxIdle is the number of idle resources from which on they are forgotten.
const maxIdle = 1024

// find returns the number of a resource, without holding it.
func (p *places) find(values []attr.Value) uint32 {
	var hash uint64
	for _, v := range values {
		hash = attr.Mix(hash, v.Hash(p.seed))
	}
	tag := uint32(hash)
	if len(p.index.slots) > 0 {
		for at := p.index.first(tag); p.index.slots[at].place != 0; at = p.index.next(at) {
			if s := p.index.slots[at]; s.tag == tag && slices.Equal(p.entries.at(s.place).values, values) {
				return s.place
			}
		}
	}
	if p.idle >= maxIdle {
		p.forget()
	}
	number := p.entries.take()
	e := p.entries.at(number)
	e.values, e.tag, e.held, e.copied = e.values[:0], tag, 0, 0
	for _, v := range values {
		e.values = append(e.values, v.Clone())
		text, _ := v.Str()
		p.bytes += len(text)
	}
	p.idle++
	p.index.add(tag, number)
	return number
}

func (p *places) hold(number uint32) uint32 {
	e := p.entries.at(number)
	if e.held == 0 {
		p.idle--
	}
	e.held++
	return number
}

func (p *places) release(number uint32) {
	e := p.entries.at(number)
	e.held--
	if e.held == 0 {
		p.idle++
	}
}

// forget forgets all resources that nothing is held of.
func (p *places) forget() {
	for i := 0; i < len(p.index.slots); {
		s := p.index.slots[i]
		if s.place == 0 || p.entries.at(s.place).held > 0 {
			i++
			continue
		}
		p.index.remove(s.tag, s.place) // which may move another one to this slot
		for _, v := range p.entries.at(s.place).values {
			text, _ := v.Str()
			p.bytes -= len(text)
		}
		p.entries.giveBack(s.place)
		p.idle--
	}
}
