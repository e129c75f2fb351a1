// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

type (
	builder = metadata.MetricsBuilder
	stamp   = pcommon.Timestamp
	hwType  = metadata.AttributeHwType
	// recorder makes a data point of one quantity of a device.
	recorder func(b *builder, ts stamp, id, name string, p gpu.Point)
)

const typeGPU = metadata.AttributeHwTypeGpu

// float and integer record a metric that has no attributes but the device's. floatOf and integerOf record one with an attribute
// whose value goes with the quantity.
func float(record func(*builder, stamp, float64, string, string, hwType)) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) { record(b, ts, p.Float(), id, name, typeGPU) }
}

func integer(record func(*builder, stamp, int64, string, string, hwType)) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) { record(b, ts, p.Int(), id, name, typeGPU) }
}

func floatOf[A any](record func(*builder, stamp, float64, string, string, hwType, A), attribute A) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		record(b, ts, p.Float(), id, name, typeGPU, attribute)
	}
}

func integerOf[A any](record func(*builder, stamp, int64, string, string, hwType, A), attribute A) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		record(b, ts, p.Int(), id, name, typeGPU, attribute)
	}
}

// recorders say what becomes of each quantity.
var recorders = map[gpu.Key]recorder{
	gpu.UtilizationMean:    floatOf((*builder).RecordHwGpuUtilizationDataPoint, metadata.AttributeHwGpuTaskGeneral),
	gpu.EncoderUtilization: floatOf((*builder).RecordHwGpuUtilizationDataPoint, metadata.AttributeHwGpuTaskEncoder),
	gpu.DecoderUtilization: floatOf((*builder).RecordHwGpuUtilizationDataPoint, metadata.AttributeHwGpuTaskDecoder),
	gpu.JPEGUtilization:    floatOf((*builder).RecordHwGpuUtilizationDataPoint, metadata.AttributeHwGpuTaskJpeg),
	gpu.OFAUtilization:     floatOf((*builder).RecordHwGpuUtilizationDataPoint, metadata.AttributeHwGpuTaskOfa),
	gpu.EncoderSessions:    integer((*builder).RecordNvidiaGpuEncoderSessionsDataPoint),
	gpu.UtilizationMax:     floatOf((*builder).RecordNvidiaGpuUtilizationMaxDataPoint, metadata.AttributeHwGpuTaskGeneral),
	gpu.MemoryBusy:         float((*builder).RecordNvidiaGpuMemoryBandwidthUtilizationDataPoint),

	gpu.SMActive:        float((*builder).RecordNvidiaGpuSmActiveDataPoint),
	gpu.SMOccupancy:     float((*builder).RecordNvidiaGpuSmOccupancyDataPoint),
	gpu.TensorActive:    float((*builder).RecordNvidiaGpuTensorActiveDataPoint),
	gpu.DRAMUtilization: float((*builder).RecordNvidiaGpuDramBandwidthUtilizationDataPoint),
	gpu.PipeInteger:     pipe(metadata.AttributeNvidiaGpuPipeInteger),
	gpu.PipeFP64:        pipe(metadata.AttributeNvidiaGpuPipeFp64),
	gpu.PipeFP32:        pipe(metadata.AttributeNvidiaGpuPipeFp32),
	gpu.PipeFP16:        pipe(metadata.AttributeNvidiaGpuPipeFp16),
	gpu.PipeTensorDFMA:  pipe(metadata.AttributeNvidiaGpuPipeTensorDfma),
	gpu.PipeTensorHMMA:  pipe(metadata.AttributeNvidiaGpuPipeTensorHmma),
	gpu.PipeTensorDMMA:  pipe(metadata.AttributeNvidiaGpuPipeTensorDmma),
	gpu.PipeTensorIMMA:  pipe(metadata.AttributeNvidiaGpuPipeTensorImma),

	gpu.MemoryTotal:    integer((*builder).RecordHwGpuMemoryLimitDataPoint),
	gpu.MemoryUsed:     integer((*builder).RecordHwGpuMemoryUsageDataPoint),
	gpu.MemoryReserved: integer((*builder).RecordNvidiaGpuMemoryReservedDataPoint),
	gpu.MemoryFree:     integer((*builder).RecordNvidiaGpuMemoryFreeDataPoint),
	gpu.BAR1Total:      integer((*builder).RecordNvidiaGpuBar1LimitDataPoint),
	gpu.BAR1Used:       integer((*builder).RecordNvidiaGpuBar1UsageDataPoint),

	gpu.PowerDraw:         float((*builder).RecordHwPowerDataPoint),
	gpu.PowerInstant:      float((*builder).RecordNvidiaGpuPowerInstantDataPoint),
	gpu.PowerModule:       float((*builder).RecordNvidiaGpuModulePowerDataPoint),
	gpu.PowerMax:          float((*builder).RecordNvidiaGpuPowerMaxDataPoint),
	gpu.PowerLimit:        floatOf((*builder).RecordNvidiaGpuPowerLimitDataPoint, metadata.AttributeNvidiaGpuPowerLimitTypeEnforced),
	gpu.PowerLimitDefault: floatOf((*builder).RecordNvidiaGpuPowerLimitDataPoint, metadata.AttributeNvidiaGpuPowerLimitTypeDefault),
	gpu.PowerLimitMin:     floatOf((*builder).RecordNvidiaGpuPowerLimitDataPoint, metadata.AttributeNvidiaGpuPowerLimitTypeMin),
	gpu.PowerLimitMax:     floatOf((*builder).RecordNvidiaGpuPowerLimitDataPoint, metadata.AttributeNvidiaGpuPowerLimitTypeMax),
	gpu.Energy:            float((*builder).RecordHwEnergyDataPoint),

	gpu.TemperatureGPU:            floatOf((*builder).RecordHwTemperatureDataPoint, metadata.AttributeHwSensorLocationGpu),
	gpu.TemperatureMemory:         floatOf((*builder).RecordHwTemperatureDataPoint, metadata.AttributeHwSensorLocationMemory),
	gpu.TemperatureMargin:         float((*builder).RecordNvidiaGpuTemperatureMarginDataPoint),
	gpu.TemperatureSlowdown:       floatOf((*builder).RecordHwTemperatureLimitDataPoint, metadata.AttributeHwLimitTypeHighDegraded),
	gpu.TemperatureShutdown:       floatOf((*builder).RecordHwTemperatureLimitDataPoint, metadata.AttributeHwLimitTypeHighCritical),
	gpu.TemperatureMarginShutdown: marginLimit(metadata.AttributeNvidiaGpuTemperatureLimitTypeShutdown),
	gpu.TemperatureMarginSlowdown: marginLimit(metadata.AttributeNvidiaGpuTemperatureLimitTypeSlowdown),
	gpu.TemperatureMarginMemory:   marginLimit(metadata.AttributeNvidiaGpuTemperatureLimitTypeMemoryMax),
	gpu.TemperatureMarginGPU:      marginLimit(metadata.AttributeNvidiaGpuTemperatureLimitTypeGpuMax),
	gpu.FanSpeed:                  float((*builder).RecordHwFanSpeedRatioDataPoint),

	gpu.ClockGraphics:    floatOf((*builder).RecordNvidiaGpuClockFrequencyDataPoint, metadata.AttributeNvidiaGpuClockDomainGraphics),
	gpu.ClockSM:          floatOf((*builder).RecordNvidiaGpuClockFrequencyDataPoint, metadata.AttributeNvidiaGpuClockDomainSm),
	gpu.ClockMemory:      floatOf((*builder).RecordNvidiaGpuClockFrequencyDataPoint, metadata.AttributeNvidiaGpuClockDomainMemory),
	gpu.ClockVideo:       floatOf((*builder).RecordNvidiaGpuClockFrequencyDataPoint, metadata.AttributeNvidiaGpuClockDomainVideo),
	gpu.ClockMaxGraphics: floatOf((*builder).RecordNvidiaGpuClockFrequencyLimitDataPoint, metadata.AttributeNvidiaGpuClockDomainGraphics),
	gpu.ClockMaxSM:       floatOf((*builder).RecordNvidiaGpuClockFrequencyLimitDataPoint, metadata.AttributeNvidiaGpuClockDomainSm),
	gpu.ClockMaxMemory:   floatOf((*builder).RecordNvidiaGpuClockFrequencyLimitDataPoint, metadata.AttributeNvidiaGpuClockDomainMemory),
	gpu.ClockMaxVideo:    floatOf((*builder).RecordNvidiaGpuClockFrequencyLimitDataPoint, metadata.AttributeNvidiaGpuClockDomainVideo),

	gpu.ThrottlePowerCap:           throttle(metadata.AttributeNvidiaGpuThrottleReasonPowerCap),
	gpu.ThrottleSyncBoost:          throttle(metadata.AttributeNvidiaGpuThrottleReasonSyncBoost),
	gpu.ThrottleBoardLimit:         throttle(metadata.AttributeNvidiaGpuThrottleReasonBoardLimit),
	gpu.ThrottleLowUtilization:     throttle(metadata.AttributeNvidiaGpuThrottleReasonLowUtilization),
	gpu.ThrottleReliability:        throttle(metadata.AttributeNvidiaGpuThrottleReasonReliability),
	gpu.ThrottleSoftwareThermal:    throttle(metadata.AttributeNvidiaGpuThrottleReasonSoftwareThermal),
	gpu.ThrottleHardwareThermal:    throttle(metadata.AttributeNvidiaGpuThrottleReasonHardwareThermal),
	gpu.ThrottleHardwarePowerBrake: throttle(metadata.AttributeNvidiaGpuThrottleReasonHardwarePowerBrake),
	gpu.ThrottleReasons:            recordThrottleReasons,
	gpu.PerformanceState:           integer((*builder).RecordNvidiaGpuPerformanceStateDataPoint),

	gpu.PCIeTransmitted:    integerOf((*builder).RecordHwGpuIoDataPoint, metadata.AttributeNetworkIoDirectionTransmit),
	gpu.PCIeReceived:       integerOf((*builder).RecordHwGpuIoDataPoint, metadata.AttributeNetworkIoDirectionReceive),
	gpu.PCIeReplays:        integer((*builder).RecordNvidiaGpuPcieReplaysDataPoint),
	gpu.PCIeTransmitRate:   floatOf((*builder).RecordNvidiaGpuPcieThroughputDataPoint, metadata.AttributeNetworkIoDirectionTransmit),
	gpu.PCIeReceiveRate:    floatOf((*builder).RecordNvidiaGpuPcieThroughputDataPoint, metadata.AttributeNetworkIoDirectionReceive),
	gpu.NVLinkTransmitRate: floatOf((*builder).RecordNvidiaGpuNvlinkThroughputDataPoint, metadata.AttributeNetworkIoDirectionTransmit),
	gpu.NVLinkReceiveRate:  floatOf((*builder).RecordNvidiaGpuNvlinkThroughputDataPoint, metadata.AttributeNetworkIoDirectionReceive),
	gpu.LinkWidth:          integerOf((*builder).RecordNvidiaGpuPcieLinkWidthDataPoint, metadata.AttributeNvidiaGpuPcieLinkLimitCurrent),
	gpu.LinkWidthMax:       integerOf((*builder).RecordNvidiaGpuPcieLinkWidthDataPoint, metadata.AttributeNvidiaGpuPcieLinkLimitMax),
	gpu.LinkGeneration:     integerOf((*builder).RecordNvidiaGpuPcieLinkGenerationDataPoint, metadata.AttributeNvidiaGpuPcieLinkLimitCurrent),
	gpu.LinkGenerationMax:  integerOf((*builder).RecordNvidiaGpuPcieLinkGenerationDataPoint, metadata.AttributeNvidiaGpuPcieLinkLimitMax),

	gpu.NVLinkTransmitted:           nvlinkIO(metadata.AttributeNetworkIoDirectionTransmit),
	gpu.NVLinkReceived:              nvlinkIO(metadata.AttributeNetworkIoDirectionReceive),
	gpu.NVLinkErrorsCRCFlit:         nvlinkErrors(metadata.AttributeNvlinkErrorTypeCrcFlit),
	gpu.NVLinkErrorsCRCData:         nvlinkErrors(metadata.AttributeNvlinkErrorTypeCrcData),
	gpu.NVLinkErrorsReplay:          nvlinkErrors(metadata.AttributeNvlinkErrorTypeReplay),
	gpu.NVLinkErrorsRecovery:        nvlinkErrors(metadata.AttributeNvlinkErrorTypeRecovery),
	gpu.NVLinkErrorsECC:             nvlinkErrors(metadata.AttributeNvlinkErrorTypeEcc),
	gpu.NVLinkErrorsMalformedPacket: nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeMalformedPacket),
	gpu.NVLinkErrorsBufferOverrun:   nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeBufferOverrun),
	gpu.NVLinkErrorsReceive:         nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeReceive),
	gpu.NVLinkErrorsReceiveRemote:   nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeReceiveRemote),
	gpu.NVLinkErrorsReceiveGeneral:  nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeReceiveGeneral),
	gpu.NVLinkErrorsLocalIntegrity:  nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeLocalIntegrity),
	gpu.NVLinkErrorsTransmitDiscard: nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeTransmitDiscard),
	gpu.NVLinkErrorsRecoveryFailed:  nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeRecoveryFailed),
	gpu.NVLinkErrorsEffective:       nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeEffective),
	gpu.NVLinkErrorsSymbol:          nvlinkLinkErrors(metadata.AttributeNvlinkErrorTypeSymbol),
	gpu.NVLinkRecoveries:            sumOf(integer((*builder).RecordNvidiaGpuNvlinkRecoveriesDataPoint)),
	gpu.NVLinkEffectiveBER:          bitErrorRate(metadata.AttributeNvidiaGpuNvlinkBitErrorTypeEffective),
	gpu.NVLinkSymbolBER:             bitErrorRate(metadata.AttributeNvidiaGpuNvlinkBitErrorTypeSymbol),
	gpu.NVLinkSpeed: func(b *builder, ts stamp, id, name string, p gpu.Point) {
		b.RecordNvidiaGpuNvlinkLinkSpeedDataPoint(ts, p.Float(), id, name, typeGPU, int64(p.Link))
	},
	gpu.NVLinkFEC0:                fec(0),
	gpu.NVLinkFEC1:                fec(1),
	gpu.NVLinkFEC2:                fec(2),
	gpu.NVLinkFEC3:                fec(3),
	gpu.NVLinkFEC4:                fec(4),
	gpu.NVLinkFEC5:                fec(5),
	gpu.NVLinkFEC6:                fec(6),
	gpu.NVLinkFEC7:                fec(7),
	gpu.NVLinkFEC8:                fec(8),
	gpu.NVLinkFEC9:                fec(9),
	gpu.NVLinkFEC10:               fec(10),
	gpu.NVLinkFEC11:               fec(11),
	gpu.NVLinkFEC12:               fec(12),
	gpu.NVLinkFEC13:               fec(13),
	gpu.NVLinkFEC14:               fec(14),
	gpu.NVLinkFEC15:               fec(15),
	gpu.NVLinkActive:              integerOf((*builder).RecordNvidiaGpuNvlinkLinksDataPoint, metadata.AttributeNvidiaGpuNvlinkStateActive),
	gpu.NVLinkInactive:            integerOf((*builder).RecordNvidiaGpuNvlinkLinksDataPoint, metadata.AttributeNvidiaGpuNvlinkStateInactive),
	gpu.FabricState:               recordFabricState,
	gpu.FabricHealth:              recordFabricHealth,
	gpu.C2CLinks:                  integer((*builder).RecordNvidiaGpuC2cLinksDataPoint),
	gpu.C2CErrorsInterrupt:        integerOf((*builder).RecordNvidiaGpuC2cErrorsDataPoint, metadata.AttributeC2cErrorTypeInterrupt),
	gpu.C2CErrorsReplay:           integerOf((*builder).RecordNvidiaGpuC2cErrorsDataPoint, metadata.AttributeC2cErrorTypeReplay),
	gpu.C2CErrorsReplayBackToBack: integerOf((*builder).RecordNvidiaGpuC2cErrorsDataPoint, metadata.AttributeC2cErrorTypeReplayBackToBack),

	gpu.ECCCorrected:                 integerOf((*builder).RecordHwErrorsDataPoint, metadata.AttributeErrorTypeCorrected),
	gpu.ECCUncorrected:               integerOf((*builder).RecordHwErrorsDataPoint, metadata.AttributeErrorTypeUncorrected),
	gpu.ECCAggregateCorrected:        integerOf((*builder).RecordNvidiaGpuEccAggregateDataPoint, metadata.AttributeErrorTypeCorrected),
	gpu.ECCAggregateUncorrected:      integerOf((*builder).RecordNvidiaGpuEccAggregateDataPoint, metadata.AttributeErrorTypeUncorrected),
	gpu.ECCCorrectedL1:               located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationL1Cache),
	gpu.ECCUncorrectedL1:             located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationL1Cache),
	gpu.ECCCorrectedL2:               located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationL2Cache),
	gpu.ECCUncorrectedL2:             located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationL2Cache),
	gpu.ECCCorrectedDRAM:             located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationDram),
	gpu.ECCUncorrectedDRAM:           located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationDram),
	gpu.ECCCorrectedRegisters:        located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationRegisterFile),
	gpu.ECCUncorrectedRegisters:      located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationRegisterFile),
	gpu.ECCCorrectedTexture:          located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationTexture),
	gpu.ECCUncorrectedTexture:        located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationTexture),
	gpu.ECCCorrectedShared:           located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationSharedMemory),
	gpu.ECCUncorrectedShared:         located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationSharedMemory),
	gpu.ECCUncorrectedCBU:            located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationCbu),
	gpu.ECCCorrectedSRAM:             located(metadata.AttributeErrorTypeCorrected, metadata.AttributeNvidiaGpuMemoryLocationSram),
	gpu.ECCUncorrectedSRAM:           located(metadata.AttributeErrorTypeUncorrected, metadata.AttributeNvidiaGpuMemoryLocationSram),
	gpu.SRAMCorrected:                integerOf((*builder).RecordNvidiaGpuEccSramErrorsDataPoint, metadata.AttributeSramErrorTypeCorrected),
	gpu.SRAMUncorrectedParity:        integerOf((*builder).RecordNvidiaGpuEccSramErrorsDataPoint, metadata.AttributeSramErrorTypeUncorrectedParity),
	gpu.SRAMUncorrectedSECDED:        integerOf((*builder).RecordNvidiaGpuEccSramErrorsDataPoint, metadata.AttributeSramErrorTypeUncorrectedSecded),
	gpu.SRAMAggregateL2:              integerOf((*builder).RecordNvidiaGpuEccSramAggregateDataPoint, metadata.AttributeNvidiaGpuSramLocationL2),
	gpu.SRAMAggregateSM:              integerOf((*builder).RecordNvidiaGpuEccSramAggregateDataPoint, metadata.AttributeNvidiaGpuSramLocationSm),
	gpu.SRAMAggregatePCIe:            integerOf((*builder).RecordNvidiaGpuEccSramAggregateDataPoint, metadata.AttributeNvidiaGpuSramLocationPcie),
	gpu.SRAMAggregateMicrocontroller: integerOf((*builder).RecordNvidiaGpuEccSramAggregateDataPoint, metadata.AttributeNvidiaGpuSramLocationMicrocontroller),
	gpu.SRAMAggregateOther:           integerOf((*builder).RecordNvidiaGpuEccSramAggregateDataPoint, metadata.AttributeNvidiaGpuSramLocationOther),
	gpu.RepairPendingChannel:         integerOf((*builder).RecordNvidiaGpuRepairPendingDataPoint, metadata.AttributeNvidiaGpuRepairPartChannel),
	gpu.RepairPendingTPC:             integerOf((*builder).RecordNvidiaGpuRepairPendingDataPoint, metadata.AttributeNvidiaGpuRepairPartTpc),
	gpu.RemapsCorrectable:            integerOf((*builder).RecordNvidiaGpuRowRemapsDataPoint, metadata.AttributeErrorTypeCorrected),
	gpu.RemapsUncorrectable:          integerOf((*builder).RecordNvidiaGpuRowRemapsDataPoint, metadata.AttributeErrorTypeUncorrected),
	gpu.RemapPending:                 integer((*builder).RecordNvidiaGpuRowRemapPendingDataPoint),
	gpu.RemapFailure:                 integer((*builder).RecordNvidiaGpuRowRemapFailureDataPoint),
	gpu.RetiredPagesSingleBit:        integerOf((*builder).RecordNvidiaGpuRetiredPagesDataPoint, metadata.AttributeNvidiaGpuRetiredPageCauseSingleBitEcc),
	gpu.RetiredPagesDoubleBit:        integerOf((*builder).RecordNvidiaGpuRetiredPagesDataPoint, metadata.AttributeNvidiaGpuRetiredPageCauseDoubleBitEcc),
	gpu.RetiredPagesPending:          integer((*builder).RecordNvidiaGpuRetiredPagePendingDataPoint),
	gpu.RecoveryAction:               recordRecoveryAction,
}

func pipe(kind metadata.AttributeNvidiaGpuPipe) recorder {
	return floatOf((*builder).RecordNvidiaGpuPipeActiveDataPoint, kind)
}

func throttle(reason metadata.AttributeNvidiaGpuThrottleReason) recorder {
	return floatOf((*builder).RecordNvidiaGpuThrottleTimeDataPoint, reason)
}

func nvlinkErrors(kind metadata.AttributeNvlinkErrorType) recorder {
	return integerOf((*builder).RecordNvidiaGpuNvlinkErrorsDataPoint, kind)
}

// sumOf records what all NVLinks of a device come to, and not the single ones.
func sumOf(record recorder) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		if p.Sum {
			record(b, ts, id, name, p)
		}
	}
}

func nvlinkIO(direction metadata.AttributeNetworkIoDirection) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		if p.Sum {
			b.RecordNvidiaGpuNvlinkIoDataPoint(ts, p.Int(), id, name, typeGPU, direction)
			return
		}
		b.RecordNvidiaGpuNvlinkLinkIoDataPoint(ts, p.Int(), id, name, typeGPU, int64(p.Link), direction)
	}
}

// nvlinkLinkErrors are errors that each NVLink counts, those of NVLink 5.
func nvlinkLinkErrors(kind metadata.AttributeNvlinkErrorType) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		if p.Sum {
			b.RecordNvidiaGpuNvlinkErrorsDataPoint(ts, p.Int(), id, name, typeGPU, kind)
			return
		}
		b.RecordNvidiaGpuNvlinkLinkErrorsDataPoint(ts, p.Int(), id, name, typeGPU, int64(p.Link), kind)
	}
}

func bitErrorRate(kind metadata.AttributeNvidiaGpuNvlinkBitErrorType) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		b.RecordNvidiaGpuNvlinkLinkBitErrorRateDataPoint(ts, p.Float(), id, name, typeGPU, int64(p.Link), kind)
	}
}

func fec(bin int64) recorder {
	return sumOf(integerOf((*builder).RecordNvidiaGpuNvlinkFecDataPoint, bin))
}

func marginLimit(kind metadata.AttributeNvidiaGpuTemperatureLimitType) recorder {
	return floatOf((*builder).RecordNvidiaGpuTemperatureMarginLimitDataPoint, kind)
}

func located(kind metadata.AttributeErrorType, place metadata.AttributeNvidiaGpuMemoryLocation) recorder {
	return func(b *builder, ts stamp, id, name string, p gpu.Point) {
		b.RecordNvidiaGpuEccLocationErrorsDataPoint(ts, p.Int(), id, name, typeGPU, kind, place)
	}
}

// The driver's numbers of states and actions are the order of the attribute's values. What is not known is "other".
var fabricStates = map[uint64]metadata.AttributeNvidiaGpuFabricState{
	gpu.FabricNotStarted: metadata.AttributeNvidiaGpuFabricStateNotStarted, gpu.FabricInProgress: metadata.AttributeNvidiaGpuFabricStateInProgress,
	gpu.FabricCompleted: metadata.AttributeNvidiaGpuFabricStateCompleted, gpu.FabricFailed: metadata.AttributeNvidiaGpuFabricStateFailed,
}

func recordFabricState(b *builder, ts stamp, id, name string, p gpu.Point) {
	present, known := fabricStates[p.Raw]
	if !known {
		present = metadata.AttributeNvidiaGpuFabricStateOther
	}
	for state := metadata.AttributeNvidiaGpuFabricStateNotStarted; state <= metadata.AttributeNvidiaGpuFabricStateOther; state++ {
		b.RecordNvidiaGpuFabricStateDataPoint(ts, one(state == present), id, name, typeGPU, state)
	}
}

// The attribute's values are the issues in their order.
func recordFabricHealth(b *builder, ts stamp, id, name string, p gpu.Point) {
	for issue := range gpu.FabricIssue(gpu.NumFabricIssues) {
		if has, ok := issue.In(p.Raw); ok {
			b.RecordNvidiaGpuFabricHealthDataPoint(ts, one(has), id, name, typeGPU, metadata.AttributeNvidiaGpuFabricIssueDegradedBandwidth+metadata.AttributeNvidiaGpuFabricIssue(issue))
		}
	}
}

func recoveryAction(raw uint64) metadata.AttributeNvidiaGpuRecoveryAction {
	return min(metadata.AttributeNvidiaGpuRecoveryActionNone+metadata.AttributeNvidiaGpuRecoveryAction(raw), metadata.AttributeNvidiaGpuRecoveryActionOther)
}

func recordRecoveryAction(b *builder, ts stamp, id, name string, p gpu.Point) {
	present := recoveryAction(p.Raw)
	for action := metadata.AttributeNvidiaGpuRecoveryActionNone; action <= metadata.AttributeNvidiaGpuRecoveryActionOther; action++ {
		b.RecordNvidiaGpuRecoveryActionDataPoint(ts, one(action == present), id, name, typeGPU, action)
	}
}

// The driver's bits of reasons, nvmlClocksEventReason*, are in the order of the attribute's values. The last value is for all
// bits that are not known.
func recordThrottleReasons(b *builder, ts stamp, id, name string, p gpu.Point) {
	for reason := metadata.AttributeNvidiaGpuThrottleActiveReasonIdle; reason < metadata.AttributeNvidiaGpuThrottleActiveReasonOther; reason++ {
		b.RecordNvidiaGpuThrottleActiveDataPoint(ts, one(p.Raw&(1<<(reason-1)) != 0), id, name, typeGPU, reason)
	}
	other := p.Raw >> (metadata.AttributeNvidiaGpuThrottleActiveReasonOther - 1)
	b.RecordNvidiaGpuThrottleActiveDataPoint(ts, one(other != 0), id, name, typeGPU, metadata.AttributeNvidiaGpuThrottleActiveReasonOther)
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}
