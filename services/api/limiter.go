package api

import (
	"net/netip"
	"sync"
	"time"

	"yunhui/services/kernel"
)

// limiter asks for politeness: so many writes a minute from an address without
// a login. It counts in this process alone; what must hold across nodes (login
// attempts) is counted where it is decided.
type limiter struct {
	clock kernel.Clock
	limit int

	mu     sync.Mutex
	minute time.Time
	counts map[netip.Addr]int
}

// maxAddresses bounds the memory of one minute; beyond it all newcomers share
// one count.
const maxAddresses = 100_000

// take counts one write. When the limit has been reached it says how long to wait.
func (l *limiter) take(from netip.Addr) (wait time.Duration, ok bool) {
	if l.limit < 0 {
		return 0, true
	}
	now := l.clock.Now()
	from = neighbourhood(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute, l.counts = minute, map[netip.Addr]int{}
	}
	if _, seen := l.counts[from]; !seen && len(l.counts) >= maxAddresses {
		from = netip.Addr{}
	}
	if l.counts[from] >= l.limit {
		return l.minute.Add(time.Minute).Sub(now), false
	}
	l.counts[from]++
	return 0, true
}

// neighbourhood is what one visitor can hop about in: a /64 of IPv6.
func neighbourhood(a netip.Addr) netip.Addr {
	if a.Is4() || !a.IsValid() {
		return a
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a
	}
	return p.Addr()
}
