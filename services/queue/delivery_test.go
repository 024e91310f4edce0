package queue

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

func TestAMessageReachesItsHandlerAsItWasSent(t *testing.T) {
	t.Parallel()
	everywhere(t, func(b *bench) {
		got := make(chan Delivery, 1)
		r := b.runtime()
		r.Handle("greet", func(tx *database.Tx, d Delivery) error {
			require.Equal(b, kernel.RoleSystem, tx.Call.Actor.Role)
			require.Equal(b, "request-1", tx.Call.RequestID)
			tx.AfterCommit(func() { got <- d })
			return nil
		})
		b.start(r)
		ctx := kernel.WithCall(b.Context(), kernel.Call{RequestID: "request-1", IdempotencyKey: "k", Fingerprint: "f"})
		require.NoError(b, database.Run(ctx, b.db, "send", func(tx *database.Tx) error {
			return Send(tx, Message{Kind: "greet", Subject: "s", Payload: map[string]string{"name": "𠮷祥"}})
		}))
		d := <-got
		var payload struct{ Name string }
		require.NoError(b, d.Into(&payload))
		require.Equal(b, "𠮷祥", payload.Name)
		require.Equal(b, kernel.ID("s"), d.Subject)
		require.Equal(b, 1, d.Attempt)
		require.NoError(b, r.Ping(b.Context()))
	})
}

func TestNothingIsSentWhenTheTransactionFails(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		boom := errors.New("boom")
		require.ErrorIs(b, database.Run(b.Context(), b.db, "send", func(tx *database.Tx) error {
			require.NoError(b, Send(tx, Message{Kind: "work"}))
			return boom
		}), boom)
		require.Empty(b, b.rows())
		require.Error(b, database.Run(b.Context(), b.db, "send", func(tx *database.Tx) error { return Send(tx, Message{}) }))
	})
}

func TestFlushedRedisLosesNothing(t *testing.T) {
	t.Parallel()
	everywhere(t, func(b *bench) {
		ids := subjects(60)
		var done atomic.Int64
		gate := make(chan struct{})
		r := b.runtime()
		r.Handle("work", func(tx *database.Tx, d Delivery) error {
			if done.Load() >= 20 {
				<-gate
			}
			tx.AfterCommit(func() { done.Add(1) })
			return effect(tx, d)
		})
		b.send("work", ids...)
		b.start(r)
		b.until(0, func() bool { return done.Load() >= 20 })
		b.flush(r)
		close(gate)
		b.until(10*time.Second, b.settled)
		b.requireOnce(ids)
	})
}

func TestAnEffectCutOffMidwayHappensOnceElsewhere(t *testing.T) {
	t.Parallel()
	everywhere(t, func(b *bench) {
		begun := make(chan struct{}, 100)
		first := b.runtime()
		first.Handle("work", func(tx *database.Tx, d Delivery) error {
			require.NoError(b, effect(tx, d))
			begun <- struct{}{}
			<-tx.Context().Done()
			return tx.Context().Err()
		})
		ids := subjects(1)
		b.send("work", ids...)
		b.start(first)
		<-begun
		first.abandon() // what a killed process does to its transactions
		first.handles.Wait()
		require.NoError(b, first.Stop(b.Context()))
		require.Empty(b, b.effects(), "nothing partial")

		second := b.runtime()
		second.Handle("work", effect)
		b.start(second)
		b.until(10*time.Second, b.settled)
		b.requireOnce(ids)
	})
}

func TestRepeatedDeliveriesTakeEffectOnce(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		r := b.runtime()
		r.Handle("work", effect)
		ids := subjects(5)
		b.send("work", ids...)
		var all sync.WaitGroup
		for _, m := range b.rows() {
			for range 8 {
				all.Go(func() { require.NoError(b, r.settle(b.Context(), m.ID)) })
			}
		}
		all.Wait()
		b.requireOnce(ids)
	})
}

func TestFailuresRetryAndLeaveNothingPartial(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		r := b.runtime()
		r.Handle("flaky", func(tx *database.Tx, d Delivery) error {
			if err := effect(tx, d); err != nil || d.Attempt >= 3 {
				return err
			}
			if d.Attempt == 2 {
				panic("worse")
			}
			return errors.New("not yet")
		})
		ids := subjects(1)
		b.send("flaky", ids...)
		require.ErrorContains(b, r.Drain(b.Context()), "not yet")
		require.Empty(b, b.effects())
		require.NoError(b, r.Drain(b.Context()), "it is not due yet")
		b.clock.Advance(backoff(1))
		require.ErrorContains(b, r.Drain(b.Context()), "panic: worse")
		require.Empty(b, b.effects())
		b.clock.Advance(backoff(2))
		require.NoError(b, r.Drain(b.Context()))
		b.requireOnce(ids)
	})
}

func TestPoisonIsGivenUpAndCanBeRevived(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		cured := false
		r := b.runtime()
		r.Handle("poison", func(tx *database.Tx, d Delivery) error {
			if cured {
				return effect(tx, d)
			}
			return errors.New("bitter")
		})
		ids := subjects(1)
		b.send("poison", ids...)
		for range limit {
			require.Error(b, r.Drain(b.Context()))
			b.clock.Advance(time.Hour)
		}
		require.NoError(b, r.Drain(b.Context()), "nobody tries again")
		dead, err := ListDead(b.Context(), b.db)
		require.NoError(b, err)
		require.Len(b, dead, 1)
		require.Equal(b, "bitter", dead[0].LastError)
		cured = true
		revive := func() error {
			return database.Run(b.Context(), b.db, "revive", func(tx *database.Tx) error { return Revive(tx, dead[0].ID) })
		}
		require.NoError(b, revive())
		require.True(b, kernel.IsCode(revive(), "not_found"), "once is enough")
		require.NoError(b, r.Drain(b.Context()))
		b.requireOnce(ids)
	})
}

func TestSilenceIsGivenUpToo(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		r := b.runtime()
		b.send("work", "s")
		for n := range limit {
			rows, err := r.take(b.Context(), 10)
			require.NoError(b, err)
			require.Len(b, rows, 1, "delivery %d", n)
			again, err := r.take(b.Context(), 10)
			require.NoError(b, err)
			require.Empty(b, again, "taken is taken")
			b.clock.Advance(r.patience(int64(n)))
		}
		rows, err := r.take(b.Context(), 10)
		require.NoError(b, err)
		require.Empty(b, rows)
		require.Equal(b, stateDead, b.rows()[0].State)
	})
}

func TestRelaysShareTheWork(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		ids := subjects(400)
		b.send("work", ids...)
		var mu sync.Mutex
		times := map[kernel.ID]int{}
		var all sync.WaitGroup
		for range 4 {
			r := b.runtime()
			all.Go(func() {
				for {
					rows, err := r.take(b.Context(), 50)
					require.NoError(b, err)
					mu.Lock()
					for _, t := range rows {
						times[t.ID]++
					}
					got := len(times)
					mu.Unlock()
					if got == len(ids) {
						return
					}
				}
			})
		}
		all.Wait()
		for id, n := range times {
			require.Equal(b, 1, n, "%s", id)
		}
	})
}

func TestAThousandMessagesUnderFireHappenOnceEach(t *testing.T) {
	t.Parallel()
	everywhere(t, func(b *bench) {
		ids := subjects(1000)
		work := func(tx *database.Tx, d Delivery) error {
			switch err := effect(tx, d); {
			case err != nil:
				return err
			case rand.IntN(10) == 0:
				return errors.New("bad luck")
			case rand.IntN(50) == 0:
				panic("worse luck")
			default:
				return nil
			}
		}
		var last *Runtime
		for range 2 {
			r := b.runtime()
			r.Handle("work", work)
			b.start(r)
			last = r
		}
		for i := 0; i < len(ids); i += 100 {
			b.send("work", ids[i:i+100]...)
		}
		b.until(2*time.Second, func() bool { return len(b.effects()) >= 300 })
		b.flush(last)
		b.until(2*time.Second, b.settled)
		b.requireOnce(ids)
	})
}

func TestLaterMeansLater(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		r := b.runtime()
		r.Handle("work", effect)
		require.NoError(b, database.Run(b.Context(), b.db, "send", func(tx *database.Tx) error {
			return Send(tx, Message{Kind: "work", Subject: "s", At: tx.Now.Add(time.Hour)})
		}))
		require.NoError(b, r.Drain(b.Context()))
		require.Empty(b, b.effects())
		backlog, err := ReadBacklog(b.Context(), b.db)
		require.NoError(b, err)
		require.EqualValues(b, 1, backlog.Open)
		require.Nil(b, backlog.Oldest, "it is not late")
		b.clock.Advance(time.Hour)
		require.NoError(b, r.Drain(b.Context()))
		b.requireOnce([]kernel.ID{"s"})
	})
}

func TestUnknownKindsWaitForTheirHandler(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		old := b.runtime()
		b.send("new", "s")
		require.ErrorContains(b, old.Drain(b.Context()), `no handler for "new"`)
		b.clock.Advance(time.Hour)
		upgraded := b.runtime()
		upgraded.Handle("new", effect)
		require.NoError(b, upgraded.Drain(b.Context()))
		b.requireOnce([]kernel.ID{"s"})
	})
}

func TestSweepKeepsWhatIsNotOldAndDone(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(b *bench) {
		r := b.runtime()
		r.Handle("work", effect)
		b.send("work", "old")
		require.NoError(b, r.Drain(b.Context()))
		b.send("other", "open")
		b.clock.Advance(kept + time.Hour)
		b.send("work", "young")
		require.Error(b, r.Drain(b.Context()), "other has no handler")
		require.NoError(b, r.sweep(b.Context()))
		var left []kernel.ID
		for _, m := range b.rows() {
			left = append(left, m.Subject)
		}
		require.ElementsMatch(b, []kernel.ID{"open", "young"}, left)
	})
}
