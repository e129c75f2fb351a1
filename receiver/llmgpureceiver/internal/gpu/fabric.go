// SPDX-License-Identifier: Apache-2.0

package gpu

import "time"

// Values of FabricState: nvmlGpuFabricState_t, and a registration that ended with an error. For that the driver has a code beside
// the state.
const (
	FabricNotStarted uint64 = 1
	FabricInProgress uint64 = 2
	FabricCompleted  uint64 = 3
	FabricFailed     uint64 = 100
)

// fabricPatience is how long the registration with the NVLink fabric may take before it counts against a device.
const fabricPatience = 5 * time.Minute

// FabricIssue is one thing that can be wrong with a device's NVLink fabric.
type FabricIssue uint8

// The issues, in the order of their bits in FabricHealth.
const (
	FabricDegradedBandwidth FabricIssue = iota
	FabricRouteRecovery
	FabricRouteUnhealthy
	FabricAccessTimeoutRecovery
	FabricIncorrectConfiguration
	FabricPartitionUnassigned
	FabricManagerDisconnected
	NumFabricIssues = iota
)

// fabricIssues say where FabricHealth (NVML_GPU_FABRIC_HEALTH_MASK_*, header 13.4.92) has an issue. They also say from and to
// which of its values there is one. Zero stands for "not supported".
var fabricIssues = [NumFabricIssues]struct {
	shift, mask, from, to uint64
}{
	FabricDegradedBandwidth:      {0, 0x3, 1, 1},
	FabricRouteRecovery:          {2, 0x3, 1, 1},
	FabricRouteUnhealthy:         {4, 0x3, 1, 1},
	FabricAccessTimeoutRecovery:  {6, 0x3, 1, 1},
	FabricIncorrectConfiguration: {8, 0xf, 2, 15},
	FabricPartitionUnassigned:    {12, 0x3, 2, 3},
	FabricManagerDisconnected:    {14, 0x3, 2, 3},
}

// In returns whether a health mask has the issue; ok is false where the device does not know.
func (i FabricIssue) In(health uint64) (has, ok bool) {
	where := fabricIssues[i]
	value := health >> where.shift & where.mask
	return where.from <= value && value <= where.to, value != 0
}

func hasFabricIssue(health uint64) bool {
	for i := range FabricIssue(NumFabricIssues) {
		if has, _ := i.In(health); has {
			return true
		}
	}
	return false
}

// judgeFabric reports whether a registration counts against its device. It does if it takes long, failed, or is in a state that
// is not known.
func (s *state) judgeFabric(registration uint64, now time.Time) bool {
	switch registration {
	case FabricCompleted:
		s.fabricSince = time.Time{}
		return false
	case FabricNotStarted, FabricInProgress:
		if s.fabricSince.IsZero() {
			s.fabricSince = now
		}
		return now.Sub(s.fabricSince) >= fabricPatience
	}
	return true
}
