// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"fmt"
	"strconv"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// infoCalls are the functions behind readInfo.
var infoCalls = []string{
	"nvmlDeviceGetName", "nvmlDeviceGetSerial", "nvmlDeviceGetVbiosVersion", "nvmlDeviceGetPciInfo_v3",
	"nvmlDeviceGetArchitecture", "nvmlDeviceGetCudaComputeCapability", "nvmlDeviceGetVirtualizationMode",
}

var architectures = map[nvml.DeviceArchitecture]string{
	nvml.DEVICE_ARCH_KEPLER: "kepler", nvml.DEVICE_ARCH_MAXWELL: "maxwell", nvml.DEVICE_ARCH_PASCAL: "pascal",
	nvml.DEVICE_ARCH_VOLTA: "volta", nvml.DEVICE_ARCH_TURING: "turing", nvml.DEVICE_ARCH_AMPERE: "ampere",
	nvml.DEVICE_ARCH_ADA: "ada", nvml.DEVICE_ARCH_HOPPER: "hopper", nvml.DEVICE_ARCH_BLACKWELL: "blackwell",
	nvml.DEVICE_ARCH_RUBIN: "rubin",
}

var virtualizations = map[nvml.GpuVirtualizationMode]string{
	nvml.GPU_VIRTUALIZATION_MODE_NONE: "none", nvml.GPU_VIRTUALIZATION_MODE_PASSTHROUGH: "passthrough",
	nvml.GPU_VIRTUALIZATION_MODE_VGPU: "vgpu", nvml.GPU_VIRTUALIZATION_MODE_HOST_VGPU: "host_vgpu",
	nvml.GPU_VIRTUALIZATION_MODE_HOST_VSGA: "host_vsga",
}

// readInfo describes a device; what the driver does not tell stays empty.
func readInfo(d nvml.Device, uuid string) gpu.Info {
	info := gpu.Info{UUID: uuid}
	if name, ret := d.GetName(); ret == nvml.SUCCESS {
		info.Model = name
	}
	if serial, ret := d.GetSerial(); ret == nvml.SUCCESS {
		info.Serial = serial
	}
	if version, ret := d.GetVbiosVersion(); ret == nvml.SUCCESS {
		info.VBIOS = version
	}
	if pci, ret := d.GetPciInfo(); ret == nvml.SUCCESS {
		info.PCIAddress = fmt.Sprintf("%04x:%02x:%02x.0", pci.Domain, pci.Bus, pci.Device)
	}
	if architecture, ret := d.GetArchitecture(); ret == nvml.SUCCESS {
		info.Architecture = architectures[architecture]
	}
	if major, minor, ret := d.GetCudaComputeCapability(); ret == nvml.SUCCESS {
		info.ComputeCapability = strconv.Itoa(major) + "." + strconv.Itoa(minor)
	}
	if mode, ret := d.GetVirtualizationMode(); ret == nvml.SUCCESS {
		info.Virtualization = virtualizations[mode]
	}
	return info
}
