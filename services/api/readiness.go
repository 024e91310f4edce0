package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"yunhui/services/kernel"
)

// readiness asks whether the desk can serve, at most once a second however
// often it is asked itself.
type readiness struct {
	clock kernel.Clock

	mu     sync.Mutex
	checks []check
	at     time.Time
	last   []Checked
}

type check struct {
	name string
	ask  func(context.Context) error
}

// Checked is the outcome of one check; why it failed is in the log only.
type Checked struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}

const checkTimeout = 3 * time.Second

// CheckReadiness adds something the desk depends on. ask must return within
// seconds when its context ends.
func (d *Desk) CheckReadiness(name string, ask func(context.Context) error) {
	d.checks.mu.Lock()
	defer d.checks.mu.Unlock()
	d.checks.checks = append(d.checks.checks, check{name, ask})
}

func (d *Desk) ready(ctx context.Context) (outcome []Checked, ok bool) {
	r := &d.checks
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.clock.Now(); r.last == nil || now.Sub(r.at) >= time.Second {
		r.last = make([]Checked, 0, len(r.checks))
		for _, c := range r.checks {
			r.last = append(r.last, Checked{Name: c.name, OK: d.ask(ctx, c)})
		}
		r.at = now
	}
	failing := slices.ContainsFunc(r.last, func(c Checked) bool { return !c.OK })
	return r.last, !failing && !d.draining.Load()
}

func (d *Desk) ask(ctx context.Context, c check) bool {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	err := c.ask(ctx)
	if err != nil {
		d.log.WarnContext(ctx, "not ready", "check", c.name, "error", err)
	}
	return err == nil
}
