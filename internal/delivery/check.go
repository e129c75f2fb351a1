// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/otelcol-llm/otelcol-llm/config"
)

// CheckFiles reports files of the settings that cannot be read, where a component is built for `otelcol validate`. At a start or
// a reload they are no error. Spans would be lost for the sake of a price.
//
// Config.Validate cannot do this: the collector calls it at each start, too. Only for `validate` does it build components
// with a logger that writes nothing. Source: service.Validate, v0.159.0.
func CheckFiles(cfg *config.Config, set component.TelemetrySettings) error {
	if set.Logger.Core().Enabled(zapcore.FatalLevel) {
		return nil
	}
	_, err := readPrices(cfg)
	return err
}

// dropsDelta are the exporters that drop deltas, or forget them after a pause. Source: contrib v0.159.0, prometheusexporter
// (metric_expiration) and prometheusremotewriteexporter.
var dropsDelta = []string{"prometheus", "prometheus_remote_write", "prometheusremotewrite"}

// warnOfDelta warns where deltas may reach an exporter that does not carry them. Which exporters are behind a component the
// collector does not say, so that it names those that there are.
func warnOfDelta(cfg *config.Config, host component.Host, logger *zap.Logger) {
	exporters, ok := host.(interface {
		GetExporters() map[pipeline.Signal]map[component.ID]component.Component
	})
	if cfg.Temporality != config.Delta || !ok {
		return
	}
	for id := range exporters.GetExporters()[pipeline.SignalMetrics] {
		for _, name := range dropsDelta {
			if id.Type().String() == name {
				logger.Warn("temporality is delta, which this exporter does not carry: the Prometheus exporter begins a series again at zero "+
					"after a pause, remote write drops it. Where the metrics reach it, use temporality: cumulative, or put "+
					"delta_to_cumulative before it", zap.String("exporter", id.String()))
			}
		}
	}
}
