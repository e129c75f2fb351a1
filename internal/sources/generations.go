// SPDX-License-Identifier: Apache-2.0

package sources

import "time"

const (
	// age is how long something is remembered at least, unless there is more of it than entries.
	age = time.Hour
	// entries is the number of entries of each kind that are remembered at least.
	entries = 8192
)

// generations is a map that forgets what was not put for long. Entries live in a young map that becomes the old one when it is
// full or aged. The old one is dropped then.
type generations[K comparable, V any] struct {
	young, old map[K]V
	turned     time.Time
	// most is the number of entries of a map.
	most int
}

func (g *generations[K, V]) get(key K) (V, bool) {
	if v, ok := g.young[key]; ok {
		return v, true
	}
	v, ok := g.old[key]
	return v, ok
}

func (g *generations[K, V]) put(key K, value V, now time.Time) {
	if _, there := g.young[key]; g.young == nil || !there && len(g.young) >= g.most || now.Sub(g.turned) >= age {
		g.old, g.young, g.turned = g.young, map[K]V{}, now
	}
	g.young[key] = value
}
