// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Survey asks each device everything that the tables know. It also asks what a collection would not need to ask since another
// source gave it.
func (r *Reader) Survey() ([]Surveyed, *DriverError) {
	count, ret := r.library.DeviceGetCount()
	if ret != nvml.SUCCESS {
		return nil, &DriverError{callCount, int(ret)}
	}
	devices := make([]Surveyed, 0, count)
	for index := range count {
		handle, ret := r.library.DeviceGetHandleByIndex(index)
		if ret != nvml.SUCCESS {
			return nil, &DriverError{callHandle, int(ret)}
		}
		uuid, ret := handle.GetUUID()
		if ret != nvml.SUCCESS {
			return nil, &DriverError{callUUID, int(ret)}
		}
		devices = append(devices, Surveyed{Info: readInfo(handle, uuid), Answers: r.survey(handle)})
	}
	return devices, nil
}

func (r *Reader) survey(handle nvml.Device) []Answer {
	answers := r.surveyFields(handle)
	for i := range calls {
		if calls[i].name == callLinks {
			continue // as fields
		}
		all := &reading{device: &gpu.Device{}, want: gpu.AllKeys(), refused: map[string]int{}, batch: &r.batch, gpm: &r.gpm}
		if calls[i].name == callGPM { // which compares with the sample before
			_ = calls[i].read(handle, all)
			time.Sleep(gpmApart)
		}
		start := time.Now()
		ret := calls[i].read(handle, all)
		answers = append(answers, Answer{Source: calls[i].name, Code: int(ret), Took: time.Since(start), Readings: all.device.Readings})
	}
	return answers
}

// surveyFields asks for all field values at once, as a collection does. They are those of the device, and those of each NVLink.
func (r *Reader) surveyFields(handle nvml.Device) []Answer {
	all, links := slices.Clone(r.batch.fields), &reading{device: &gpu.Device{}}
	values, names := make([]nvml.FieldValue, 0, len(all)), slices.Clone(r.batch.names)
	for i := range all {
		values = append(values, nvml.FieldValue{FieldId: all[i].id, ScopeId: all[i].scope})
	}
	_ = links.askLinks(handle) // a device may have none
	for _, l := range links.links {
		for i := range linkFields {
			all = append(all, linkFields[i])
			values = append(values, nvml.FieldValue{FieldId: linkFields[i].id, ScopeId: uint32(l.number)})
			names = append(names, fmt.Sprintf("%s(%d@%d)", callFields, linkFields[i].id, l.number))
		}
	}
	start := time.Now()
	ret := handle.GetFieldValues(values)
	answers := []Answer{{Source: callFields, Code: int(ret), Took: time.Since(start)}}
	if ret != nvml.SUCCESS {
		return answers
	}
	for i := range all {
		f := &all[i]
		answer := Answer{
			Source: names[i], Code: int(values[i].NvmlReturn), Type: typeName(values[i].ValueType),
			Took: time.Duration(values[i].LatencyUsec) * time.Microsecond,
		}
		if raw, ok := f.decode(values[i]); ok && answer.Code == gpu.CodeSuccess {
			answer.Readings = []gpu.Reading{{Key: f.key, Link: linkOf(f, values[i]), Raw: raw}}
		}
		answers = append(answers, answer)
	}
	return answers
}

func linkOf(f *field, value nvml.FieldValue) uint8 {
	if spec, _ := f.key.Spec(); spec.PerLink {
		return uint8(value.ScopeId)
	}
	return 0
}

var typeNames = []string{"float64", "uint32", "ulong", "uint64", "int64", "int32", "uint16"}

// typeName returns the name of the driver's tag of a value, nvmlValueType_t.
func typeName(tag uint32) string {
	if int(tag) < len(typeNames) {
		return typeNames[tag]
	}
	return "tag " + strconv.Itoa(int(tag))
}

// doubts are the fields that only hardware can explain. They are numbers that were given twice, widths that the header leaves
// open, and sums over NVLinks.
func doubts() (values []nvml.FieldValue) {
	for id := uint32(softwareThermal575); id <= 273; id++ {
		values = append(values, nvml.FieldValue{FieldId: id})
	}
	for _, id := range []uint32{
		nvml.FI_DEV_PERF_POLICY_THERMAL, nvml.FI_DEV_POWER_AVERAGE, nvml.FI_DEV_POWER_INSTANT, nvml.FI_DEV_TOTAL_ENERGY_CONSUMPTION,
		nvml.FI_DEV_PCIE_COUNT_TX_BYTES, nvml.FI_DEV_PCIE_COUNT_RX_BYTES,
	} {
		values = append(values, nvml.FieldValue{FieldId: id})
	}
	for _, id := range []uint32{
		nvml.FI_DEV_NVLINK_THROUGHPUT_DATA_TX, nvml.FI_DEV_NVLINK_THROUGHPUT_DATA_RX,
		nvml.FI_DEV_NVLINK_COUNT_XMIT_BYTES, nvml.FI_DEV_NVLINK_COUNT_RCV_BYTES, nvml.FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS,
	} {
		values = append(values, nvml.FieldValue{FieldId: id}, nvml.FieldValue{FieldId: id, ScopeId: math.MaxUint32})
	}
	return values
}

// Doubts reads the fields in doubt of a device twice, with a pause between.
func (r *Reader) Doubts(index int, pause time.Duration) ([]Doubt, *DriverError) {
	handle, ret := r.library.DeviceGetHandleByIndex(index)
	if ret != nvml.SUCCESS {
		return nil, &DriverError{callHandle, int(ret)}
	}
	first, second := doubts(), doubts()
	if ret := handle.GetFieldValues(first); ret != nvml.SUCCESS {
		return nil, &DriverError{callFields, int(ret)}
	}
	time.Sleep(pause)
	if ret := handle.GetFieldValues(second); ret != nvml.SUCCESS {
		return nil, &DriverError{callFields, int(ret)}
	}
	answers := make([]Doubt, len(first))
	for i, value := range second {
		answers[i] = Doubt{
			Field: value.FieldId, Scope: value.ScopeId, Code: int(value.NvmlReturn), Type: typeName(value.ValueType),
			Latency: time.Duration(value.LatencyUsec) * time.Microsecond,
			First:   binary.NativeEndian.Uint64(first[i].Value[:]), Second: binary.NativeEndian.Uint64(value.Value[:]),
		}
	}
	return answers, nil
}
