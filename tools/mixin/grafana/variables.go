// SPDX-License-Identifier: Apache-2.0

package grafana

import (
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/query"
)

// scopes restrict every query of a dashboard to what its variables select.
var scopes = query.Scope{
	names.Requests:  {ofCluster, ofNamespace, ofService, ofProvider, ofModel},
	names.GPUs:      {ofCluster, ofHost, ofGPU},
	names.Engines:   {ofCluster, ofEngine, ofKind, ofEndpoint},
	names.Collector: {ofInstance},
}

const (
	ofCluster   = `k8s_cluster_name=~"$cluster"`
	ofNamespace = `k8s_namespace_name=~"$namespace"`
	ofService   = `service_name=~"$service"`
	ofProvider  = `gen_ai_provider_name=~"$provider"`
	ofModel     = `gen_ai_request_model=~"$model"`
	ofHost      = `host_name=~"$host"`
	ofGPU       = `hw_name=~"$gpu"`
	ofEngine    = `service_name=~"$engine"`
	ofKind      = `llm_engine_name=~"$kind"`
	ofEndpoint  = `service_instance_id=~"$endpoint"`
	ofInstance  = `instance=~"$instance"`
)

// Variables of requests.
var (
	Cluster   = labelOf("cluster", "Cluster", "<llm.requests>", "k8s_cluster_name")
	Namespace = labelOf("namespace", "Namespace", "<llm.requests>", "k8s_namespace_name", ofCluster)
	Service   = labelOf("service", "Service", "<llm.requests>", "service_name", ofCluster, ofNamespace)
	Provider  = labelOf("provider", "Provider", "<llm.requests>", "gen_ai_provider_name", ofCluster, ofNamespace, ofService)
	Model     = labelOf("model", "Model", "<llm.requests>", "gen_ai_request_model", ofCluster, ofNamespace, ofService, ofProvider)

	Layer = Variable{
		Name: "layer", Label: "Layer",
		Description: "Who measured: applications (client), gateways or engines (server). One request can be measured by each, so layers are never added up.",
		Values:      []Value{{"client", "client"}, {"gateway", "gateway"}, {"server", "server"}},
	}
	// Histograms chooses the kind of histograms. A native histogram has no suffix, and a variable cannot be empty: hence
	// a pattern that matches nothing.
	Histograms = Variable{
		Name: query.HistogramVariable, Label: "Histograms",
		Description: "Explicit buckets are the default; native where the collector has exponential ones and the database takes them.",
		Values:      []Value{{"explicit", "_bucket"}, {"native", ".{0}"}},
	}
	// RequestVariables are those of dashboards about requests.
	RequestVariables = []Variable{Cluster, Namespace, Service, Provider, Model, Layer}

	// Host and GPU are variables of devices.
	Host = labelOf("host", "Host", "<hw.power>", "host_name", ofCluster)
	GPU  = labelOf("gpu", "GPU", "<hw.power>", "hw_name", ofCluster, ofHost)

	// Engine, EngineKind and Endpoint are variables of engines.
	Engine     = labelOf("engine", "Engine", "<llm.engine.status>", "service_name", ofCluster)
	EngineKind = labelOf("kind", "Kind", "<llm.engine.status>", "llm_engine_name", ofCluster, ofEngine)
	Endpoint   = labelOf("endpoint", "Endpoint", "<llm.engine.status>", "service_instance_id", ofCluster, ofEngine, ofKind)

	// Instance is a collector.
	Instance = labelOf("instance", "Collector", "<otelcol_llm_span_metrics_spans>", "instance")
)

func labelOf(name, title, text, label string, scope ...string) Variable {
	return Variable{
		Name: name, Label: title, Text: text, Of: label,
		Scope: query.Scope{names.Requests: scope, names.GPUs: scope, names.Engines: scope, names.Collector: scope},
	}
}
