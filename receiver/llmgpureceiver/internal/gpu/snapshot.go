// SPDX-License-Identifier: Apache-2.0

package gpu

// Snapshot is what one collection read from the driver. It crosses the pipe from the helper process.
type Snapshot struct {
	Devices []Device `json:"devices"`
}

// Device is what one collection read from one device.
type Device struct {
	// Index is the driver's number of the device, which changes when devices come and go.
	Index int `json:"index"`
	// Info identifies the device. UUID is empty when the driver did not give it, as with a lost device.
	Info Info `json:"info"`
	// Lost is the return code with which the driver gave the device up (GPU_IS_LOST, RESET_REQUIRED), or answered everything. It
	// is 0 while the device answers. LostCall is the call that answered so.
	Lost     int    `json:"lost,omitempty"`
	LostCall string `json:"lost_call,omitempty"`
	// Modes are what of the device is set, and may change.
	Modes Modes `json:"modes"`
	// Readings hold each quantity at most once, and one of NVLinks at most once for each link.
	Readings []Reading `json:"readings,omitempty"`
	// Dropped are the quantities for which a source gave what they cannot be.
	Dropped []Key `json:"dropped,omitempty"`
	// Lacks are the wanted quantities of which every source is unsupported.
	Lacks KeySet `json:"lacks"`
	// Watermarks are the newest time stamps in the driver's sample buffers that were read.
	Watermarks Watermarks `json:"watermarks"`
	// Errors are the calls that failed, other than by being unsupported.
	Errors []CallError `json:"errors,omitempty"`
	// Instances are the MIG devices, in the order of their UUIDs.
	Instances []Instance `json:"instances,omitempty"`
	// Processes use the device, those with most memory first. Omitted are how many more there are than are listed.
	Processes []Process `json:"processes,omitempty"`
	Omitted   int       `json:"omitted,omitempty"`
	// ProcessesKnown says that the driver listed the processes, if only to say that there are none.
	ProcessesKnown bool `json:"processes_known,omitempty"`
}

// UnknownMemory stands for the memory of a process that the driver does not report.
const UnknownMemory = -1

// Process uses a device for computing.
type Process struct {
	// PID is the process id on the host, as the driver gives it also in containers.
	PID uint32 `json:"pid"`
	// Memory is what the process holds of the device's memory in bytes, or UnknownMemory.
	Memory int64 `json:"memory"`
	// GPUInstance is the MIG instance that the process runs on, or NoInstance.
	GPUInstance int `json:"gi"`
	// Utilization is known if Sampled: shares of the time in parts per million, by what was used.
	Utilization Utilization `json:"utilization,omitzero"`
	Sampled     bool        `json:"sampled,omitempty"`
}

// Utilization is how much of a device a process used: shares of the time in parts per million.
type Utilization struct {
	SM      uint64 `json:"sm"`
	Memory  uint64 `json:"memory"`
	Encoder uint64 `json:"encoder"`
	Decoder uint64 `json:"decoder"`
}

// Reading is one quantity as the driver gave it.
type Reading struct {
	Key Key    `json:"k"`
	Raw uint64 `json:"v"`
	// Link is the number of the NVLink that a quantity of NVLinks is of.
	Link uint8 `json:"l,omitempty"`
}

// CallError is one call to the driver that failed.
type CallError struct {
	// Call is the C name of the function, with the field's number for a field value.
	Call string `json:"call"`
	// Code is the driver's return code.
	Code int `json:"code"`
}

// Info is what identifies and describes a device; it does not change while the driver is loaded.
type Info struct {
	UUID              string `json:"uuid"`
	Model             string `json:"model,omitempty"`
	Serial            string `json:"serial,omitempty"`
	VBIOS             string `json:"vbios,omitempty"`
	PCIAddress        string `json:"pci_address,omitempty"`
	Architecture      string `json:"architecture,omitempty"`
	ComputeCapability string `json:"compute_capability,omitempty"`
	Virtualization    string `json:"virtualization,omitempty"`
	// Minor is the number of the device file; empty where the driver does not report it.
	Minor string `json:"minor,omitempty"`
}

// Instance is a MIG device: a compute instance of a GPU instance of a device.
type Instance struct {
	UUID string `json:"uuid"`
	// GPUInstance and ComputeInstance are their ids within the device.
	GPUInstance     int `json:"gi"`
	ComputeInstance int `json:"ci"`
	// Profile is the profile's name, "1g.10gb", and ProfileID its number. Start is the first memory slice that it has. These are
	// of the GPU instance.
	Profile   string `json:"profile,omitempty"`
	ProfileID int    `json:"profile_id"`
	Start     int    `json:"start"`
	// Readings are memory and GPM. Of a GPU instance with several compute instances, the first has them.
	Readings []Reading `json:"readings,omitempty"`
}

// Modes are settings of a device; empty is what the driver does not report. A mode is "enabled" or "disabled", or
// "enabling" or "disabling" while the next reset will change it.
type Modes struct {
	MIG                 string `json:"mig,omitempty"`
	ECC                 string `json:"ecc,omitempty"`
	Persistence         string `json:"persistence,omitempty"`
	ConfidentialCompute string `json:"confidential_compute,omitempty"`
	// FabricCluster and FabricClique say which GPUs a device can reach over its NVLink fabric: those with the same two.
	FabricCluster string `json:"fabric_cluster,omitempty"`
	FabricClique  string `json:"fabric_clique,omitempty"`
}

// Buffer names one of the driver's sample buffers.
type Buffer uint8

// The sample buffers that are read.
const (
	BufferUtilization Buffer = iota
	BufferMemoryBusy
	BufferPower
	BufferProcesses
	NumBuffers = iota
)

// Watermarks hold, for each sample buffer, the time stamp of the newest sample that was read. It is in microseconds of the host's
// clock, 0 for none.
type Watermarks [NumBuffers]uint64

// Request asks for one collection.
type Request struct {
	// Want are the quantities to read.
	Want KeySet `json:"want"`
	// Since holds the watermarks of devices that were read before, by UUID.
	Since map[string]Watermarks `json:"since,omitempty"`
	// Processes says that the processes of each device are wanted.
	Processes bool `json:"processes,omitempty"`
	// Again says that what was unsupported before is asked once more.
	Again bool `json:"again,omitempty"`
}

// Driver describes the driver and its library. It crosses the pipe once, when the helper process is ready.
type Driver struct {
	Version string `json:"version,omitempty"`
	Library string `json:"library,omitempty"`
	// CUDA is the highest CUDA version of the driver, "12.8".
	CUDA string `json:"cuda,omitempty"`
	// MissingSymbols are the functions that the receiver would call and the library lacks.
	MissingSymbols []string `json:"missing_symbols,omitempty"`
	// Watched is how many devices report events.
	Watched int `json:"watched,omitempty"`
	// Excluded are the PCI addresses of devices that the driver was configured to leave alone.
	Excluded []string `json:"excluded,omitempty"`
}
