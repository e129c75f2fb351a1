// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// EventType is a kind of event of a device: one bit of the driver's nvmlEventType* (header 13.4.92).
type EventType uint64

// The events that are watched.
const (
	EventXID                   EventType = 0x8
	EventMIGChange             EventType = 0x100
	EventECCStorm              EventType = 0x200
	EventDRAMRetirement        EventType = 0x400
	EventDRAMRetirementFailure EventType = 0x800
	EventNonFatalPoison        EventType = 0x1000
	EventFatalPoison           EventType = 0x2000
	EventGPUUnavailable        EventType = 0x4000
	EventRecoveryAction        EventType = 0x8000
)

// EventTypes are the events that are watched, in the order of their bits.
var EventTypes = []EventType{
	EventXID, EventMIGChange, EventECCStorm, EventDRAMRetirement, EventDRAMRetirementFailure, EventNonFatalPoison, EventFatalPoison,
	EventGPUUnavailable, EventRecoveryAction,
}

const (
	// OtherXID stands for the codes of a device beyond MaxCodes.
	OtherXID = 1<<32 - 1
	// MaxCodes bounds the codes of a device that have a series of their own. The driver's catalogue has some 170.
	MaxCodes = 200
	// NoInstance is the id of a MIG instance where an event is of none.
	NoInstance = -1
	// NoRecovery says that the driver did not report which recovery it asks for.
	NoRecovery = -1
)

// Event is what happened to one device, once or many times. It crosses the pipe from the helper process.
type Event struct {
	UUID string    `json:"uuid"`
	Type EventType `json:"type"`
	// XID is the code of an EventXID.
	XID uint32 `json:"xid,omitempty"`
	// GPUInstance and ComputeInstance are the MIG instance that it happened to, or NoInstance.
	GPUInstance     int `json:"gi"`
	ComputeInstance int `json:"ci"`
	// Count is how often it happened, First and Last when, in microseconds since 1970.
	Count uint64 `json:"count"`
	First int64  `json:"first"`
	Last  int64  `json:"last"`
	// Severity is the driver's own: nvmlOperationalEventSeverity_t, 0 where it does not report one.
	Severity uint32 `json:"severity,omitempty"`
	// Recovery is what the driver asks for after it: the values of RecoveryAction, or NoRecovery.
	Recovery int `json:"recovery"`
}

// EventKey identifies an event.
type EventKey struct {
	UUID string
	Type EventType
	XID  uint32
}

// EventCount is how often an event happened since the first look, and when for the last time.
type EventCount struct {
	EventKey
	Count uint64
	Last  time.Time
}

// Occurrence is an event to be logged.
type Occurrence struct {
	Event
	// Unlogged is how often the same happened before without being logged.
	Unlogged uint64
}

// Logged events of one device and code: a burst, and then one in an interval.
const (
	logBurst    = 5
	logInterval = time.Minute
)

// Events counts events, and says which are to be logged. It is safe for concurrent use.
type Events struct {
	mu     sync.Mutex
	start  time.Time
	counts map[EventKey]*eventCount
	codes  map[string]int // with a series of their own, by device
}

type eventCount struct {
	count, unlogged uint64
	last            time.Time
	tokens          float64
	filled          time.Time
}

// NewEvents returns counts of nothing, from start on.
func NewEvents(start time.Time) *Events {
	return &Events{start: start, counts: map[EventKey]*eventCount{}, codes: map[string]int{}}
}

// Start returns what the counts count from.
func (e *Events) Start() time.Time { return e.start }

// Add counts events, and returns those to be logged. All of them are counted. Of a device and a code five are logged at once and
// then one in a minute.
func (e *Events) Add(events []Event, now time.Time) (logged []Occurrence) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range events {
		c, ok := e.count(EventKey{event.UUID, event.Type, event.XID}, now)
		if !ok {
			continue
		}
		c.count += event.Count
		if last := time.UnixMicro(event.Last); last.After(c.last) && !last.After(now.Add(time.Minute)) {
			c.last = last
		}
		c.tokens = min(logBurst, c.tokens+now.Sub(c.filled).Seconds()/logInterval.Seconds())
		c.filled = now
		if c.tokens < 1 {
			c.unlogged += event.Count
			continue
		}
		c.tokens--
		logged = append(logged, Occurrence{event, c.unlogged})
		c.unlogged = 0
	}
	return logged
}

// count finds the count of a key. Codes beyond MaxCodes share one; so many devices there are not.
func (e *Events) count(key EventKey, now time.Time) (*eventCount, bool) {
	if c := e.counts[key]; c != nil {
		return c, true
	}
	if _, known := e.codes[key.UUID]; !known && len(e.codes) >= MaxDevices {
		return nil, false
	}
	if e.codes[key.UUID] >= MaxCodes && key.XID != OtherXID {
		key.XID = OtherXID
		return e.count(key, now)
	}
	e.codes[key.UUID]++
	c := &eventCount{tokens: logBurst, filled: now, last: e.start}
	e.counts[key] = c
	return c, true
}

// Counts returns what was counted, in a fixed order.
func (e *Events) Counts() []EventCount {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make([]EventCount, 0, len(e.counts))
	for key, c := range e.counts {
		all = append(all, EventCount{key, c.count, c.last})
	}
	slices.SortFunc(all, func(a, b EventCount) int {
		return cmp.Or(cmp.Compare(a.UUID, b.UUID), cmp.Compare(a.Type, b.Type), cmp.Compare(a.XID, b.XID))
	})
	return all
}
