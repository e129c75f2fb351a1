// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// setWatch warns before the limit of dimension sets is reached, once each time that they come near it.
type setWatch struct {
	near bool
}

// Shares of the limit at which the sets are near it, and no longer so.
const (
	nearLimit  = 0.8
	clearLimit = 0.6
)

func (w *setWatch) check(engine *spanmetrics.Engine, logger *zap.Logger) {
	live, limit := engine.Stats().LiveSets, engine.MaxSets()
	switch share := float64(live) / float64(limit); {
	case share >= nearLimit && !w.near:
		w.near = true
		logger.Warn("Dimension sets near their limit; beyond it new ones are added up in an overflow set for each resource. "+
			"Raise limits::dimension_sets if the metrics backend carries it, or leave out a dimension",
			zap.Int64("dimension_sets", live), zap.Int64("limit", limit))
	case share < clearLimit:
		w.near = false
	}
}
