// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Survey asks each device everything that the tables know, also what a collection would not need to ask since
// another source gave it.
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
		all := &reading{device: &gpu.Device{}, want: gpu.AllKeys()}
		start := time.Now()
		ret := calls[i].read(handle, all)
		answers = append(answers, Answer{calls[i].name, int(ret), time.Since(start), all.device.Readings})
	}
	return answers
}

// surveyFields asks for all field values at once, as a collection does.
func (r *Reader) surveyFields(handle nvml.Device) []Answer {
	fields, names := r.batch.fields, r.batch.names
	values := make([]nvml.FieldValue, len(fields))
	for i := range fields {
		values[i] = nvml.FieldValue{FieldId: fields[i].id, ScopeId: fields[i].scope}
	}
	start := time.Now()
	ret := handle.GetFieldValues(values)
	answers := []Answer{{Source: callFields, Code: int(ret), Took: time.Since(start)}}
	if ret != nvml.SUCCESS {
		return answers
	}
	for i := range fields {
		f := &fields[i]
		answer := Answer{Source: names[i], Code: int(values[i].NvmlReturn)}
		if raw, ok := decode(nvml.ValueType(values[i].ValueType), values[i].Value); ok && answer.Code == gpu.CodeSuccess {
			answer.Readings = []gpu.Reading{{Key: f.key, Raw: raw * max(f.unit, 1)}}
		}
		answers = append(answers, answer)
	}
	return answers
}
