// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// module is the scope of a power reading that takes in the CPU beside the GPU.
const module = 1

const kibibyte = 1024

// field says which quantity a field value of the driver is. All of a device are read in one call. Where two
// fields give one quantity, the first that the device answers counts.
type field struct {
	id    uint32 // NVML_FI_DEV_* of the driver's header
	scope uint32
	key   gpu.Key
	unit  uint64 // what to multiply by to get the key's unit; zero stands for one
	// since and before bound the releases of the library in which the number means this field; zero is no bound.
	since, before int
}

// Before release 590 other numbers than those of the header that go-nvml brings. From there on they are of power smoothing.
// Headers 12.9.40 and 13.0.39 have these, 13.1.115 and later ones the others, 12.4.127 none.
const (
	softwareThermal575    = 251
	hardwareThermal575    = 252
	hardwarePowerBrake575 = 253
)

// release returns the driver's release that a library is of: 580 for version "13.580.95.05". It is zero for a
// version of another form, for which no field counts that has bounds.
func release(version string) int {
	_, rest, _ := strings.Cut(version, ".")
	branch, _, _ := strings.Cut(rest, ".")
	number, err := strconv.Atoi(branch)
	if err != nil {
		return 0
	}
	return number
}

// fieldsOf returns the fields that a release of the library has under these numbers.
func fieldsOf(release int) []field {
	var known []field
	for _, f := range fields {
		if (f.since == 0 || release >= f.since) && (f.before == 0 || release > 0 && release < f.before) {
			known = append(known, f)
		}
	}
	return known
}

var fields = []field{
	{id: nvml.FI_DEV_POWER_AVERAGE, key: gpu.PowerDraw},
	{id: nvml.FI_DEV_POWER_INSTANT, key: gpu.PowerInstant},
	{id: nvml.FI_DEV_POWER_AVERAGE, scope: module, key: gpu.PowerModule},
	{id: nvml.FI_DEV_POWER_INSTANT, scope: module, key: gpu.PowerModule},
	{id: nvml.FI_DEV_POWER_CURRENT_LIMIT, key: gpu.PowerLimit},
	{id: nvml.FI_DEV_POWER_DEFAULT_LIMIT, key: gpu.PowerLimitDefault},
	{id: nvml.FI_DEV_POWER_MIN_LIMIT, key: gpu.PowerLimitMin},
	{id: nvml.FI_DEV_POWER_MAX_LIMIT, key: gpu.PowerLimitMax},
	{id: nvml.FI_DEV_MEMORY_TEMP, key: gpu.TemperatureMemory},
	{id: nvml.FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT, key: gpu.TemperatureMarginShutdown},
	{id: nvml.FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT, key: gpu.TemperatureMarginSlowdown},
	{id: nvml.FI_DEV_TEMPERATURE_MEM_MAX_TLIMIT, key: gpu.TemperatureMarginMemory},
	{id: nvml.FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT, key: gpu.TemperatureMarginGPU},

	{id: nvml.FI_DEV_CLOCKS_EVENT_REASON_SW_POWER_CAP, key: gpu.ThrottlePowerCap},
	{id: nvml.FI_DEV_CLOCKS_EVENT_REASON_SYNC_BOOST, key: gpu.ThrottleSyncBoost},
	{id: nvml.FI_DEV_PERF_POLICY_BOARD_LIMIT, key: gpu.ThrottleBoardLimit},
	{id: nvml.FI_DEV_PERF_POLICY_LOW_UTILIZATION, key: gpu.ThrottleLowUtilization},
	{id: nvml.FI_DEV_PERF_POLICY_RELIABILITY, key: gpu.ThrottleReliability},
	{id: softwareThermal575, key: gpu.ThrottleSoftwareThermal, since: 570, before: 590},
	{id: hardwareThermal575, key: gpu.ThrottleHardwareThermal, since: 570, before: 590},
	{id: hardwarePowerBrake575, key: gpu.ThrottleHardwarePowerBrake, since: 570, before: 590},
	{id: nvml.FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN, key: gpu.ThrottleSoftwareThermal, since: 590},
	{id: nvml.FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN, key: gpu.ThrottleHardwareThermal, since: 590},
	{id: nvml.FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN, key: gpu.ThrottleHardwarePowerBrake, since: 590},
	// The header translates the policy to the reason: the same, for drivers that do not count by reason.
	{id: nvml.FI_DEV_PERF_POLICY_THERMAL, key: gpu.ThrottleSoftwareThermal},

	{id: nvml.FI_DEV_PCIE_COUNT_TX_BYTES, key: gpu.PCIeTransmitted},
	{id: nvml.FI_DEV_PCIE_COUNT_RX_BYTES, key: gpu.PCIeReceived},
	{id: nvml.FI_DEV_PCIE_REPLAY_COUNTER, key: gpu.PCIeReplays},

	{id: nvml.FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL, key: gpu.NVLinkErrorsCRCFlit},
	{id: nvml.FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL, key: gpu.NVLinkErrorsCRCData},
	{id: nvml.FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL, key: gpu.NVLinkErrorsReplay},
	{id: nvml.FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL, key: gpu.NVLinkErrorsRecovery},
	{id: nvml.FI_DEV_NVLINK_ECC_DATA_ERROR_COUNT_TOTAL, key: gpu.NVLinkErrorsECC},

	{id: nvml.FI_DEV_ECC_SBE_VOL_TOTAL, key: gpu.ECCCorrected},
	{id: nvml.FI_DEV_ECC_DBE_VOL_TOTAL, key: gpu.ECCUncorrected},
	{id: nvml.FI_DEV_ECC_SBE_AGG_TOTAL, key: gpu.ECCAggregateCorrected},
	{id: nvml.FI_DEV_ECC_DBE_AGG_TOTAL, key: gpu.ECCAggregateUncorrected},
	{id: nvml.FI_DEV_REMAPPED_COR, key: gpu.RemapsCorrectable},
	{id: nvml.FI_DEV_REMAPPED_UNC, key: gpu.RemapsUncorrectable},
	{id: nvml.FI_DEV_REMAPPED_PENDING, key: gpu.RemapPending},
	{id: nvml.FI_DEV_REMAPPED_FAILURE, key: gpu.RemapFailure},
	{id: nvml.FI_DEV_RETIRED_SBE, key: gpu.RetiredPagesSingleBit},
	{id: nvml.FI_DEV_RETIRED_DBE, key: gpu.RetiredPagesDoubleBit},
	{id: nvml.FI_DEV_RETIRED_PENDING, key: gpu.RetiredPagesPending},
	{id: nvml.FI_DEV_GET_GPU_RECOVERY_ACTION, key: gpu.RecoveryAction},

	{id: nvml.FI_DEV_C2C_LINK_COUNT, key: gpu.C2CLinks},
	{id: nvml.FI_DEV_C2C_LINK_ERROR_INTR, key: gpu.C2CErrorsInterrupt},
	{id: nvml.FI_DEV_C2C_LINK_ERROR_REPLAY, key: gpu.C2CErrorsReplay},
	{id: nvml.FI_DEV_C2C_LINK_ERROR_REPLAY_B2B, key: gpu.C2CErrorsReplayBackToBack},
}

// decode returns a value of the field in the unit of its quantity.
func (f *field) decode(value nvml.FieldValue) (raw uint64, ok bool) {
	raw, ok = decode(nvml.ValueType(value.ValueType), value.Value)
	high, raw := bits.Mul64(raw, max(f.unit, 1))
	return raw, ok && high == 0
}

// decode returns the bits of a tagged value of the driver; a signed one is extended to 64 bits. ok is false for a tag that is not
// known. It is false for a floating point value that is no whole number of 64 bits, too.
func decode(tag nvml.ValueType, value [8]byte) (raw uint64, ok bool) {
	all := binary.NativeEndian.Uint64(value[:])
	switch tag {
	case nvml.VALUE_TYPE_UNSIGNED_INT:
		return uint64(binary.NativeEndian.Uint32(value[:])), true
	case nvml.VALUE_TYPE_UNSIGNED_LONG, nvml.VALUE_TYPE_UNSIGNED_LONG_LONG, nvml.VALUE_TYPE_SIGNED_LONG_LONG:
		return all, true
	case nvml.VALUE_TYPE_SIGNED_INT:
		return uint64(int64(int32(binary.NativeEndian.Uint32(value[:])))), true
	case nvml.VALUE_TYPE_UNSIGNED_SHORT:
		return uint64(binary.NativeEndian.Uint16(value[:])), true
	case nvml.VALUE_TYPE_DOUBLE:
		f := math.Float64frombits(all)
		if !(f > -1<<62 && f < 1<<62) {
			return 0, false
		}
		return uint64(int64(f)), true
	}
	return 0, false
}
