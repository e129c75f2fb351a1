// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"strconv"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// maxLinks is NVML_NVLINK_MAX_LINKS with room for more.
const maxLinks = 64

// askLinks asks for the state of each NVLink of a device, once in a reading. Links are asked for until the driver says that there
// is no such link. One that the device does not have among others that it has is left out.
func (r *reading) askLinks(d nvml.Device) nvml.Return {
	if r.links != nil {
		return nvml.SUCCESS
	}
	for number := range maxLinks {
		state, ret := d.GetNvLinkState(number)
		switch {
		case ret == nvml.SUCCESS:
			r.links = append(r.links, link{uint8(number), state == nvml.FEATURE_ENABLED})
		case number == 0:
			return ret
		case ret == nvml.ERROR_INVALID_ARGUMENT:
			return nvml.SUCCESS
		case ret != nvml.ERROR_NOT_SUPPORTED:
			return ret
		}
	}
	return nvml.SUCCESS
}

// readLinks counts the NVLinks by state.
func readLinks(d nvml.Device, r *reading) nvml.Return {
	ret := r.askLinks(d)
	var active, inactive uint64
	for _, l := range r.links {
		if l.active {
			active++
		} else {
			inactive++
		}
	}
	return r.put(ret, gpu.Reading{Key: gpu.NVLinkActive, Raw: active}, gpu.Reading{Key: gpu.NVLinkInactive, Raw: inactive})
}

// linkFields are the fields of one NVLink, whose number is the scope. Where two give one quantity, the first that the device
// answers counts. NVLink 5 counts bytes, before the driver gives payload in KiB.
var linkFields = []field{
	{id: nvml.FI_DEV_NVLINK_COUNT_XMIT_BYTES, key: gpu.NVLinkTransmitted},
	{id: nvml.FI_DEV_NVLINK_COUNT_RCV_BYTES, key: gpu.NVLinkReceived},
	{id: nvml.FI_DEV_NVLINK_THROUGHPUT_DATA_TX, key: gpu.NVLinkTransmitted, unit: kibibyte},
	{id: nvml.FI_DEV_NVLINK_THROUGHPUT_DATA_RX, key: gpu.NVLinkReceived, unit: kibibyte},
	{id: nvml.FI_DEV_NVLINK_COUNT_MALFORMED_PACKET_ERRORS, key: gpu.NVLinkErrorsMalformedPacket},
	{id: nvml.FI_DEV_NVLINK_COUNT_BUFFER_OVERRUN_ERRORS, key: gpu.NVLinkErrorsBufferOverrun},
	{id: nvml.FI_DEV_NVLINK_COUNT_RCV_ERRORS, key: gpu.NVLinkErrorsReceive},
	{id: nvml.FI_DEV_NVLINK_COUNT_RCV_REMOTE_ERRORS, key: gpu.NVLinkErrorsReceiveRemote},
	{id: nvml.FI_DEV_NVLINK_COUNT_RCV_GENERAL_ERRORS, key: gpu.NVLinkErrorsReceiveGeneral},
	{id: nvml.FI_DEV_NVLINK_COUNT_LOCAL_LINK_INTEGRITY_ERRORS, key: gpu.NVLinkErrorsLocalIntegrity},
	{id: nvml.FI_DEV_NVLINK_COUNT_XMIT_DISCARDS, key: gpu.NVLinkErrorsTransmitDiscard},
	{id: nvml.FI_DEV_NVLINK_COUNT_LINK_RECOVERY_FAILED_EVENTS, key: gpu.NVLinkErrorsRecoveryFailed},
	{id: nvml.FI_DEV_NVLINK_COUNT_EFFECTIVE_ERRORS, key: gpu.NVLinkErrorsEffective},
	{id: nvml.FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS, key: gpu.NVLinkErrorsSymbol},
	{id: nvml.FI_DEV_NVLINK_COUNT_LINK_RECOVERY_SUCCESSFUL_EVENTS, key: gpu.NVLinkRecoveries},
	{id: nvml.FI_DEV_NVLINK_COUNT_EFFECTIVE_BER, key: gpu.NVLinkEffectiveBER},
	{id: nvml.FI_DEV_NVLINK_COUNT_SYMBOL_BER, key: gpu.NVLinkSymbolBER},
	{id: nvml.FI_DEV_NVLINK_GET_SPEED, key: gpu.NVLinkSpeed},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_0, key: gpu.NVLinkFEC0},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_1, key: gpu.NVLinkFEC1},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_2, key: gpu.NVLinkFEC2},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_3, key: gpu.NVLinkFEC3},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_4, key: gpu.NVLinkFEC4},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_5, key: gpu.NVLinkFEC5},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_6, key: gpu.NVLinkFEC6},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_7, key: gpu.NVLinkFEC7},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_8, key: gpu.NVLinkFEC8},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_9, key: gpu.NVLinkFEC9},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_10, key: gpu.NVLinkFEC10},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_11, key: gpu.NVLinkFEC11},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_12, key: gpu.NVLinkFEC12},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_13, key: gpu.NVLinkFEC13},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_14, key: gpu.NVLinkFEC14},
	{id: nvml.FI_DEV_NVLINK_COUNT_FEC_HISTORY_15, key: gpu.NVLinkFEC15},
}

// linkKeys are the quantities that each NVLink has.
func linkKeys() (keys []gpu.Key) {
	for i := range linkFields {
		keys = append(keys, linkFields[i].key)
	}
	return keys
}

// linkNames are what the fields of NVLinks are called among what was refused.
var linkNames = func() []string {
	names := make([]string, len(linkFields))
	for i := range linkFields {
		names[i] = callLinks + "(" + strconv.Itoa(int(linkFields[i].id)) + ")"
	}
	return names
}()

// readLinkFields reads the wanted fields of all NVLinks in one call. A field that no link has is not asked again.
func readLinkFields(d nvml.Device, r *reading) nvml.Return {
	if ret := r.askLinks(d); ret != nvml.SUCCESS {
		return ret
	}
	b := r.batch
	b.values, b.asked = b.values[:0], b.asked[:0]
	for _, l := range r.links {
		for i := range linkFields {
			if f := &linkFields[i]; r.want.Has(f.key) && !r.isRefused(linkNames[i]) {
				b.values = append(b.values, nvml.FieldValue{FieldId: f.id, ScopeId: uint32(l.number)})
				b.asked = append(b.asked, i)
			}
		}
	}
	if len(b.values) == 0 {
		return nvml.SUCCESS
	}
	if ret := d.GetFieldValues(b.values); ret != nvml.SUCCESS {
		return ret
	}
	var supported [64]bool // by field
	var have gpu.KeySet    // of one link
	number := b.values[0].ScopeId
	for i, value := range b.values {
		if value.ScopeId != number {
			number, have = value.ScopeId, gpu.KeySet{}
		}
		f, ret := &linkFields[b.asked[i]], nvml.Return(value.NvmlReturn)
		switch {
		case ret == nvml.SUCCESS:
			supported[b.asked[i]] = true
			r.takeLink(f, value, &have)
		case gpu.DeviceGone(int(ret)) || gpu.DriverGone(int(ret)):
			return ret
		case !gpu.Unsupported(int(ret)) && ret != nvml.ERROR_INVALID_ARGUMENT:
			supported[b.asked[i]] = true
			r.device.Errors = append(r.device.Errors, gpu.CallError{Call: linkNames[b.asked[i]], Code: int(ret)})
		}
	}
	for _, i := range b.asked {
		if !supported[i] {
			r.refused[linkNames[i]] = gpu.CodeNotSupported
		}
	}
	return nvml.SUCCESS
}

// takeLink keeps one value of one NVLink.
func (r *reading) takeLink(f *field, value nvml.FieldValue, have *gpu.KeySet) {
	if have.Has(f.key) {
		return
	}
	raw, ok := f.decode(value)
	if !ok || !f.key.Plausible(raw) {
		r.device.Dropped = append(r.device.Dropped, f.key)
		return
	}
	have.Add(f.key)
	r.device.Readings = append(r.device.Readings, gpu.Reading{Key: f.key, Link: uint8(value.ScopeId), Raw: raw})
}
