package bench

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// sample is what a number of callers saw, one after another each.
type sample struct {
	took     []time.Duration // of every call that succeeded
	elapsed  time.Duration
	spent    time.Duration // on the processors, by this process
	database time.Duration // and by the database server
	failures int
	failed   error // the first failure
}

// add puts another round to it.
func (s *sample) add(more sample) {
	s.took = append(s.took, more.took...)
	s.elapsed += more.elapsed
	s.spent += more.spent
	s.database += more.database
	s.failures += more.failures
	if s.failed == nil {
		s.failed = more.failed
	}
}

func (s *sample) perSecond() float64 {
	if s.elapsed <= 0 {
		return 0
	}
	return float64(len(s.took)) / s.elapsed.Seconds()
}

// quantile expects the durations in order.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// caller makes one call after another; n counts the calls of all callers.
type caller func(ctx context.Context, n int) error

// drive lets every caller call until enough says so, and gathers what they saw.
// It reads the wall clock, which is what it is for.
func drive(ctx context.Context, cost processor, callers []caller, enough func(n int, since time.Duration) bool) sample {
	var (
		next   atomic.Int64
		wait   sync.WaitGroup
		guard  sync.Mutex
		result sample
	)
	own, database, began := ownProcessor(), cost.ofServer(), time.Now()
	for _, call := range callers {
		wait.Go(func() {
			var own sample
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				start := time.Now()
				if enough(n, start.Sub(began)) {
					break
				}
				if err := call(ctx, n); err != nil {
					own.failures++
					own.failed = err
					continue
				}
				own.took = append(own.took, time.Since(start))
			}
			guard.Lock()
			defer guard.Unlock()
			result.add(own)
		})
	}
	wait.Wait()
	result.elapsed, result.spent, result.database = time.Since(began), ownProcessor()-own, cost.ofServer()-database
	return result
}

// lasting stops after a time, counting stops after a number of calls.
func lasting(d time.Duration) func(int, time.Duration) bool {
	return func(_ int, since time.Duration) bool { return since >= d }
}

func counting(calls int) func(int, time.Duration) bool {
	return func(n int, _ time.Duration) bool { return n >= calls }
}

// measure sums a sample up.
func (s *sample) measure(name string) Measure {
	slices.Sort(s.took)
	m := Measure{
		Name: name, Operations: len(s.took), Failures: s.failures, Seconds: s.elapsed.Seconds(), PerSecond: s.perSecond(),
		P50: milliseconds(quantile(s.took, .50)), P99: milliseconds(quantile(s.took, .99)),
	}
	if len(s.took) > 0 {
		m.Processor = float64(s.spent.Microseconds()) / float64(len(s.took))
		m.Database = float64(s.database.Microseconds()) / float64(len(s.took))
	}
	if s.failed != nil {
		m.Failure = s.failed.Error()
	}
	return m
}

// of counts what a call did instead of the calls; times stay those of a call.
func (m Measure) of(each int) Measure {
	m.Operations *= each
	m.PerSecond *= float64(each)
	m.Processor /= float64(each)
	m.Database /= float64(each)
	return m
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
