// SPDX-License-Identifier: Apache-2.0

// Package gpu is the model of NVIDIA devices. It has what one collection reads from them, and what becomes of the readings over
// time (counters, start times, status). It calls no driver and has no clock of its own.
package gpu

// Key names one quantity of a device. Its Spec says unit, bounds and how it behaves over time.
type Key uint8

// The quantities. The number is part of the messages between the collector and its helper process, which
// are always of one build.
const (
	UtilizationMean Key = iota + 1
	UtilizationMax
	MemoryBusy
	EncoderUtilization
	DecoderUtilization
	JPEGUtilization
	OFAUtilization
	EncoderSessions
	SMActive
	SMOccupancy
	TensorActive
	DRAMUtilization
	PipeInteger
	PipeFP64
	PipeFP32
	PipeFP16
	PipeTensorDFMA
	PipeTensorHMMA
	PipeTensorDMMA
	PipeTensorIMMA
	MemoryTotal
	MemoryUsed
	MemoryFree
	MemoryReserved
	BAR1Total
	BAR1Used
	PowerDraw
	PowerInstant
	PowerModule
	PowerMax
	PowerLimit
	PowerLimitDefault
	PowerLimitMin
	PowerLimitMax
	Energy
	TemperatureGPU
	TemperatureMemory
	TemperatureMargin
	TemperatureShutdown
	TemperatureSlowdown
	TemperatureMarginShutdown
	TemperatureMarginSlowdown
	TemperatureMarginMemory
	TemperatureMarginGPU
	FanSpeed
	ClockGraphics
	ClockSM
	ClockMemory
	ClockVideo
	ClockMaxGraphics
	ClockMaxSM
	ClockMaxMemory
	ClockMaxVideo
	ThrottlePowerCap
	ThrottleSyncBoost
	ThrottleBoardLimit
	ThrottleLowUtilization
	ThrottleReliability
	ThrottleSoftwareThermal
	ThrottleHardwareThermal
	ThrottleHardwarePowerBrake
	ThrottleReasons
	PerformanceState
	PCIeTransmitted
	PCIeReceived
	PCIeReplays
	PCIeTransmitRate
	PCIeReceiveRate
	NVLinkTransmitRate
	NVLinkReceiveRate
	LinkWidth
	LinkWidthMax
	LinkGeneration
	LinkGenerationMax
	NVLinkTransmitted
	NVLinkReceived
	NVLinkErrorsCRCFlit
	NVLinkErrorsCRCData
	NVLinkErrorsReplay
	NVLinkErrorsRecovery
	NVLinkErrorsECC
	NVLinkErrorsMalformedPacket
	NVLinkErrorsBufferOverrun
	NVLinkErrorsReceive
	NVLinkErrorsReceiveRemote
	NVLinkErrorsReceiveGeneral
	NVLinkErrorsLocalIntegrity
	NVLinkErrorsTransmitDiscard
	NVLinkErrorsRecoveryFailed
	NVLinkErrorsEffective
	NVLinkErrorsSymbol
	NVLinkRecoveries
	NVLinkEffectiveBER
	NVLinkSymbolBER
	NVLinkSpeed
	NVLinkFEC0
	NVLinkFEC1
	NVLinkFEC2
	NVLinkFEC3
	NVLinkFEC4
	NVLinkFEC5
	NVLinkFEC6
	NVLinkFEC7
	NVLinkFEC8
	NVLinkFEC9
	NVLinkFEC10
	NVLinkFEC11
	NVLinkFEC12
	NVLinkFEC13
	NVLinkFEC14
	NVLinkFEC15
	NVLinkActive
	NVLinkInactive
	FabricState
	FabricStatus
	FabricHealth
	FabricUnhealthy
	C2CLinks
	C2CErrorsInterrupt
	C2CErrorsReplay
	C2CErrorsReplayBackToBack
	ECCCorrected
	ECCUncorrected
	ECCAggregateCorrected
	ECCAggregateUncorrected
	ECCCorrectedL1
	ECCUncorrectedL1
	ECCCorrectedL2
	ECCUncorrectedL2
	ECCCorrectedDRAM
	ECCUncorrectedDRAM
	ECCCorrectedRegisters
	ECCUncorrectedRegisters
	ECCCorrectedTexture
	ECCUncorrectedTexture
	ECCCorrectedShared
	ECCUncorrectedShared
	ECCUncorrectedCBU
	ECCCorrectedSRAM
	ECCUncorrectedSRAM
	SRAMCorrected
	SRAMUncorrectedParity
	SRAMUncorrectedSECDED
	SRAMAggregateL2
	SRAMAggregateSM
	SRAMAggregatePCIe
	SRAMAggregateMicrocontroller
	SRAMAggregateOther
	SRAMThresholdExceeded
	RepairPendingChannel
	RepairPendingTPC
	RemapsCorrectable
	RemapsUncorrectable
	RemapPending
	RemapFailure
	RetiredPagesSingleBit
	RetiredPagesDoubleBit
	RetiredPagesPending
	RecoveryAction

	keyEnd // one past the last key
)

// NumKeys is the number of quantities; valid keys are 1 to NumKeys.
const NumKeys = int(keyEnd) - 1

// KeySet is a set of keys.
type KeySet [(int(keyEnd) + 63) / 64]uint64

// Add puts the keys into the set.
func (s *KeySet) Add(keys ...Key) {
	for _, k := range keys {
		s[k/64] |= 1 << (k % 64)
	}
}

// Remove takes the keys out of the set.
func (s *KeySet) Remove(keys ...Key) {
	for _, k := range keys {
		s[k/64] &^= 1 << (k % 64)
	}
}

// Has reports whether the set holds the key.
func (s *KeySet) Has(k Key) bool { return k < keyEnd && s[k/64]&(1<<(k%64)) != 0 }

// HasAny reports whether the set holds one of the keys.
func (s *KeySet) HasAny(keys ...Key) bool {
	for _, k := range keys {
		if s.Has(k) {
			return true
		}
	}
	return false
}

// AllKeys returns the set of all quantities.
func AllKeys() (s KeySet) {
	for k := Key(1); k < keyEnd; k++ {
		s.Add(k)
	}
	return s
}
