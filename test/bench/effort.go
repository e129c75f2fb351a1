// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"
)

// effort says how much is measured, and with what.
type effort struct {
	// rounds is how often the contestants take turns, blockSpans the number of spans of one turn.
	rounds, blockSpans int
	// wholeRounds and wholeBlock are those of whole collectors. What sets these apart is a small part of what they cost. So it
	// takes more and shorter turns to be seen.
	wholeRounds, wholeBlock int
	// connections are numbers of senders that are connected at once.
	connections []int
	// growing are the numbers of dimension sets of curves.
	growing []int
	// interval is the time between two collections, long enough for one of the most sets.
	interval time.Duration
	// fullSets are the dimension sets of a full configuration, as the default limits allow them.
	fullSets int
	// binary, lean and profiled are collectors: the distribution, the small one of collector.yaml, and the distribution
	// with a profile.
	binary, lean, profiled string
	// picture is the path of the picture of growth, without its ending; empty draws none.
	picture string
}
