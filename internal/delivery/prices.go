// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"context"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/settings"
)

// priceList keeps an engine's prices those of a file that may change.
type priceList struct {
	settings *settings.Prices
	// reading is how the requests are read that are to be priced.
	reading  inference.Options
	modified time.Time
	size     int64
	missing  bool
}

// load gives the engine its prices.
func (p *priceList) load(d *Delivery) error {
	if p.settings.File != "" {
		if info, err := os.Stat(p.settings.File); err == nil {
			p.modified, p.size = info.ModTime(), info.Size()
		}
	}
	table, err := p.settings.Table(p.reading)
	if err != nil {
		return err
	}
	d.engine.SetPrices(table)
	return nil
}

// refresh loads a file that has changed. If that fails, the last good prices stay.
func (p *priceList) refresh(d *Delivery) {
	if p.settings.File == "" {
		return
	}
	info, err := os.Stat(p.settings.File)
	switch {
	case err != nil && p.missing:
		return
	case err == nil && !p.missing && info.ModTime().Equal(p.modified) && info.Size() == p.size:
		return
	case err == nil:
		err = p.load(d)
	}
	p.missing = info == nil
	if err != nil {
		d.telemetry.builder.LlmSpanMetricsPriceListErrors.Add(context.Background(), 1)
		d.logger.Warn("The changed price list cannot be read; the last good one stays in use.", zap.Error(err))
		return
	}
	d.logger.Info("Read the changed price list.", zap.String("file", p.settings.File))
}
