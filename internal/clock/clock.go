package clock

import (
	"sync"
	"time"
)

// Clock tells the time, always in UTC and truncated to microseconds: the
// precision both databases keep.
type Clock interface{ Now() time.Time }

// Shanghai is the zone in which people read dates and deadlines are counted.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// System is the machine's clock.
type System struct{}

// Now returns the present time in UTC, to the microsecond.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Manual is a clock that moves only when told; safe for concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual starts a manual clock at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t.UTC().Truncate(time.Microsecond)} }

// Now returns the time last set.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set moves the clock to t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC().Truncate(time.Microsecond)
}

// Advance moves the clock forward by d.
func (m *Manual) Advance(d time.Duration) { m.Set(m.Now().Add(d)) }
