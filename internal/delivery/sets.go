// SPDX-License-Identifier: Apache-2.0

package delivery

import "go.uber.org/zap"

// setWatch warns before the limit of dimension sets is reached, once each time that they come near it.
type setWatch struct {
	near bool
}

// Shares of the limit at which the sets are near it, and no longer so.
const (
	nearLimit  = 0.8
	clearLimit = 0.6
)

func (w *setWatch) check(d *Delivery) {
	live, limit := d.engine.Stats().LiveSets, d.engine.MaxSets()
	switch share := float64(live) / float64(limit); {
	case share >= nearLimit && !w.near:
		w.near = true
		d.logger.Warn("Dimension sets near their limit; beyond it new ones are added up in an overflow set for each resource. "+
			"Raise limits::dimension_sets if the metrics backend carries it, or leave out a dimension",
			zap.Int64("dimension_sets", live), zap.Int64("limit", limit))
	case share < clearLimit:
		w.near = false
	}
}
