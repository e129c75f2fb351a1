// SPDX-License-Identifier: Apache-2.0

package gpu

import "slices"

// integrated are the CUDA compute capabilities of devices that share the memory of their host. They are Jetson Nano, TX2, Xavier
// and Orin, Thor under two numbers, GB10.
var integrated = []string{"5.3", "6.2", "7.2", "8.7", "10.1", "11.0", "12.1"}

// memory says whose memory a device works in, by its architecture or by its size. The latter needs a device that is not virtual
// and has no clock for a memory of its own. It must be as large as the host's within a twentieth.
func (t *Tracker) memory(o *Observation, device *Device) Memory {
	total, ok := o.Raw(MemoryTotal)
	switch {
	case slices.Contains(integrated, device.Info.ComputeCapability):
		return MemoryUnified
	case !ok:
		return MemoryUnknown
	case device.Info.Virtualization == "none" && device.Lacks.Has(ClockMemory) &&
		t.hostMemory != 0 && max(total, t.hostMemory)-min(total, t.hostMemory) < t.hostMemory/20:
		return MemoryUnified
	}
	return MemoryDedicated
}
