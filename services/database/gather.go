package database

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// The bounds of a Gather: what is carried out together shares the fate of one
// transaction, and while one such transaction waits for the disk another computes.
const (
	gatherMost  = 50
	gatherLanes = 2
)

// Gather joins calls of one kind that arrive while others are being carried out,
// so that those who would have waited for each other's rows and commits share one
// transaction. Who finds nobody before him is not kept waiting. The zero value is
// ready; every call of one Gather passes the same functions.
//
//   - alone carries out one call, with its caller's context.
//   - together carries out several, all or none, and returns their results in the
//     same order. It acts for all callers and as none of them: its context carries
//     no caller's values, and ends when all of them have gone.
//
// What cannot be done together is done alone, each by its own caller, so that
// nobody gets another's error. A caller whose context ends before his call was
// begun gets that error, and nothing has been done; afterwards he gets the answer,
// because it may have been committed.
type Gather[T, R any] struct {
	mu      sync.Mutex
	busy    int // lanes
	waiting []*gathered[T, R]
}

type gathered[T, R any] struct {
	ctx    context.Context //nolint:containedctx // of a call that waits
	one    T
	result R
	fate   fate
	crew   []*gathered[T, R] // of a caller that is to lead
	called chan struct{}     // closed when fate is known
}

// fate is what becomes of a call that waited.
type fate int

const (
	leads   fate = iota // it carries out its crew, itself among them
	settled             // its result is there
	failed              // it is to be carried out alone
)

// Do carries out one call, with others or alone, and returns its own answer.
func (g *Gather[T, R]) Do(ctx context.Context, one T, alone func(context.Context, T) (R, error), together func(context.Context, []T) ([]R, error)) (R, error) {
	m := &gathered[T, R]{ctx: ctx, one: one, called: make(chan struct{})}
	if g.enter(m) {
		select {
		case <-m.called:
		case <-ctx.Done():
			if g.leave(m) {
				return m.result, ctx.Err()
			}
			<-m.called
		}
	}
	switch {
	case m.fate == leads && len(m.crew) == 1:
		defer g.next()
		return alone(ctx, one)
	case m.fate == settled, m.fate == leads && g.lead(m.crew, together):
		return m.result, nil
	default:
		return alone(ctx, one)
	}
}

// enter takes a lane for the caller, or has it wait.
func (g *Gather[T, R]) enter(m *gathered[T, R]) (waits bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy < gatherLanes {
		g.busy++
		m.crew = []*gathered[T, R]{m}
		return false
	}
	g.waiting = append(g.waiting, m)
	return true
}

// leave takes back a call that nobody has begun.
func (g *Gather[T, R]) leave(m *gathered[T, R]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, w := range g.waiting {
		if w == m {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// next gives the lane to those who wait, or up.
func (g *Gather[T, R]) next() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.busy--
		return
	}
	n := min(len(g.waiting), gatherMost)
	crew := append([]*gathered[T, R](nil), g.waiting[:n]...)
	g.waiting = append(g.waiting[:0], g.waiting[n:]...)
	crew[0].crew = crew
	close(crew[0].called)
}

// lead carries out a crew in the goroutine of its first and tells the others.
func (g *Gather[T, R]) lead(crew []*gathered[T, R], together func(context.Context, []T) ([]R, error)) (done bool) {
	var results []R
	defer func() {
		g.next()
		for i, m := range crew {
			m.fate = failed
			if done {
				m.result, m.fate = results[i], settled
			}
			if i > 0 {
				close(m.called)
			}
		}
	}()
	var err error
	results, err = carry(crew, together)
	return err == nil
}

// carry never panics: a panic is one more reason to try each alone, which says
// whose it is.
func carry[T, R any](crew []*gathered[T, R], together func(context.Context, []T) ([]R, error)) (results []R, err error) {
	ctx, cancel := whileAnyStays(crew)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	all := make([]T, len(crew))
	for i, m := range crew {
		all[i] = m.one
	}
	if results, err = together(ctx, all); err == nil && len(results) != len(all) {
		err = fmt.Errorf("%d results of %d calls", len(results), len(all))
	}
	return results, err
}

// whileAnyStays is a context that ends when all the callers' contexts have.
func whileAnyStays[T, R any](crew []*gathered[T, R]) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	var left atomic.Int64
	left.Store(int64(len(crew)))
	stops := make([]func() bool, len(crew))
	for i, m := range crew {
		stops[i] = context.AfterFunc(m.ctx, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}
