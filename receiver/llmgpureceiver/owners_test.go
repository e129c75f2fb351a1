// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"

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
