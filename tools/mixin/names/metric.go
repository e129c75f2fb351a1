// SPDX-License-Identifier: Apache-2.0

package names

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/promname"
)

// Source is the part of the collector that emits a metric.
type Source string

// The sources.
const (
	// Requests are metrics of requests, out of spans.
	Requests Source = "requests"
	// GPUs are metrics of devices.
	GPUs Source = "gpus"
	// Engines are metrics that engines expose themselves.
	Engines Source = "engines"
	// Collector is what the collector says about itself.
	Collector Source = "collector"
)

// Metric is one metric as Prometheus shows it.
type Metric struct {
	// Name is the metric's OpenTelemetry name.
	Name string
	// Prometheus is the name of its series; of a histogram without _bucket, _sum and _count.
	Prometheus string
	Source     Source
	Histogram  bool
	// Labels are all that its series can have, without le.
	Labels []string
}

// HasLabel reports whether the metric's series can have a label.
func (m *Metric) HasLabel(label string) bool { return slices.Contains(m.Labels, label) }

func (m *Metric) addLabels(keys []string) error {
	for _, key := range keys {
		if key == "" {
			continue
		}
		label, err := promname.Label(key)
		if err != nil {
			return err
		}
		if !m.HasLabel(label) {
			m.Labels = append(m.Labels, label)
		}
	}
	return nil
}

// Labels that a scrape and the resource add. Sources: Prometheus, and the resource_to_telemetry_conversion of the
// Prometheus exporter.
var (
	ofScrape   = []string{"job", "instance"}
	ofSelf     = []string{"job", "instance", "otelcol_component_id"}
	ofWorkload = []string{
		"service_name", "service_namespace", "service_instance_id", "deployment_environment_name", "host_name",
		"k8s_cluster_name", "k8s_namespace_name", "k8s_pod_name", "llm_collector_id", "otel_metric_overflow",
	}
	ofEngine = []string{
		"service_name", "service_instance_id", "server_address", "server_port", "llm_engine_name", "llm_engine_version",
		"k8s_cluster_name", "k8s_namespace_name", "k8s_pod_name",
	}
	ofHost = []string{"host_name", "os_type", "k8s_cluster_name", "k8s_node_name"}
	// ofOwner are on the points of a device that belongs to one container or engine alone.
	ofOwner = []string{"k8s_namespace_name", "k8s_pod_name", "k8s_container_name", "service_name", "llm_engine_name", "gen_ai_request_model"}
	// ofOptions are dimensions that users add by configuration: examples/tenants.
	ofOptions = []string{"llm_tenant", "llm_user"}
)
