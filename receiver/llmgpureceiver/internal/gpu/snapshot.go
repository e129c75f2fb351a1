// SPDX-License-Identifier: Apache-2.0

package gpu

// Snapshot is what one collection read from the driver. It crosses the pipe from the helper process.
type Snapshot struct {
	Devices []Device `json:"devices"`
	// Errors are calls that failed for a device that did not tell its identity.
	Errors []CallError `json:"errors,omitempty"`
}

// Device is what one collection read from one device.
type Device struct {
	// Index is the driver's number of the device, which changes when devices come and go.
	Index int `json:"index"`
	// Info identifies the device. UUID is empty when the driver did not tell it, as with a lost device.
	Info Info `json:"info"`
	// Lost is the return code with which the driver gave the device up (GPU_IS_LOST, RESET_REQUIRED); 0 while
	// the device answers.
	Lost int `json:"lost,omitempty"`
	// Readings hold each quantity at most once, and one of NVLinks at most once for each link.
	Readings []Reading `json:"readings,omitempty"`
	// Watermarks are the newest time stamps in the driver's sample buffers that were read.
	Watermarks Watermarks `json:"watermarks"`
	// Errors are the calls that failed, other than by being unsupported.
	Errors []CallError `json:"errors,omitempty"`
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
}

// Buffer names one of the driver's sample buffers.
type Buffer uint8

// The sample buffers that are read.
const (
	BufferUtilization Buffer = iota
	BufferMemoryBusy
	BufferPower
	NumBuffers = iota
)

// Watermarks hold, for each sample buffer, the time stamp of the newest sample that was read: microseconds of
// the host's clock, 0 for none.
type Watermarks [NumBuffers]uint64

// Request asks for one collection.
type Request struct {
	// Want are the quantities to read.
	Want KeySet `json:"want"`
	// Since holds the watermarks of devices that were read before, by UUID.
	Since map[string]Watermarks `json:"since,omitempty"`
}

// Driver describes the driver and its library. It crosses the pipe once, when the helper process is ready.
type Driver struct {
	Version string `json:"version,omitempty"`
	Library string `json:"library,omitempty"`
	// CUDA is the highest CUDA version of the driver, "12.8".
	CUDA string `json:"cuda,omitempty"`
	// MissingSymbols are the functions that the receiver would call and the library lacks.
	MissingSymbols []string `json:"missing_symbols,omitempty"`
}
