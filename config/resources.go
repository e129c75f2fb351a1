// SPDX-License-Identifier: Apache-2.0

package config

// Resource attributes that identify a resource: those of all layers, and those that identify instances of
// gateways and engines apart. What clients measure adds up over their instances.
var (
	sharedResource = []string{
		"service.name", "service.namespace", "deployment.environment.name",
		"k8s.cluster.name", "k8s.namespace.name",
	}
	instanceResource = []string{"service.instance.id", "host.name", "k8s.pod.name"}
)
