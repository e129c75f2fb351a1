// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/podresources"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/process"
)

// A device has one owner if all that use it belong together, and then has what they have in common.
func TestOwnerIsTheOnlyOne(t *testing.T) {
	of := func(container, engine, model, service string, leader int) user {
		return user{is: process.Process{PID: 7, ContainerID: container, Leader: leader, Identity: process.Identity{Engine: engine, Model: model, Service: service}}}
	}
	for name, test := range map[string]struct {
		users []user
		want  *identity
	}{
		"nobody":                           {nil, nil},
		"nobody that is known":             {[]user{of("", "", "", "", 0)}, nil},
		"an engine":                        {[]user{of("", "vllm", "m", "chat", 3)}, &identity{engine: "vllm", model: "m", service: "chat"}},
		"workers of one leader":            {[]user{of("", "vllm", "m", "", 3), of("", "vllm", "m", "", 3)}, &identity{engine: "vllm", model: "m"}},
		"workers of two leaders":           {[]user{of("", "vllm", "m", "", 3), of("", "vllm", "m", "", 4)}, nil},
		"a worker whose leader says more":  {[]user{of("c", "vllm", "", "", 3), of("c", "vllm", "m", "", 4)}, &identity{containerID: "c", engine: "vllm", model: "m"}},
		"two engines in one container":     {[]user{of("c", "vllm", "m", "x", 3), of("c", "sglang", "n", "y", 4)}, &identity{containerID: "c"}},
		"two models in one container":      {[]user{of("c", "vllm", "m", "x", 3), of("c", "vllm", "n", "x", 4)}, &identity{containerID: "c", engine: "vllm", service: "x"}},
		"two containers":                   {[]user{of("c", "vllm", "m", "x", 3), of("d", "vllm", "m", "x", 3)}, nil},
		"an engine and a stranger":         {[]user{of("", "vllm", "m", "x", 3), of("", "", "", "", 0)}, nil},
		"a stranger in the same container": {[]user{of("c", "vllm", "m", "x", 3), of("c", "", "", "", 0)}, &identity{containerID: "c", engine: "vllm", model: "m", service: "x"}},
	} {
		assert.Equal(t, test.want, only(test.users), name)
	}
}

// What is read of a device is of all its MIG instances. What is read of a GPU instance is of all its compute instances. It is a
// pod's where the pod has all of them.
func TestOwnersOfPartsAndWholes(t *testing.T) {
	device := gpu.Observation{Info: gpu.Info{UUID: "GPU-a"}, Instances: []gpu.Instance{
		{UUID: "MIG-1", GPUInstance: 1}, {UUID: "MIG-2", GPUInstance: 1, ComputeInstance: 1}, {UUID: "MIG-3", GPUInstance: 2},
	}}
	pod := func(name, container string) podresources.Owner {
		return podresources.Owner{Namespace: "llm", Pod: name, Container: container}
	}
	shared := podresources.Owner{Namespace: "llm", Pod: "a", Container: "c", Shared: true}
	for name, test := range map[string]struct {
		given podresources.Owners
		want  map[string]string
	}{
		"compute instances of one pod": {
			podresources.Owners{"MIG-1": {pod("a", "c")}, "MIG-2": {pod("a", "d")}}, map[string]string{"MIG-1": "a/c", "MIG-2": "a/d"},
		},
		"compute instances of two pods":    {podresources.Owners{"MIG-1": {pod("a", "c")}, "MIG-2": {pod("b", "c")}, "MIG-3": {pod("b", "c")}}, map[string]string{"MIG-3": "b/c"}},
		"one of them is free":              {podresources.Owners{"MIG-1": {pod("a", "c")}}, map[string]string{"MIG-1": "a/c"}},
		"one of them is shared":            {podresources.Owners{"MIG-1": {pod("a", "c")}, "MIG-2": {shared}}, nil},
		"the whole, and a part of another": {podresources.Owners{"GPU-a": {pod("a", "c")}, "MIG-3": {pod("b", "c")}}, map[string]string{"MIG-3": "b/c"}},
		"the whole, and a part of its own": {podresources.Owners{"GPU-a": {pod("a", "c")}, "MIG-3": {pod("a", "c")}}, map[string]string{"GPU-a": "a/c", "MIG-3": "a/c"}},
		"two containers of a pod":          {podresources.Owners{"GPU-a": {pod("a", "c"), pod("a", "d")}}, map[string]string{"GPU-a": "a/"}},
		"two pods":                         {podresources.Owners{"GPU-a": {pod("a", "c"), pod("b", "c")}}, nil},
		"a share of a pod alone":           {podresources.Owners{"GPU-a": {shared}}, nil},
	} {
		w := ownership{owner: map[string]*identity{}, pods: test.given}
		for id := range test.given {
			w.own(id, nil, true)
		}
		w.disown(&device)
		got := map[string]string{}
		for id, owner := range w.owner {
			got[id] = owner.pod + "/" + owner.container
		}
		if test.want == nil {
			test.want = map[string]string{}
		}
		assert.Equal(t, test.want, got, name)
	}
}

// Processes in more containers than the kubelet gave the device to show that somebody else uses it, too.
func TestProcessesOfOthersTakeTheOwnerAway(t *testing.T) {
	in := func(container, pod string) user {
		return user{is: process.Process{ContainerID: container, PodUID: pod}}
	}
	one, two := []podresources.Owner{{Pod: "a", Container: "c"}}, []podresources.Owner{{Pod: "a", Container: "c"}, {Pod: "a", Container: "d"}}
	for name, test := range map[string]struct {
		given []podresources.Owner
		users []user
		want  *identity
	}{
		"its own":                      {one, []user{in("1", "u"), in("1", "u")}, &identity{pod: "a", container: "c", containerID: "1", podUID: "u"}},
		"of another container":         {one, []user{in("1", "u"), in("2", "u")}, nil},
		"of two containers, both its":  {two, []user{in("1", "u"), in("2", "u")}, &identity{pod: "a", podUID: "u"}},
		"of another pod's container":   {two, []user{in("1", "u"), in("2", "v")}, nil},
		"of three containers, two its": {two, []user{in("1", "u"), in("2", "u"), in("3", "u")}, nil},
	} {
		w := ownership{owner: map[string]*identity{}, pods: podresources.Owners{"GPU-a": test.given}}
		w.own("GPU-a", test.users, false)
		assert.Equal(t, test.want, w.owner["GPU-a"], name)
	}
}
