// SPDX-License-Identifier: Apache-2.0

// Package host reads what the operating system knows of NVIDIA devices, without asking their driver. It reads
// small files of /proc, /sys and /dev.
package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Host is a machine.
type Host struct {
	// Root is the top of its file system: "/", or where it is mounted in a container.
	Root string
}

func (h Host) path(name string) string { return filepath.Join(h.Root, name) }

// driverSigns are files that are there while a driver of NVIDIA devices is loaded. They are those of most systems, of the
// paravirtualized driver of WSL, and of integrated GPUs.
var driverSigns = []string{"dev/nvidiactl", "proc/driver/nvidia/version", "dev/dxg", "dev/nvhost-ctrl-gpu"}

// DriverLoaded reports whether there is a driver to talk to. It is false while all GPUs sleep, since talking to
// the driver would wake them and keep them awake.
func (h Host) DriverLoaded() bool {
	for _, sign := range driverSigns {
		if _, err := os.Stat(h.path(sign)); err == nil {
			return !h.asleep()
		}
	}
	return false
}

// Boot returns when the machine was started; zero if that is not to be found.
func (h Host) Boot() time.Time {
	seconds, ok := h.number("proc/stat", "btime ")
	if !ok {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// Memory returns the machine's memory in bytes; 0 if that is not to be found.
func (h Host) Memory() uint64 {
	kibibytes, _ := h.number("proc/meminfo", "MemTotal:")
	return kibibytes * 1024
}

// number returns the number after a prefix in a text file.
func (h Host) number(file, prefix string) (uint64, bool) {
	content, err := os.ReadFile(h.path(file))
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(content)) {
		if rest, found := strings.CutPrefix(line, prefix); found {
			fields := strings.Fields(rest)
			if len(fields) == 0 {
				return 0, false
			}
			number, err := strconv.ParseUint(fields[0], 10, 64)
			return number, err == nil
		}
	}
	return 0, false
}

// GPUs returns the NVIDIA GPUs that the kernel's driver holds, in the order of their addresses. complete is false where this
// process does not see the device files of all of them. So it is in a container that was given some. Then they say nothing about
// what the driver's library should find.
func (h Host) GPUs() (gpus []GPU, complete bool) {
	for _, device := range h.gpus() {
		if driver, err := os.Readlink(filepath.Join(device, "driver")); err == nil && filepath.Base(driver) == "nvidia" {
			gpus = append(gpus, h.gpu(filepath.Base(device)))
		}
	}
	files, err := filepath.Glob(h.path("dev/nvidia[0-9]*"))
	complete = err == nil && len(gpus) > 0 && len(files) >= len(gpus)
	if len(gpus) == 0 { // a container may see what the driver says, and not the bus
		if addresses, err := filepath.Glob(h.path("proc/driver/nvidia/gpus/*")); err == nil {
			for _, address := range addresses {
				gpus = append(gpus, h.gpu(filepath.Base(address)))
			}
		}
	}
	return gpus, complete
}

// GPU is a device as the kernel's driver describes it.
type GPU struct {
	// Address is its PCI address, "0000:17:00.0".
	Address string
	// UUID and Model are empty where the driver does not report them.
	UUID, Model string
}

// gpu reads what the kernel's driver says of the device at an address.
func (h Host) gpu(address string) GPU {
	gpu := GPU{Address: address}
	content, err := os.ReadFile(h.path("proc/driver/nvidia/gpus/" + address + "/information"))
	if err != nil {
		return gpu
	}
	for line := range strings.Lines(string(content)) {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); name {
		case "Model":
			if value != "Unknown" {
				gpu.Model = value
			}
		case "GPU UUID":
			if !strings.Contains(value, "?") { // which stand in for what was not read
				gpu.UUID = value
			}
		}
	}
	return gpu
}

// Denied reports whether the driver's device file is there and closed to this process. So it is in a container whose access a
// reload of systemd took away.
func (h Host) Denied() bool {
	file, err := os.OpenFile(h.path("dev/nvidiactl"), os.O_RDWR, 0)
	if err == nil {
		file.Close()
	}
	return errors.Is(err, fs.ErrPermission)
}

// asleep reports whether there are GPUs and all of them are suspended.
func (h Host) asleep() bool {
	devices := h.gpus()
	for _, device := range devices {
		if read(device, "power/runtime_status") != "suspended" {
			return false
		}
	}
	return len(devices) > 0
}

// gpus returns the directories of PCI devices of NVIDIA that are GPUs: display controllers (class 0x03). Other
// functions of a board, such as sound, are of other classes.
func (h Host) gpus() []string {
	devices, err := filepath.Glob(h.path("sys/bus/pci/devices/*"))
	if err != nil {
		return nil
	}
	var gpus []string
	for _, device := range devices {
		if read(device, "vendor") == "0x10de" && strings.HasPrefix(read(device, "class"), "0x03") {
			gpus = append(gpus, device)
		}
	}
	return gpus
}

func read(dir, name string) string {
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(content))
}
