// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// identity is who uses a device, or what a process belongs to; empty is what is not known.
type identity struct {
	namespace, pod, podUID, container, containerID string
	service, engine, model                         string
}

func (i *identity) samePod(other *identity) bool {
	return i.namespace == other.namespace && i.pod == other.pod
}

// options are the identity's attributes of a data point.
func (i *identity) options() (options []metadata.MetricAttributeOption) {
	for _, attribute := range []struct {
		value string
		with  func(string) metadata.MetricAttributeOption
	}{
		{i.namespace, metadata.WithK8sNamespaceNameMetricAttribute},
		{i.pod, metadata.WithK8sPodNameMetricAttribute},
		{i.podUID, metadata.WithK8sPodUIDMetricAttribute},
		{i.container, metadata.WithK8sContainerNameMetricAttribute},
		{i.containerID, metadata.WithContainerIDMetricAttribute},
		{i.service, metadata.WithServiceNameMetricAttribute},
		{i.engine, metadata.WithLlmEngineNameMetricAttribute},
		{i.model, metadata.WithGenAiRequestModelMetricAttribute},
	} {
		if attribute.value != "" {
			options = append(options, attribute.with(attribute.value))
		}
	}
	return options
}

// put adds the identity's attributes to those of a device's data point, which keep their own.
func (i *identity) put(attributes pcommon.Map) {
	for _, attribute := range []struct{ key, value string }{
		{"k8s.namespace.name", i.namespace},
		{"k8s.pod.name", i.pod},
		{"k8s.pod.uid", i.podUID},
		{"k8s.container.name", i.container},
		{"container.id", i.containerID},
		{"service.name", i.service},
		{"llm.engine.name", i.engine},
		{"gen_ai.request.model", i.model},
	} {
		if attribute.value == "" {
			continue
		}
		if _, there := attributes.Get(attribute.key); !there {
			attributes.PutStr(attribute.key, attribute.value)
		}
	}
}
