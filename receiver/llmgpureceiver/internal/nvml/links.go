// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// maxLinks is NVML_NVLINK_MAX_LINKS with room for more.
const maxLinks = 64

// eachLink calls do for each NVLink of a device. Links are asked for until the driver says that there is no such
// link; one that the device does not have among others that it has is left out.
func eachLink(d nvml.Device, do func(link int, state nvml.EnableState)) nvml.Return {
	for link := range maxLinks {
		state, ret := d.GetNvLinkState(link)
		switch {
		case ret == nvml.SUCCESS:
			do(link, state)
		case link == 0:
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
	var active, inactive uint64
	ret := eachLink(d, func(_ int, state nvml.EnableState) {
		if state == nvml.FEATURE_ENABLED {
			active++
		} else {
			inactive++
		}
	})
	return r.put(ret, gpu.Reading{Key: gpu.NVLinkActive, Raw: active}, gpu.Reading{Key: gpu.NVLinkInactive, Raw: inactive})
}

// linkFields are the fields of one NVLink. Where two give one quantity, the first that the device answers counts.
var linkFields = []field{
	{id: nvml.FI_DEV_NVLINK_COUNT_XMIT_BYTES, key: gpu.NVLinkLinkTransmitted},
	{id: nvml.FI_DEV_NVLINK_COUNT_RCV_BYTES, key: gpu.NVLinkLinkReceived},
	{id: nvml.FI_DEV_NVLINK_THROUGHPUT_DATA_TX, key: gpu.NVLinkLinkTransmitted, unit: kibibyte},
	{id: nvml.FI_DEV_NVLINK_THROUGHPUT_DATA_RX, key: gpu.NVLinkLinkReceived, unit: kibibyte},
}

// readLinkIO reads the fields of each NVLink, a call for each.
func readLinkIO(d nvml.Device, r *reading) nvml.Return {
	var failed nvml.Return
	ret := eachLink(d, func(link int, _ nvml.EnableState) {
		values := make([]nvml.FieldValue, len(linkFields))
		for i, f := range linkFields {
			values[i] = nvml.FieldValue{FieldId: f.id, ScopeId: uint32(link)}
		}
		if ret := d.GetFieldValues(values); ret != nvml.SUCCESS {
			failed = ret
			return
		}
		var have gpu.KeySet
		for i, f := range linkFields {
			raw, ok := decode(nvml.ValueType(values[i].ValueType), values[i].Value)
			if ok && nvml.Return(values[i].NvmlReturn) == nvml.SUCCESS && r.want.Has(f.key) && !have.Has(f.key) {
				have.Add(f.key)
				r.device.Readings = append(r.device.Readings, gpu.Reading{Key: f.key, Link: uint8(link), Raw: raw * max(f.unit, 1)})
			}
		}
	})
	if ret != nvml.SUCCESS {
		return ret
	}
	return failed
}
