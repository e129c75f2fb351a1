// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"sync"
	"time"

	"github.com/axiomhq/hyperloglog"
)

// demand estimates how many different identities limits refuse, with an error of about 1 %. It costs those alone that
// are refused, and 32 KiB once there was one.
type demand struct {
	mu sync.Mutex
	// now has the identities since turned, before those of the time before that; nil while there were none.
	now, before *hyperloglog.Sketch
	turned      time.Time
}

// refuse notes an identity by its hash.
func (d *demand) refuse(hash uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil {
		d.now = hyperloglog.NewNoSparse()
	}
	d.now.InsertHash(hash)
}

// turn forgets the identities that were not refused for one to two times that long.
func (d *demand) turn(at time.Time, after time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at.Sub(d.turned) >= after {
		d.now, d.before, d.turned = nil, d.now, at
	}
}

// refused estimates the number of different identities.
func (d *demand) refused() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil && d.before == nil {
		return 0
	}
	all := hyperloglog.NewNoSparse()
	for _, sketch := range []*hyperloglog.Sketch{d.now, d.before} {
		if sketch != nil {
			_ = all.Merge(sketch) // fails for other precisions only
		}
	}
	return all.Estimate()
}
