package bench

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// watched takes one reading of one long call and sees how much memory this
// process holds meanwhile.
func watched(ctx context.Context, cost processor, call func(ctx context.Context) error) (s sample, peakMiB int) {
	debug.FreeOSMemory() // what came before is not this call's
	ended := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peakMiB = max(peakMiB, int((m.Sys-m.HeapReleased)>>20))
			select {
			case <-ended:
				return
			case <-tick.C:
			}
		}
	})
	s = drive(ctx, cost, repeated(1, func(ctx context.Context, _ int) error { return call(ctx) }), counting(1))
	close(ended)
	watching.Wait()
	return s, peakMiB
}

// long notes a long call that did so many things.
func (r *Report) long(name string, s sample, peakMiB, things int) {
	m := s.measure(name).of(things)
	m.Peak = peakMiB
	r.alone(m)
}
