// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"fmt"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/pricing"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// priceList keeps an engine's prices those of a file that may change. A file that cannot be read never keeps the spans from
// being counted.
type priceList struct {
	compiled  *config.Compiled
	engine    *spanmetrics.Engine
	telemetry *telemetry
	logger    *zap.Logger
	modified  time.Time
	size      int64
	// failure is the error that was logged last; empty while the list is good.
	failure string
}

// start gives the engine its prices, at first without those of a file that cannot be read.
func (p *priceList) start() {
	if !p.compiled.Config.Prices.Set() {
		return
	}
	if err := p.load(); err != nil {
		p.engine.SetPrices(p.compiled.Prices(nil))
		p.failed(err, "Cannot read the price list; requests are priced without it until it can be read")
	}
}

// load gives the engine the prices of the file as it is now.
func (p *priceList) load() error {
	p.modified, p.size = time.Time{}, 0
	if info, err := os.Stat(p.compiled.Config.Prices.File); err == nil {
		p.modified, p.size = info.ModTime(), info.Size()
	}
	names, err := readPrices(p.compiled.Config)
	if err != nil {
		return err
	}
	p.engine.SetPrices(p.compiled.Prices(names))
	if !p.modified.IsZero() {
		modified := p.modified
		p.telemetry.priceList.Store(&modified)
	}
	return nil
}

// refresh loads a file that has changed, or could not be read before. If that fails, the last good prices stay.
func (p *priceList) refresh() {
	if p.compiled.Config.Prices.File == "" {
		return
	}
	info, err := os.Stat(p.compiled.Config.Prices.File)
	if err == nil && p.failure == "" && info.ModTime().Equal(p.modified) && info.Size() == p.size {
		return
	}
	if err := p.load(); err != nil {
		p.failed(err, "Cannot read the changed price list; the last good one stays in use")
		return
	}
	p.failure = ""
	p.logger.Info("Read the changed price list", zap.String("file", p.compiled.Config.Prices.File))
}

// failed counts each attempt, so that the counter grows while the list is bad, and logs each failure once.
func (p *priceList) failed(err error, message string) {
	p.telemetry.priceListError()
	if err.Error() != p.failure {
		p.failure = err.Error()
		p.logger.Error(message, zap.Error(err))
	}
}

// readPrices reads the price list of the settings, if they name one.
func readPrices(cfg *config.Config) (map[string]pricing.Price, error) {
	if cfg.Prices.File == "" {
		return nil, nil
	}
	names, err := pricing.ReadLiteLLM(cfg.Prices.File)
	if err != nil {
		return nil, fmt.Errorf("prices::file: %w", err)
	}
	return names, nil
}
