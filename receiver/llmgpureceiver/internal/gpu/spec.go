// SPDX-License-Identifier: Apache-2.0

package gpu

import "math"

// Kind says how a quantity behaves over time.
type Kind uint8

const (
	// Gauge is a level that may go up and down.
	Gauge Kind = iota
	// Counter starts from zero when the driver is loaded and at some resets of the device.
	Counter
	// WideCounter is a counter that starts anywhere and has 32 or 64 bits, which the driver's header leaves open. One of 32 bits
	// may go through its top many times between two looks. There is nothing to report before a value that takes more.
	WideCounter
)

// Spec describes a quantity.
type Spec struct {
	// Name is short and lower case, for the hardware check.
	Name string
	// Unit is that of the raw value, in UCUM.
	Unit string
	// Kind says how the quantity behaves over time.
	Kind Kind
	// Rate is the most that a counter grows by in a second, in raw units; only a counter has one. It is far above
	// what hardware does, so that what exceeds it is garbage.
	Rate float64
	// PerLink says that each NVLink of a device has a value of its own. Of a counter, the device has their sum.
	PerLink bool
	// Per is how many raw units make one unit of the metric. Times is how many units of the metric one raw unit makes. At most
	// one of them is set; none stands for the same unit.
	Per, Times float64
	// Decode, if set, makes the value of the metric of the raw value, which is no number then.
	Decode func(raw uint64) float64
	// Min and Max bound the raw value; what lies outside is garbage and is dropped. A Max of zero stands for
	// 2⁶³-1: all-ones, the driver's "not available" in 64 bits, is always dropped.
	Min, Max int64
	// Signed says that the raw value is a two's complement number.
	Signed bool
}

const (
	ppm = 1e6
	// Far above what boards draw and far below 2³²-1 milliwatts, the driver's "not available".
	maxMilliwatts = 10_000_000
	maxMegahertz  = 100_000
	// Above what 16 lanes of PCIe 7 carry, below 2³²-1.
	maxKilobytesPerSecond = 1_000_000_000
	// All-ones in 32 bits is "not available"; no board counts that many rows, pages or lanes.
	maxSmallCount = 1_000_000

	// Bytes in a second: 16 lanes of PCIe 7 carry 2.4e11, 18 NVLinks of the sixth generation 1.8e12.
	pcieRate, nvlinkRate = 1e12, 1e13
	// Nanoseconds in a second, and a little for a clock that is not ours.
	timeRate = 1.1e9
	// Errors in a second: of memory, of PCIe, and of links, which count symbols.
	errorRate, linkErrorRate = 1e8, 1e12
)

var specs = [keyEnd]Spec{
	UtilizationMean:    {Name: "utilization.mean", Unit: "ppm", Per: ppm, Max: 1e6},
	UtilizationMax:     {Name: "utilization.max", Unit: "ppm", Per: ppm, Max: 1e6},
	MemoryBusy:         {Name: "memory.busy", Unit: "ppm", Per: ppm, Max: 1e6},
	EncoderUtilization: {Name: "utilization.encoder", Unit: "ppm", Per: ppm, Max: 1e6},
	DecoderUtilization: {Name: "utilization.decoder", Unit: "ppm", Per: ppm, Max: 1e6},
	JPEGUtilization:    {Name: "utilization.jpeg", Unit: "ppm", Per: ppm, Max: 1e6},
	OFAUtilization:     {Name: "utilization.ofa", Unit: "ppm", Per: ppm, Max: 1e6},
	EncoderSessions:    {Name: "encoder.sessions", Unit: "{session}", Max: maxSmallCount},

	SMActive:        {Name: "sm.active", Unit: "ppm", Per: ppm, Max: 1e6},
	SMOccupancy:     {Name: "sm.occupancy", Unit: "ppm", Per: ppm, Max: 1e6},
	TensorActive:    {Name: "tensor.active", Unit: "ppm", Per: ppm, Max: 1e6},
	DRAMUtilization: {Name: "dram.utilization", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeInteger:     {Name: "pipe.integer", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeFP64:        {Name: "pipe.fp64", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeFP32:        {Name: "pipe.fp32", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeFP16:        {Name: "pipe.fp16", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeTensorDFMA:  {Name: "pipe.tensor_dfma", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeTensorHMMA:  {Name: "pipe.tensor_hmma", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeTensorDMMA:  {Name: "pipe.tensor_dmma", Unit: "ppm", Per: ppm, Max: 1e6},
	PipeTensorIMMA:  {Name: "pipe.tensor_imma", Unit: "ppm", Per: ppm, Max: 1e6},

	MemoryTotal:    {Name: "memory.total", Unit: "By", Min: 1},
	MemoryUsed:     {Name: "memory.used", Unit: "By"},
	MemoryFree:     {Name: "memory.free", Unit: "By"},
	MemoryReserved: {Name: "memory.reserved", Unit: "By"},
	BAR1Total:      {Name: "bar1.total", Unit: "By", Min: 1},
	BAR1Used:       {Name: "bar1.used", Unit: "By"},

	PowerDraw:         {Name: "power.draw", Unit: "mW", Per: 1e3, Max: maxMilliwatts},
	PowerInstant:      {Name: "power.instant", Unit: "mW", Per: 1e3, Max: maxMilliwatts},
	PowerModule:       {Name: "power.module", Unit: "mW", Per: 1e3, Max: maxMilliwatts},
	PowerMax:          {Name: "power.max", Unit: "mW", Per: 1e3, Max: maxMilliwatts},
	PowerLimit:        {Name: "power.limit", Unit: "mW", Per: 1e3, Min: 1, Max: maxMilliwatts},
	PowerLimitDefault: {Name: "power.limit.default", Unit: "mW", Per: 1e3, Min: 1, Max: maxMilliwatts},
	PowerLimitMin:     {Name: "power.limit.min", Unit: "mW", Per: 1e3, Min: 1, Max: maxMilliwatts},
	PowerLimitMax:     {Name: "power.limit.max", Unit: "mW", Per: 1e3, Min: 1, Max: maxMilliwatts},
	Energy:            {Name: "energy", Unit: "mJ", Per: 1e3, Kind: Counter, Rate: maxMilliwatts},

	TemperatureGPU:            {Name: "temperature.gpu", Unit: "Cel", Min: -100, Max: 300, Signed: true},
	TemperatureMemory:         {Name: "temperature.memory", Unit: "Cel", Min: -100, Max: 300, Signed: true},
	TemperatureMargin:         {Name: "temperature.margin", Unit: "Cel", Min: -300, Max: 300, Signed: true},
	TemperatureShutdown:       {Name: "temperature.shutdown", Unit: "Cel", Min: 1, Max: 300},
	TemperatureSlowdown:       {Name: "temperature.slowdown", Unit: "Cel", Min: 1, Max: 300},
	TemperatureMarginShutdown: {Name: "temperature.margin.shutdown", Unit: "Cel", Min: -300, Max: 300, Signed: true},
	TemperatureMarginSlowdown: {Name: "temperature.margin.slowdown", Unit: "Cel", Min: -300, Max: 300, Signed: true},
	TemperatureMarginMemory:   {Name: "temperature.margin.memory", Unit: "Cel", Min: -300, Max: 300, Signed: true},
	TemperatureMarginGPU:      {Name: "temperature.margin.gpu", Unit: "Cel", Min: -300, Max: 300, Signed: true},
	// Above 100 % is real: a fan may turn faster than its nominal maximum.
	FanSpeed: {Name: "fan.speed", Unit: "%", Per: 1e2, Max: 200},

	ClockGraphics:    {Name: "clock.graphics", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockSM:          {Name: "clock.sm", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockMemory:      {Name: "clock.memory", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockVideo:       {Name: "clock.video", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockMaxGraphics: {Name: "clock.max.graphics", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockMaxSM:       {Name: "clock.max.sm", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockMaxMemory:   {Name: "clock.max.memory", Unit: "MHz", Times: 1e6, Max: maxMegahertz},
	ClockMaxVideo:    {Name: "clock.max.video", Unit: "MHz", Times: 1e6, Max: maxMegahertz},

	ThrottlePowerCap:           {Name: "throttle.power_cap", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleSyncBoost:          {Name: "throttle.sync_boost", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleBoardLimit:         {Name: "throttle.board_limit", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleLowUtilization:     {Name: "throttle.low_utilization", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleReliability:        {Name: "throttle.reliability", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleSoftwareThermal:    {Name: "throttle.software_thermal", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleHardwareThermal:    {Name: "throttle.hardware_thermal", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleHardwarePowerBrake: {Name: "throttle.hardware_power_brake", Unit: "ns", Per: 1e9, Kind: Counter, Rate: timeRate},
	ThrottleReasons:            {Name: "throttle.reasons", Unit: "1", Max: math.MaxUint32},
	PerformanceState:           {Name: "performance_state", Unit: "1", Max: 15},

	PCIeTransmitted:    {Name: "pcie.transmitted", Unit: "By", Kind: WideCounter, Rate: pcieRate},
	PCIeReceived:       {Name: "pcie.received", Unit: "By", Kind: WideCounter, Rate: pcieRate},
	PCIeReplays:        {Name: "pcie.replays", Unit: "{replay}", Kind: Counter, Rate: errorRate},
	PCIeTransmitRate:   {Name: "pcie.transmit_rate", Unit: "kBy/s", Times: 1e3, Max: maxKilobytesPerSecond},
	PCIeReceiveRate:    {Name: "pcie.receive_rate", Unit: "kBy/s", Times: 1e3, Max: maxKilobytesPerSecond},
	NVLinkTransmitRate: {Name: "nvlink.transmit_rate", Unit: "By/s", Max: maxKilobytesPerSecond * 1000},
	NVLinkReceiveRate:  {Name: "nvlink.receive_rate", Unit: "By/s", Max: maxKilobytesPerSecond * 1000},
	LinkWidth:          {Name: "pcie.link.width", Unit: "{lane}", Min: 1, Max: 64},
	LinkWidthMax:       {Name: "pcie.link.width.max", Unit: "{lane}", Min: 1, Max: 64},
	LinkGeneration:     {Name: "pcie.link.generation", Unit: "{generation}", Min: 1, Max: 16},
	LinkGenerationMax:  {Name: "pcie.link.generation.max", Unit: "{generation}", Min: 1, Max: 16},

	NVLinkTransmitted:           {Name: "nvlink.transmitted", Unit: "By", Kind: Counter, Rate: nvlinkRate, PerLink: true},
	NVLinkReceived:              {Name: "nvlink.received", Unit: "By", Kind: Counter, Rate: nvlinkRate, PerLink: true},
	NVLinkErrorsCRCFlit:         {Name: "nvlink.errors.crc_flit", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	NVLinkErrorsCRCData:         {Name: "nvlink.errors.crc_data", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	NVLinkErrorsReplay:          {Name: "nvlink.errors.replay", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	NVLinkErrorsRecovery:        {Name: "nvlink.errors.recovery", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	NVLinkErrorsECC:             {Name: "nvlink.errors.ecc", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	NVLinkErrorsMalformedPacket: {Name: "nvlink.errors.malformed_packet", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsBufferOverrun:   {Name: "nvlink.errors.buffer_overrun", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsReceive:         {Name: "nvlink.errors.receive", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsReceiveRemote:   {Name: "nvlink.errors.receive_remote", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsReceiveGeneral:  {Name: "nvlink.errors.receive_general", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsLocalIntegrity:  {Name: "nvlink.errors.local_integrity", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsTransmitDiscard: {Name: "nvlink.errors.transmit_discard", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsRecoveryFailed:  {Name: "nvlink.errors.recovery_failed", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsEffective:       {Name: "nvlink.errors.effective", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkErrorsSymbol:          {Name: "nvlink.errors.symbol", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkRecoveries:            {Name: "nvlink.recoveries", Unit: "{recovery}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkEffectiveBER:          {Name: "nvlink.effective_ber", Unit: "1", Max: 0xfff, Decode: bitErrorRate, PerLink: true},
	NVLinkSymbolBER:             {Name: "nvlink.symbol_ber", Unit: "1", Max: 0xfff, Decode: bitErrorRate, PerLink: true},
	NVLinkSpeed:                 {Name: "nvlink.speed", Unit: "MBy/s", Times: 1e6, Max: maxKilobytesPerSecond, PerLink: true},
	NVLinkFEC0:                  {Name: "nvlink.fec.0", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC1:                  {Name: "nvlink.fec.1", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC2:                  {Name: "nvlink.fec.2", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC3:                  {Name: "nvlink.fec.3", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC4:                  {Name: "nvlink.fec.4", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC5:                  {Name: "nvlink.fec.5", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC6:                  {Name: "nvlink.fec.6", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC7:                  {Name: "nvlink.fec.7", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC8:                  {Name: "nvlink.fec.8", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC9:                  {Name: "nvlink.fec.9", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC10:                 {Name: "nvlink.fec.10", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC11:                 {Name: "nvlink.fec.11", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC12:                 {Name: "nvlink.fec.12", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC13:                 {Name: "nvlink.fec.13", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC14:                 {Name: "nvlink.fec.14", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkFEC15:                 {Name: "nvlink.fec.15", Unit: "{error}", Kind: Counter, Rate: linkErrorRate, PerLink: true},
	NVLinkActive:                {Name: "nvlink.links.active", Unit: "{link}", Max: 64},
	NVLinkInactive:              {Name: "nvlink.links.inactive", Unit: "{link}", Max: 64},
	FabricState:                 {Name: "fabric.state", Unit: "1", Max: 255},
	FabricStatus:                {Name: "fabric.status", Unit: "1", Max: 9999},
	FabricHealth:                {Name: "fabric.health", Unit: "1", Max: math.MaxUint32},
	FabricUnhealthy:             {Name: "fabric.unhealthy", Unit: "1", Max: 1},
	C2CLinks:                    {Name: "c2c.links", Unit: "{link}", Max: 64},
	C2CErrorsInterrupt:          {Name: "c2c.errors.interrupt", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	C2CErrorsReplay:             {Name: "c2c.errors.replay", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},
	C2CErrorsReplayBackToBack:   {Name: "c2c.errors.replay_back_to_back", Unit: "{error}", Kind: Counter, Rate: linkErrorRate},

	ECCCorrected:                 {Name: "ecc.volatile.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrected:               {Name: "ecc.volatile.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCAggregateCorrected:        {Name: "ecc.aggregate.corrected", Unit: "{error}"},
	ECCAggregateUncorrected:      {Name: "ecc.aggregate.uncorrected", Unit: "{error}"},
	ECCCorrectedL1:               {Name: "ecc.l1_cache.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedL1:             {Name: "ecc.l1_cache.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCCorrectedL2:               {Name: "ecc.l2_cache.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedL2:             {Name: "ecc.l2_cache.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCCorrectedDRAM:             {Name: "ecc.dram.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedDRAM:           {Name: "ecc.dram.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCCorrectedRegisters:        {Name: "ecc.register_file.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedRegisters:      {Name: "ecc.register_file.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCCorrectedTexture:          {Name: "ecc.texture.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedTexture:        {Name: "ecc.texture.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCCorrectedShared:           {Name: "ecc.shared_memory.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedShared:         {Name: "ecc.shared_memory.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedCBU:            {Name: "ecc.cbu.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCCorrectedSRAM:             {Name: "ecc.sram.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	ECCUncorrectedSRAM:           {Name: "ecc.sram.uncorrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	SRAMCorrected:                {Name: "ecc.sram.volatile.corrected", Unit: "{error}", Kind: Counter, Rate: errorRate},
	SRAMUncorrectedParity:        {Name: "ecc.sram.volatile.parity", Unit: "{error}", Kind: Counter, Rate: errorRate},
	SRAMUncorrectedSECDED:        {Name: "ecc.sram.volatile.secded", Unit: "{error}", Kind: Counter, Rate: errorRate},
	SRAMAggregateL2:              {Name: "ecc.sram.aggregate.l2", Unit: "{error}"},
	SRAMAggregateSM:              {Name: "ecc.sram.aggregate.sm", Unit: "{error}"},
	SRAMAggregatePCIe:            {Name: "ecc.sram.aggregate.pcie", Unit: "{error}"},
	SRAMAggregateMicrocontroller: {Name: "ecc.sram.aggregate.microcontroller", Unit: "{error}"},
	SRAMAggregateOther:           {Name: "ecc.sram.aggregate.other", Unit: "{error}"},
	SRAMThresholdExceeded:        {Name: "ecc.sram.threshold_exceeded", Unit: "1", Max: 1},
	RepairPendingChannel:         {Name: "repair.pending.channel", Unit: "1", Max: 1},
	RepairPendingTPC:             {Name: "repair.pending.tpc", Unit: "1", Max: 1},
	RemapsCorrectable:            {Name: "row_remaps.correctable", Unit: "{row}", Max: maxSmallCount},
	RemapsUncorrectable:          {Name: "row_remaps.uncorrectable", Unit: "{row}", Max: maxSmallCount},
	RemapPending:                 {Name: "row_remap.pending", Unit: "1", Max: 1},
	RemapFailure:                 {Name: "row_remap.failure", Unit: "1", Max: 1},
	RetiredPagesSingleBit:        {Name: "retired_pages.single_bit", Unit: "{page}", Max: maxSmallCount},
	RetiredPagesDoubleBit:        {Name: "retired_pages.double_bit", Unit: "{page}", Max: maxSmallCount},
	RetiredPagesPending:          {Name: "retired_pages.pending", Unit: "1", Max: 1},
	RecoveryAction:               {Name: "recovery_action", Unit: "1", Max: 255},
}

// bitErrorRate decodes the driver's form of a rate. Bits 8 to 11 are a mantissa. Bits 0 to 7 are the number of places that it is
// behind the decimal point.
func bitErrorRate(raw uint64) float64 {
	return float64(raw>>8&0xf) * math.Pow10(-int(raw&0xff))
}

// Spec returns the description of a key. ok is false for a number that is no key.
func (k Key) Spec() (spec Spec, ok bool) {
	if k == 0 || k >= keyEnd {
		return Spec{}, false
	}
	return specs[k], true
}

// String returns the name of the key.
func (k Key) String() string {
	if spec, ok := k.Spec(); ok {
		return spec.Name
	}
	return "unknown"
}

// Plausible reports whether a raw value lies within the bounds of the key.
func (k Key) Plausible(raw uint64) bool {
	spec, ok := k.Spec()
	if !ok {
		return false
	}
	value, limit := int64(raw), spec.Max
	if limit == 0 {
		limit = math.MaxInt64 - 1
	}
	if !spec.Signed && raw > math.MaxInt64 {
		return false
	}
	return spec.Min <= value && value <= limit
}
