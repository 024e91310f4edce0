package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// term bounds one run of a duty. A node that dies while it runs one leaves the
// duty to another node after this.
const term = 10 * time.Minute

// duty is work that recurs.
type duty struct {
	name    string
	every   time.Duration
	work    func(context.Context) error
	running sync.Mutex
}

// Every names work that one node does once in each interval, counted from the
// start of its last success. After a failure it is tried again within half a
// minute. A run is cancelled after ten minutes: long work keeps its place and
// goes on in the next run.
func (r *Runtime) Every(name string, interval time.Duration, work func(ctx context.Context) error) {
	for _, d := range r.duties {
		if d.name == name {
			panic("queue: two duties named " + name)
		}
	}
	r.duties = append(r.duties, &duty{name: name, every: interval, work: work})
}

// RunDue runs the duties that are due, one after the other, here and now.
func (r *Runtime) RunDue(ctx context.Context) error {
	ctx = asSystem(ctx)
	due, err := r.dueDuties(ctx)
	failures := []error{err}
	for _, d := range due {
		failures = append(failures, r.perform(ctx, d))
	}
	return errors.Join(failures...)
}

func (r *Runtime) dutyLoop(ctx context.Context) {
	tick := time.NewTicker(max(r.o.Poll, time.Second))
	defer tick.Stop()
	var under sync.WaitGroup
	defer under.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		due, err := r.dueDuties(ctx)
		if err != nil && ctx.Err() == nil {
			r.o.Log.WarnContext(ctx, "duties", "error", err)
		}
		for _, d := range due {
			under.Go(func() {
				if err := r.perform(ctx, d); err != nil && ctx.Err() == nil {
					r.o.Log.WarnContext(ctx, "duty failed", "duty", d.name, "error", err)
				}
			})
		}
	}
}

// dueDuties asks by reading only: most of the time nothing is due.
func (r *Runtime) dueDuties(ctx context.Context) ([]*duty, error) {
	names := make([]string, 0, len(r.duties))
	for _, d := range r.duties {
		names = append(names, d.lease())
	}
	var held []string
	err := r.db.Read(ctx).Table("leases").Where("name IN ? AND expires_at >= ?", names, r.db.Clock().Now()).Pluck("name", &held).Error
	if err != nil {
		return nil, fmt.Errorf("leases: %w", err)
	}
	resting := map[string]bool{}
	for _, name := range held {
		resting[name] = true
	}
	var due []*duty
	for _, d := range r.duties {
		if !resting[d.lease()] {
			due = append(due, d)
		}
	}
	return due, nil
}

// perform runs the duty if this node gets its lease, and then keeps the lease
// until the duty is due again: the lease is the schedule.
func (r *Runtime) perform(ctx context.Context, d *duty) error {
	if !d.running.TryLock() {
		return nil
	}
	defer d.running.Unlock()
	began := r.db.Clock().Now()
	owner := r.nextOwner()
	held, err := r.db.Lease(ctx, d.lease(), owner, term)
	if err != nil || !held {
		return err
	}
	err = d.run(ctx)
	rest := d.every - r.db.Clock().Now().Sub(began)
	outcome := "done"
	if err != nil {
		outcome, rest = "failed", min(d.every, 30*time.Second)
	}
	r.meter.duties.WithLabelValues(d.name, outcome).Inc()
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, renewing := r.db.Lease(after, d.lease(), owner, max(0, rest))
	if err = errors.Join(err, renewing); err != nil {
		return fmt.Errorf("duty %s: %w", d.name, err)
	}
	return nil
}

func (d *duty) lease() string { return "duty." + d.name }

func (d *duty) run(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, term)
	defer cancel()
	return d.work(ctx)
}
