// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"time"
)

// Observation is one device as it stands after a collection.
type Observation struct {
	// Index is the driver's number of the device; -1 while it has none.
	Index int
	// Info has an ID that is never empty in UUID. It is the UUID where the device ever gave it, else the PCI address, else the
	// index.
	Info   Info
	Modes  Modes
	Status Status
	// Cause says in words why the status is not ok.
	Cause string
	// Lost is the return code with which the driver gave the device up; 0 while it answers. LostCall is the call.
	Lost     int
	LostCall string
	// Memory says whose memory the points are about.
	Memory Memory
	Points []Point
	// Errors are the calls that failed, Dropped the readings that were no plausible values.
	Errors  []CallError
	Dropped []Key
	// Instances are the MIG devices, with readings that are plausible. Those of a device that is lost are the last ones.
	Instances []Instance
	// Processes are those of the Device, as Omitted and ProcessesKnown are.
	Processes      []Process
	Omitted        int
	ProcessesKnown bool

	raw  [keyEnd]uint64
	have KeySet
}

// Raw returns the plausible raw value of a key, as the driver gave it.
func (o *Observation) Raw(k Key) (uint64, bool) { return o.raw[k], o.have.Has(k) }

// Point is one value of one quantity.
type Point struct {
	Key Key
	// Link is the number of the NVLink that a quantity of NVLinks is of. Sum says that it is of all of them.
	Link uint8
	Sum  bool
	// Raw is in the unit of the key's Spec, and for a counter continuous.
	Raw uint64
	// Start is what a counter counts from; zero for a gauge.
	Start time.Time
}

// Int returns the value in the unit of the raw value.
func (p Point) Int() int64 { return int64(p.Raw) }

// Float returns the value scaled to the unit of the metric.
func (p Point) Float() float64 {
	spec := specs[p.Key]
	if spec.Decode != nil {
		return spec.Decode(p.Raw)
	}
	value := float64(p.Raw)
	if spec.Signed {
		value = float64(int64(p.Raw))
	}
	if spec.Per != 0 {
		value /= spec.Per
	}
	if spec.Times != 0 {
		value *= spec.Times
	}
	return value
}

// Present are the devices that the operating system has.
type Present struct {
	// Devices have a PCI address, and UUID and model where these are known.
	Devices []Info
	// Complete says that the driver's library should find all of them.
	Complete bool
}

// Status is the verdict on a device; the values of hw.state in the hardware conventions.
type Status uint8

// From good to bad; a device has exactly one.
const (
	StatusOK Status = iota
	StatusPredictedFailure
	StatusDegraded
	StatusFailed
)

// String returns the value of hw.state.
func (s Status) String() string {
	return [...]string{"ok", "predicted_failure", "degraded", "failed"}[s]
}

// Memory says whose memory a device works in.
type Memory uint8

// What was last seen of a device stays with it while a call fails.
const (
	MemoryUnknown Memory = iota
	MemoryDedicated
	MemoryUnified // the host's
)
