// SPDX-License-Identifier: Apache-2.0

package podresources

import (
	"slices"
	"strconv"
	"strings"
)

// Driver is the name of NVIDIA's driver for resource claims that hands out GPUs.
const Driver = "gpu.nvidia.com"

// Device is a GPU as NVML reports it.
type Device struct {
	UUID string
	// Minor is the number of its file, as in /dev/nvidia0.
	Minor int
	// PCIAddress is in lower case, as in 0000:17:00.0.
	PCIAddress string
	// Instances are its MIG instances, empty if it is whole.
	Instances []Instance
}

// Instance is a MIG device: a compute instance of a GPU instance.
type Instance struct {
	UUID string
	// GPUInstance and ComputeInstance are their ids within the parent.
	GPUInstance, ComputeInstance int
	// Profile is the profile's name, as in "1g.10gb", and ProfileID its number.
	Profile   string
	ProfileID int
	// Start is the first memory slice of the GPU instance's placement.
	Start int
}

// Owner is a container that was given a device.
type Owner struct {
	Namespace, Pod, Container string
	// Resource is the extended resource, empty for a resource claim.
	Resource string
	// Shared says that the device is split by time slicing, MPS or a share. Others may use it, too, also if none does now.
	Shared bool
}

// Owners are the containers of each device, by the UUID of the GPU or of the MIG instance.
type Owners map[string][]Owner

// Exclusive returns the only pod that has a device, if it has only one and is not split. Container is empty where several
// containers of the pod have it.
func (o Owners) Exclusive(uuid string) (owner Owner, ok bool) {
	for i, other := range o[uuid] {
		switch {
		case other.Shared, i > 0 && !owner.samePod(other):
			return Owner{}, false
		case i == 0:
			owner = other
		default:
			owner.Container = ""
		}
	}
	return owner, len(o[uuid]) > 0
}

func (o Owner) samePod(other Owner) bool { return o.Namespace == other.Namespace && o.Pod == other.Pod }

// Resolve finds the devices of allocations. Unresolved are allocations of NVIDIA GPUs that fit no device. A driver or plugin
// names them in another way, or NVML does not report the GPU. What is no NVIDIA GPU is left out of both, and so is what was given
// for administration.
func Resolve(allocations []Allocation, devices []Device) (owners Owners, unresolved []Allocation) {
	owners = Owners{}
	for _, a := range allocations {
		name, gpu := parse(&a)
		if !gpu || a.Admin {
			continue
		}
		uuids := name.find(devices)
		if len(uuids) == 0 {
			unresolved = append(unresolved, a)
			continue
		}
		owner := Owner{Namespace: a.Namespace, Pod: a.Pod, Container: a.Container, Resource: a.Resource, Shared: name.shared}
		for _, uuid := range uuids {
			owners.add(uuid, owner)
		}
	}
	return owners, unresolved
}

// add adds an owner of a device; a container that holds several shares of it is one owner.
func (o Owners) add(uuid string, owner Owner) {
	same := func(other Owner) bool { return other.samePod(owner) && other.Container == owner.Container }
	if i := slices.IndexFunc(o[uuid], same); i >= 0 {
		o[uuid][i].Shared = o[uuid][i].Shared || owner.Shared
		return
	}
	o[uuid] = append(o[uuid], owner)
}

// name is what an id says of its device.
type name struct {
	// uuid is that of a GPU or of a MIG instance; empty if the id has none.
	uuid string
	// pci is the GPU's address on the PCI bus; empty if it is not known.
	pci string
	// minor is the number of the GPU's file, or -1.
	minor int
	// gpuInstance and computeInstance are ids within the GPU, or -1.
	gpuInstance, computeInstance int
	// placement is set for a MIG instance that is named by its place.
	placement *placement
	shared    bool
}

// placement is where a MIG instance lies, in one of two spellings of NVIDIA's driver for resource claims.
type placement struct {
	// profile is the profile's name without dots; empty in names of older drivers.
	profile string
	// numbers are the profile's id and the first memory slice; after a profile's name they may begin with the slice.
	numbers []int
}

// parse reads an allocation's id. gpu is false for what is no NVIDIA GPU.
func parse(a *Allocation) (n name, gpu bool) {
	n = name{minor: -1, gpuInstance: -1, computeInstance: -1}
	if a.ID == "" {
		n.shared = a.Share != ""
		if n.uuid = a.UUID; strings.HasPrefix(n.uuid, "GPU-") || strings.HasPrefix(n.uuid, "MIG-") {
			return n, a.Driver != Driver || !strings.HasPrefix(a.Device, "gpu-vfio-")
		}
		n.uuid = ""
		if a.Driver != Driver || !strings.HasPrefix(a.Device, "gpu-") || strings.HasPrefix(a.Device, "gpu-vfio-") {
			return n, false // such as the channels of a compute domain; a GPU behind vfio is that of a virtual machine
		}
		n.parseClaim(a.Device)
		if n.placement == nil {
			n.pci = a.PCIAddress
		}
		return n, true
	}
	// Replicas of time slicing and MPS: k8s-device-plugin internal/rm, AnnotatedID.
	id, _, replica := strings.Cut(a.ID, "::")
	n.shared = replica || strings.HasSuffix(a.Resource, ".shared")
	switch {
	case strings.HasPrefix(id, "MIG-GPU-"): // drivers before 470
		n.parseOldMIG(strings.TrimPrefix(id, "MIG-"))
	case strings.HasPrefix(id, "GPU-"), strings.HasPrefix(id, "MIG-"):
		n.uuid = id
	case strings.HasPrefix(id, "nvidia"):
		n.parseGKE(id)
	default:
		// A plugin of NVIDIA's with ids that are not known here; its other resources are no GPUs for containers.
		kind, ours := strings.CutPrefix(a.Resource, "nvidia.com/")
		return n, ours && (kind == "gpu" || strings.HasPrefix(kind, "gpu.") || strings.HasPrefix(kind, "mig-"))
	}
	return n, true
}

// parseOldMIG reads GPU-<uuid>/<GPU instance>/<compute instance>.
func (n *name) parseOldMIG(id string) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return
	}
	gpuInstance, computeInstance := number(parts[1]), number(parts[2])
	if gpuInstance < 0 || computeInstance < 0 {
		return
	}
	n.uuid, n.gpuInstance, n.computeInstance = parts[0], gpuInstance, computeInstance
}

// parseGKE reads nvidia0, nvidia0/gi1, and both with /vgpu2 behind it for a share (GoogleCloudPlatform/container-engine-
// accelerators, pkg/gpu/nvidia).
func (n *name) parseGKE(id string) {
	parts := strings.Split(id, "/")
	minor := number(strings.TrimPrefix(parts[0], "nvidia"))
	for _, part := range parts[1:] {
		gpuInstance, isInstance := strings.CutPrefix(part, "gi")
		switch {
		case strings.HasPrefix(part, "vgpu"):
			n.shared = true
		case isInstance && number(gpuInstance) >= 0:
			n.gpuInstance = number(gpuInstance)
		default:
			return
		}
	}
	n.minor = minor
}

// parseClaim reads the name of a device of NVIDIA's driver for resource claims. It is gpu-<minor>, and for MIG behind it -mig-<profile>-<profile
// id>-<start>. Older ones have -mig-<profile id>-<start>-<size> (dra-driver-nvidia-gpu, cmd/gpu-kubelet-plugin, CanonicalName).
// The oldest count by index, which is the minor number but for odd hosts.
func (n *name) parseClaim(device string) {
	whole, mig, isMIG := strings.Cut(strings.TrimPrefix(device, "gpu-"), "-mig-")
	minor := number(whole)
	if !isMIG {
		n.minor = minor
		return
	}
	parts := strings.Split(mig, "-")
	var p placement
	if number(parts[0]) < 0 {
		p.profile, parts = parts[0], parts[1:]
	}
	// A profile's name may have parts of its own behind it, such as 1g12gb-me.
	for len(parts) > 0 && number(parts[0]) < 0 {
		p.profile, parts = p.profile+"-"+parts[0], parts[1:]
	}
	for _, part := range parts {
		if number(part) < 0 {
			return
		}
		p.numbers = append(p.numbers, number(part))
	}
	if len(p.numbers) == 0 || len(p.numbers) > 3 {
		return
	}
	n.minor, n.placement = minor, &p
}

// number returns a number from 0 on, or -1.
func number(text string) int {
	value, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return -1
	}
	return int(value)
}

// find returns the UUIDs of the devices that a name stands for. For a GPU instance they are those of all compute instances.
func (n *name) find(devices []Device) (uuids []string) {
	for i := range devices {
		d := &devices[i]
		switch {
		case n.uuid != "" && n.gpuInstance < 0:
			if d.UUID == n.uuid {
				return []string{d.UUID}
			}
			if slices.ContainsFunc(d.Instances, func(in Instance) bool { return in.UUID == n.uuid }) {
				return []string{n.uuid}
			}
			continue
		case n.pci != "":
			if d.PCIAddress == n.pci {
				return []string{d.UUID}
			}
			continue
		case n.uuid != "" && d.UUID != n.uuid, n.uuid == "" && (n.minor < 0 || d.Minor != n.minor):
			continue
		case n.gpuInstance < 0 && n.placement == nil:
			return []string{d.UUID}
		}
		for _, in := range d.Instances {
			if n.fits(&in) {
				uuids = append(uuids, in.UUID)
			}
		}
	}
	return uuids
}

// fits reports whether a MIG instance of the named GPU is the named one.
func (n *name) fits(in *Instance) bool {
	if p := n.placement; p != nil {
		return p.fits(in)
	}
	return in.GPUInstance == n.gpuInstance && (n.computeInstance < 0 || in.ComputeInstance == n.computeInstance)
}

// fits reports whether an instance lies there.
func (p *placement) fits(in *Instance) bool {
	if len(p.numbers) > 1 && p.numbers[0] == in.ProfileID && p.numbers[1] == in.Start {
		return true
	}
	return p.profile != "" && p.profile == plainProfile(in.Profile) && p.numbers[0] == in.Start
}

// plainProfile returns a profile's name as it stands in names of Kubernetes: without dots, "+" as "-".
func plainProfile(profile string) string {
	return strings.ToLower(strings.NewReplacer(".", "", "+", "-", "_", "-").Replace(strings.TrimPrefix(profile, "MIG ")))
}
