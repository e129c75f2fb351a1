// SPDX-License-Identifier: Apache-2.0

package podresources

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// node has two whole GPUs, and one with two MIG instances, the second of which has two compute instances.
var node = []Device{
	{UUID: "GPU-a", Minor: 0},
	{UUID: "GPU-b", Minor: 2, PCIAddress: "0000:17:00.0"},
	{UUID: "GPU-c", Minor: 1, Instances: []Instance{
		{UUID: "MIG-1", GPUInstance: 7, Profile: "1g.10gb", ProfileID: 19, Start: 0},
		{UUID: "MIG-2", GPUInstance: 1, Profile: "3g.40gb", ProfileID: 9, Start: 4},
		{UUID: "MIG-3", GPUInstance: 1, ComputeInstance: 1, Profile: "3g.40gb", ProfileID: 9, Start: 4},
		{UUID: "MIG-4", GPUInstance: 9, Profile: "1g.10gb+me", ProfileID: 20, Start: 1},
	}},
}

func TestResolveEachWayToNameADevice(t *testing.T) {
	plugin := func(resource, id string) Allocation {
		return Allocation{Pod: "p", Resource: "nvidia.com/" + resource, ID: id}
	}
	claim := func(device string) Allocation {
		return Allocation{Pod: "p", Driver: Driver, Pool: "node", Device: device}
	}
	for name, test := range map[string]struct {
		allocation Allocation
		devices    []string
		shared     bool
		unresolved bool
	}{
		"whole":                         {allocation: plugin("gpu", "GPU-a"), devices: []string{"GPU-a"}},
		"a resource renamed by users":   {allocation: Allocation{Pod: "p", Resource: "example.com/a100", ID: "GPU-b"}, devices: []string{"GPU-b"}},
		"MIG":                           {allocation: plugin("mig-1g.10gb", "MIG-1"), devices: []string{"MIG-1"}},
		"MIG of old drivers":            {allocation: plugin("gpu", "MIG-GPU-c/1/1"), devices: []string{"MIG-3"}},
		"time slicing":                  {allocation: plugin("gpu", "GPU-a::3"), devices: []string{"GPU-a"}, shared: true},
		"time slicing of a MIG device":  {allocation: plugin("mig-1g.10gb", "MIG-1::0"), devices: []string{"MIG-1"}, shared: true},
		"time slicing without a number": {allocation: plugin("gpu.shared", "GPU-a"), devices: []string{"GPU-a"}, shared: true},
		"GKE":                           {allocation: plugin("gpu", "nvidia2"), devices: []string{"GPU-b"}},
		"GKE shared":                    {allocation: plugin("gpu", "nvidia0/vgpu1"), devices: []string{"GPU-a"}, shared: true},
		"GKE MIG":                       {allocation: plugin("gpu", "nvidia1/gi1"), devices: []string{"MIG-2", "MIG-3"}},
		"GKE MIG shared":                {allocation: plugin("gpu", "nvidia1/gi7/vgpu0"), devices: []string{"MIG-1"}, shared: true},
		"claim":                         {allocation: claim("gpu-2"), devices: []string{"GPU-b"}},
		"claim of a MIG device":         {allocation: claim("gpu-1-mig-1g10gb-19-0"), devices: []string{"MIG-1"}},
		"claim with media extensions":   {allocation: claim("gpu-1-mig-1g10gb-me-20-1"), devices: []string{"MIG-4"}},
		"claim of an older driver":      {allocation: claim("gpu-1-mig-9-4-4"), devices: []string{"MIG-2", "MIG-3"}},
		"claim by profile and slices":   {allocation: claim("gpu-1-mig-3g40gb-4"), devices: []string{"MIG-2", "MIG-3"}},
		"claim that a slice explains":   {allocation: Allocation{Pod: "p", Driver: Driver, Device: "gpu-0", UUID: "GPU-b"}, devices: []string{"GPU-b"}},
		"claim by its slice's address":  {allocation: Allocation{Pod: "p", Driver: Driver, Device: "gpu-0", PCIAddress: "0000:17:00.0"}, devices: []string{"GPU-b"}},
		"MIG claim that slices explain": {allocation: Allocation{Pod: "p", Driver: Driver, Device: "gpu-0-mig-1g10gb-19-4", UUID: "MIG-1"}, devices: []string{"MIG-1"}},
		"another driver's, explained":   {allocation: Allocation{Pod: "p", Driver: "gpu.example.com", Device: "x-7", UUID: "GPU-a"}, devices: []string{"GPU-a"}},
		"claim of a share":              {allocation: Allocation{Pod: "p", Driver: Driver, Device: "gpu-0", Share: "x"}, devices: []string{"GPU-a"}, shared: true},

		"no such GPU":               {allocation: plugin("gpu", "GPU-z"), unresolved: true},
		"no such instance":          {allocation: claim("gpu-1-mig-1g10gb-19-6"), unresolved: true},
		"no such file":              {allocation: plugin("gpu", "nvidia9"), unresolved: true},
		"a form not known":          {allocation: plugin("gpu", "0000:17:00.0"), unresolved: true},
		"a form not known, cut":     {allocation: plugin("gpu", "MIG-GPU-c/1"), unresolved: true},
		"numbers beyond all":        {allocation: plugin("gpu", "nvidia99999999999999999999"), unresolved: true},
		"a claim of a form unknown": {allocation: claim("gpu-x"), unresolved: true},

		"another vendor":            {allocation: Allocation{Pod: "p", Resource: "amd.com/gpu", ID: "0000:17:00.0"}},
		"a network card of NVIDIA":  {allocation: plugin("hostdev", "0000:17:00.0")},
		"a GPU of virtual machines": {allocation: claim("gpu-vfio-0")},
		"another driver's claim":    {allocation: Allocation{Pod: "p", Driver: "compute-domain.nvidia.com", Device: "channel-0"}},
		"a card with another UUID":  {allocation: Allocation{Pod: "p", Driver: "net.example.com", Device: "nic-0", UUID: "3b1e", PCIAddress: "0000:17:00.0"}},
		"for administration":        {allocation: Allocation{Pod: "p", Driver: Driver, Device: "gpu-0", Admin: true}},
		"nothing":                   {},
	} {
		t.Run(name, func(t *testing.T) {
			owners, unresolved := Resolve([]Allocation{test.allocation}, node)
			assert.Len(t, owners, len(test.devices))
			for _, uuid := range test.devices {
				assert.Equal(t, []Owner{{Pod: "p", Resource: test.allocation.Resource, Shared: test.shared}}, owners[uuid], uuid)
				_, exclusive := owners.Exclusive(uuid)
				assert.Equal(t, !test.shared, exclusive)
			}
			assert.Equal(t, test.unresolved, len(unresolved) == 1)
		})
	}
}

// A device's total belongs to one container or to none: it would be counted twice.
func TestADeviceOfSeveralContainersIsNobodysAlone(t *testing.T) {
	owners, unresolved := Resolve([]Allocation{
		{Namespace: "a", Pod: "one", Container: "c", Driver: Driver, Device: "gpu-0"},
		{Namespace: "b", Pod: "one", Container: "c", Driver: Driver, Device: "gpu-0"},
		{Namespace: "a", Pod: "one", Container: "c", Resource: "nvidia.com/gpu", ID: "GPU-b::1"},
		{Namespace: "a", Pod: "one", Container: "c", Resource: "nvidia.com/gpu", ID: "GPU-b::2"},
		{Namespace: "a", Pod: "one", Container: "c", Resource: "nvidia.com/mig-1g.10gb", ID: "MIG-1"},
		{Namespace: "a", Pod: "one", Container: "d", Resource: "nvidia.com/mig-1g.10gb", ID: "MIG-1"},
	}, node)
	assert.Empty(t, unresolved)
	alone, exclusive := owners.Exclusive("MIG-1")
	assert.True(t, exclusive, "two containers of one pod")
	assert.Equal(t, Owner{Namespace: "a", Pod: "one", Resource: "nvidia.com/mig-1g.10gb"}, alone)
	assert.Len(t, owners["GPU-a"], 2)
	assert.Len(t, owners["GPU-b"], 1, "two shares of one container")
	for _, uuid := range []string{"GPU-a", "GPU-b", "GPU-c"} {
		_, exclusive := owners.Exclusive(uuid)
		assert.False(t, exclusive, uuid)
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("nvidia.com/gpu", "MIG-GPU-c/1/1", "", "")
	f.Add("nvidia.com/gpu", "nvidia1/gi7/vgpu0", "", "")
	f.Add("", "", Driver, "gpu-1-mig-1g10gb-me-20-1")
	known := map[string]bool{}
	for _, d := range node {
		known[d.UUID] = true
		for _, in := range d.Instances {
			known[in.UUID] = true
		}
	}
	f.Fuzz(func(t *testing.T, resource, id, driver, device string) {
		owners, unresolved := Resolve([]Allocation{{Resource: resource, ID: id, Driver: driver, Device: device}}, node)
		for uuid := range owners {
			assert.True(t, known[uuid])
		}
		assert.True(t, len(owners) == 0 || len(unresolved) == 0)
	})
}
