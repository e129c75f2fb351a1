// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"strconv"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

func newBatch(release int) batch {
	fields := fieldsOf(release)
	b := batch{fields: fields, names: make([]string, len(fields))}
	for i := range fields {
		// A field that the module lacks is not one that the device lacks.
		b.names[i] = callFields + "(" + strconv.Itoa(int(fields[i].id)) + ")"
		if fields[i].scope != 0 {
			b.names[i] = callFields + "(" + strconv.Itoa(int(fields[i].id)) + "@" + strconv.Itoa(int(fields[i].scope)) + ")"
		}
	}
	return b
}

// readFields reads all field values that are wanted and supported, in one call.
func (r *reading) readFields(handle nvml.Device) nvml.Return {
	if r.isRefused(callFields) {
		return nvml.SUCCESS
	}
	b := r.batch
	b.values, b.asked = b.values[:0], b.asked[:0]
	for i := range b.fields {
		if f := &b.fields[i]; r.want.Has(f.key) && !r.isRefused(b.names[i]) {
			b.values = append(b.values, nvml.FieldValue{FieldId: f.id, ScopeId: f.scope})
			b.asked = append(b.asked, i)
		}
	}
	if len(b.values) == 0 {
		return nvml.SUCCESS
	}
	if ret := handle.GetFieldValues(b.values); ret != nvml.SUCCESS {
		return ret
	}
	for i, value := range b.values {
		if ret := r.takeField(b.asked[i], value); ret != nvml.SUCCESS {
			return ret
		}
	}
	return nvml.SUCCESS
}

// takeField keeps one value. It returns an answer that ends the reading of the device.
func (r *reading) takeField(i int, value nvml.FieldValue) nvml.Return {
	f, ret := &r.batch.fields[i], nvml.Return(value.NvmlReturn)
	switch {
	case ret == nvml.SUCCESS:
		raw, ok := f.decode(value)
		if !ok {
			r.device.Dropped = append(r.device.Dropped, f.key)
			return nvml.SUCCESS
		}
		r.keep(gpu.Reading{Key: f.key, Raw: raw})
	case ret == nvml.ERROR_INVALID_ARGUMENT: // a field that the driver does not know
		r.note(r.batch.names[i], gpu.CodeNotSupported)
	case gpu.DeviceGone(int(ret)) || gpu.DriverGone(int(ret)):
		return ret
	default:
		r.note(r.batch.names[i], int(ret))
	}
	return nvml.SUCCESS
}
