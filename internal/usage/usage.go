// SPDX-License-Identifier: Apache-2.0

// Package usage works out the tokens of a request from what its spans count: which parts are in which whole.
package usage

// Absent is the value of a count that a span does not carry.
const Absent = -1

// Place is where a part is counted. Cached tokens are beside the input or within it, reasoning tokens beside the output or within
// it. It is a property of the key, and of the version of its emitter.
type Place uint8

// The places.
const (
	// Unsaid means that nothing is known yet. A part that fits its whole is taken to be within it.
	Unsaid Place = iota
	// Beside means that the whole leaves the part out.
	Beside
	// Within means that the whole contains the part.
	Within
)

// Counts are the tokens of a request as its spans count them, Absent where they carry no count.
type Counts struct {
	Input, Output float64
	// CacheRead and CacheWrite are parts of the input, Reasoning is a part of the output.
	CacheRead, CacheWrite, Reasoning float64
	// Total is the number of all tokens, whatever Input and Output leave out.
	Total float64
	// Cache and Thoughts say where the parts are counted.
	Cache, Thoughts Place
	// Spare takes what the total exceeds both sides by, if no count names it.
	Spare Spare
}

// Spare is which count takes what only the total counts. It is a property of the provider's interface, or of the emitter.
type Spare uint8

// The counts.
const (
	NoSpare Spare = iota
	// InputSpare and OutputSpare are of an input or an output that leaves out its parts, whatever they are.
	InputSpare
	OutputSpare
	// CacheSpare is of cached tokens that have no count of their own.
	CacheSpare
)

// Sums are the counts of a request with all parts in their wholes, Absent where nothing is known.
type Sums struct {
	Input, Output, CacheRead float64
	// Spare is what the count that the emitter's Spare names got of the total.
	Spare float64
}

// None are the counts of a span that carries none.
var None = Counts{Input: Absent, Output: Absent, CacheRead: Absent, CacheWrite: Absent, Reasoning: Absent, Total: Absent}

// side is a whole with what its parts add up to.
type side struct {
	whole float64
	place Place
}

// sum returns the whole with its parts in it, Absent if there is none.
func (s side) sum(parts float64) float64 {
	if s.whole != Absent && s.place == Beside {
		return s.whole + parts
	}
	return s.whole
}

// bounded returns the side by the rule that no part is larger than its whole. Otherwise the whole leaves it out.
func (s side) bounded(parts float64) side {
	if s.whole != Absent && parts > s.whole && s.place != Beside {
		s.place = Beside
	}
	return s
}

func (c *Counts) cached() float64    { return max(c.CacheRead, 0) + max(c.CacheWrite, 0) }
func (c *Counts) reasoning() float64 { return max(c.Reasoning, 0) }

func (c *Counts) input() side  { return side{c.Input, c.Cache} }
func (c *Counts) output() side { return side{c.Output, c.Thoughts} }

// Sums returns the input with the cached tokens in it, and the output with the reasoning tokens in it. Where one of them has no
// count, the total gives it. Where nothing is left of the total, as with embeddings, there is no other side.
func (c *Counts) Sums() Sums {
	cached, reasoning := c.cached(), c.reasoning()
	if c.Total == Absent { // as on most spans
		return Sums{c.input().bounded(cached).sum(cached), c.output().bounded(reasoning).sum(reasoning), c.CacheRead, 0}
	}
	in, out := c.decided()
	s := Sums{in.sum(cached), out.sum(reasoning), c.CacheRead, 0}
	switch {
	case s.Input != Absent && s.Output != Absent:
		s.take(c.Spare, c.Total-s.Input-s.Output, cached, reasoning)
	case s.Output != Absent && c.Total > s.Output:
		s.Input = c.Total - s.Output
	case s.Input != Absent && c.Total > s.Input:
		s.Output = c.Total - s.Input
	default:
	}
	return s
}

// take takes what only the total counts. A side whose part has a count leaves nothing else out.
func (s *Sums) take(of Spare, rest, cached, reasoning float64) {
	switch {
	case rest <= 0:
		return
	case of == CacheSpare && cached == 0:
		s.Input += rest
		s.CacheRead = rest
	case of == InputSpare && cached == 0:
		s.Input += rest
	case of == OutputSpare && reasoning == 0:
		s.Output += rest
	default:
		return
	}
	s.Spare = rest
}

// decided returns both sides with the place of their parts as far as the numbers show it. No part is larger than its whole,
// and a total may exceed both sides by just what they leave out.
func (c *Counts) decided() (in, out side) {
	cached, reasoning := c.cached(), c.reasoning()
	in, out = c.input().bounded(cached), c.output().bounded(reasoning)
	if c.Input == Absent || c.Output == Absent {
		return in, out
	}
	// The total also holds what a side leaves out and nobody counts. Then it outweighs no key of the other side.
	mayCached := in.place == Unsaid || in.place == Within && (out.place != Beside || c.Reasoning != Absent)
	mayReasoning := out.place == Unsaid || out.place == Within && (in.place != Beside || c.CacheRead != Absent || c.CacheWrite != Absent)
	switch more := c.Total - in.sum(cached) - out.sum(reasoning); {
	case more <= 0:
	case mayCached && more == cached:
		in.place = Beside
	case mayReasoning && more == reasoning:
		out.place = Beside
	case mayCached && mayReasoning && more == cached+reasoning:
		in.place, out.place = Beside, Beside
	default:
	}
	return in, out
}

// rest returns what the total exceeds both sides by. It is 0 where it does not or where a side has no count.
func (c *Counts) rest() float64 {
	if c.Total == Absent || c.Input == Absent || c.Output == Absent {
		return 0
	}
	in, out := c.decided()
	return max(c.Total-in.sum(c.cached())-out.sum(c.reasoning()), 0)
}

// Join returns what two descriptions of one request say together, the first of which lies closer to it. Counts of one span belong
// together. A whole is taken with the known place of its parts, and never with the place of another span's whole.
func Join(a, b Counts) Counts {
	c := Counts{
		CacheRead: part(a.CacheRead, b.CacheRead), CacheWrite: part(a.CacheWrite, b.CacheWrite), Reasoning: part(a.Reasoning, b.Reasoning),
		// The smaller one leaves something out.
		Total: max(a.Total, b.Total),
		Spare: a.Spare,
	}
	if c.Spare == NoSpare {
		c.Spare = b.Spare
	}
	in := join(a.input(), b.input(), c.cached())
	out := join(a.output(), b.output(), c.reasoning())
	c.Input, c.Cache = in.whole, in.place
	c.Output, c.Thoughts = out.whole, out.place
	if a.bare() && c.rest() > 0 && b.Input != Absent && b.Output != Absent && b.rest() == 0 {
		// The larger total decides: a smaller one leaves something out, as do counts that it exceeds.
		c.Input, c.Cache, c.Output, c.Thoughts = b.Input, b.Cache, b.Output, b.Thoughts
	}
	return c
}

// bare reports whether nothing says what the two sides that a span counts leave out.
func (c *Counts) bare() bool {
	return c.CacheRead == Absent && c.CacheWrite == Absent && c.Reasoning == Absent && c.Cache == Unsaid && c.Thoughts == Unsaid
}

// part returns the first of two counts of a part that are known. Some emitters write 0 for an unknown number.
func part(a, b float64) float64 {
	if a > 0 || b == Absent {
		return a
	}
	return b
}

// join returns the one of two wholes that says more about its parts, the first of equals. A whole that exceeds the other one by
// just the parts contains them.
func join(a, b side, parts float64) side {
	a, b = a.bounded(parts), b.bounded(parts)
	switch {
	case b.whole == Absent:
		return a
	case a.whole == Absent:
		return b
	case a.place == Unsaid && b.place != Unsaid:
		return b
	case a.place == Unsaid && parts > 0 && a.whole == b.whole+parts:
		return side{a.whole, Within}
	case a.place == Unsaid && parts > 0 && b.whole == a.whole+parts:
		return side{b.whole, Within}
	default:
		return a
	}
}
