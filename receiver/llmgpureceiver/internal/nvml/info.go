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
	"nvmlDeviceGetArchitecture", "nvmlDeviceGetCudaComputeCapability", "nvmlDeviceGetVirtualizationMode", "nvmlDeviceGetMinorNumber",
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

// readInfo describes a device; what the driver does not report stays empty.
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
		info.PCIAddress = address(pci)
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
	if minor, ret := d.GetMinorNumber(); ret == nvml.SUCCESS && minor >= 0 && minor < 1<<20 {
		info.Minor = strconv.Itoa(minor)
	}
	return info
}

// modeCalls are the functions behind readModes.
var modeCalls = []string{"nvmlDeviceGetMigMode", "nvmlDeviceGetEccMode", "nvmlDeviceGetPersistenceMode"}

// readModes reads what of a device is set. A mode that changed may make another call supported, so that all are asked
// again. It returns the code of an answer that the device or the driver is gone.
func (r *reading) readModes(d nvml.Device) int {
	modes := gpu.Modes{ConfidentialCompute: r.confidential}
	ask := func(name string, read func() nvml.Return) int {
		if r.isRefused(name) {
			return gpu.CodeSuccess
		}
		return r.answered(name, read())
	}
	for i, read := range []func() nvml.Return{
		func() nvml.Return {
			current, pending, ret := d.GetMigMode()
			modes.MIG = mode(ret, current == nvml.DEVICE_MIG_ENABLE, pending == nvml.DEVICE_MIG_ENABLE)
			return ret
		},
		func() nvml.Return {
			current, pending, ret := d.GetEccMode()
			modes.ECC = mode(ret, current == nvml.FEATURE_ENABLED, pending == nvml.FEATURE_ENABLED)
			return ret
		},
		func() nvml.Return {
			current, ret := d.GetPersistenceMode()
			modes.Persistence = mode(ret, current == nvml.FEATURE_ENABLED, current == nvml.FEATURE_ENABLED)
			return ret
		},
	} {
		if code := ask(modeCalls[i], read); code != gpu.CodeSuccess {
			return code
		}
	}
	uuid := r.device.Info.UUID
	if before, known := r.modes[uuid]; known && before != modes {
		clear(r.refused)
	}
	r.modes[uuid], r.device.Modes = modes, modes
	return gpu.CodeSuccess
}

func mode(ret nvml.Return, current, pending bool) string {
	switch {
	case ret != nvml.SUCCESS:
		return ""
	case current && pending:
		return "enabled"
	case current:
		return "disabling"
	case pending:
		return "enabling"
	}
	return "disabled"
}

// confidential returns the machine's mode of confidential computing; empty where the driver does not report it.
func confidential(library nvml.Interface) string {
	state, ret := library.SystemGetConfComputeState()
	on := state.CcFeature == nvml.CC_SYSTEM_FEATURE_ENABLED
	return mode(ret, on, on)
}

// excluded returns the PCI addresses of the devices that the driver was configured to leave alone.
func excluded(library nvml.Interface) (addresses []string) {
	count, ret := library.GetExcludedDeviceCount()
	if ret != nvml.SUCCESS {
		return nil
	}
	for i := range min(count, gpu.MaxDevices) {
		if info, ret := library.GetExcludedDeviceInfoByIndex(i); ret == nvml.SUCCESS {
			addresses = append(addresses, address(info.PciInfo))
		}
	}
	return addresses
}

// address writes a PCI address as Linux does.
func address(pci nvml.PciInfo) string {
	return fmt.Sprintf("%04x:%02x:%02x.0", pci.Domain, pci.Bus, pci.Device)
}
