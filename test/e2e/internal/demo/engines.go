// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// enginesOverlay lets the collector read the simulated engines' pages, as it would find them by Kubernetes' discovery. It marks
// what they say as simulated.
func enginesOverlay() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, `# On top of demo.yaml: the simulated engines.
receivers:
  prometheus/engines:
    config:
      scrape_configs:
        - job_name: engines
          scrape_interval: %s
          relabel_configs:
            - {source_labels: [__meta_kubernetes_pod_label_app], target_label: job}
            - {source_labels: [__meta_kubernetes_pod_name], target_label: instance}
          static_configs:
`, interval)
	for _, pod := range traffic.Pods() {
		fmt.Fprintf(&text, `            - targets: [%q]
              labels:
                __metrics_path__: %q
                __meta_kubernetes_pod_name: %q
                __meta_kubernetes_namespace: %q
                __meta_kubernetes_pod_label_app: %q
`, Engines.Address(), "/"+pod+"/metrics", pod, "serving", traffic.ServiceOf(pod))
	}
	text.WriteString(`
processors:
  llm_engine:
    keep_source: false
  resource/engines:
    attributes:
      - {key: k8s.cluster.name, value: demo, action: upsert}
      - {key: simulated, value: "true", action: upsert}

service:
  pipelines:
    metrics/engine:
      receivers: [prometheus/engines]
      processors: [memory_limiter, llm_engine, resource/engines]
      exporters: [prometheus]
`)
	return []byte(text.String())
}
