// SPDX-License-Identifier: Apache-2.0

package collector

import (
	"cmp"
	"fmt"
	"os"
)

// Port is one port of the default config, which an environment variable moves.
type Port struct {
	Use     string // what listens there
	Env     string
	Default int
}

// The ports of config.yaml, all on the loopback.
var (
	OTLPGRPC   = Port{"OTLP over gRPC", "OTELCOL_LLM_OTLP_GRPC_PORT", 4317}
	OTLPHTTP   = Port{"OTLP over HTTP", "OTELCOL_LLM_OTLP_HTTP_PORT", 4318}
	Prometheus = Port{"Prometheus endpoint", "OTELCOL_LLM_PROMETHEUS_PORT", 9464}
	Health     = Port{"health check", "OTELCOL_LLM_HEALTH_PORT", 13133}
	Telemetry  = Port{"telemetry of the collector itself", "OTELCOL_LLM_TELEMETRY_PORT", 8888}
)

// Ports lists them.
var Ports = []Port{OTLPGRPC, OTLPHTTP, Prometheus, Health, Telemetry}

// Address is host:port as this process's environment has it.
func (p Port) Address() string {
	return "127.0.0.1:" + cmp.Or(os.Getenv(p.Env), fmt.Sprint(p.Default))
}
