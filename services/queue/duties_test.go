package queue

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

func TestOneNodeRunsADutyOncePerInterval(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		var mu sync.Mutex
		runs := 0
		var nodes []*Runtime
		for range 4 {
			r := New(db, Options{})
			r.Every("count", time.Hour, func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				runs++
				return nil
			})
			nodes = append(nodes, r)
		}
		everyNode := func() {
			var all sync.WaitGroup
			for _, r := range nodes {
				all.Go(func() { require.NoError(t, r.RunDue(t.Context())) })
			}
			all.Wait()
		}
		for want := 1; want <= 3; want++ {
			everyNode()
			everyNode()
			require.Equal(t, want, runs)
			clock.Advance(59 * time.Minute)
			everyNode()
			require.Equal(t, want, runs, "the hour is not over")
			clock.Advance(time.Minute + time.Second)
		}
	})
}

func TestAFailedDutyIsTriedAgainSoon(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		r := New(db, Options{})
		fails := []func() error{
			func() error { return errors.New("no luck") },
			func() error { panic("worse") },
			func() error { return nil },
		}
		runs := 0
		r.Every("daily", 24*time.Hour, func(context.Context) error { runs++; return fails[runs-1]() })
		require.ErrorContains(t, r.RunDue(t.Context()), "no luck")
		require.NoError(t, r.RunDue(t.Context()), "not at once")
		clock.Advance(31 * time.Second)
		require.ErrorContains(t, r.RunDue(t.Context()), "worse")
		clock.Advance(31 * time.Second)
		require.NoError(t, r.RunDue(t.Context()))
		clock.Advance(time.Hour)
		require.NoError(t, r.RunDue(t.Context()))
		require.Equal(t, 3, runs)
	})
}

func TestADutyOfADeadNodeGoesToAnother(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		held, err := db.Lease(t.Context(), "duty.daily", "a node that died", term)
		require.NoError(t, err)
		require.True(t, held)
		runs := 0
		r := New(db, Options{})
		r.Every("daily", 24*time.Hour, func(context.Context) error { runs++; return nil })
		require.NoError(t, r.RunDue(t.Context()))
		require.Zero(t, runs)
		clock.Advance(term + time.Second)
		require.NoError(t, r.RunDue(t.Context()))
		require.Equal(t, 1, runs)
	})
}

func TestReadingsTellTheBacklog(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	r := New(db, Options{})
	r.Handle("work", func(*database.Tx, Delivery) error { return nil })
	b := newBench(t, db, clock, "")
	b.send("work", "a", "b")
	require.NoError(t, r.Drain(t.Context()))
	b.send("other", "c")
	clock.Advance(90 * time.Second)
	registry := prometheus.NewPedanticRegistry()
	require.NoError(t, registry.Register(r.Collector()))
	families, err := registry.Gather()
	require.NoError(t, err)
	var text strings.Builder
	for _, f := range families {
		text.WriteString(f.String() + "\n")
	}
	for _, want := range []string{"yunhui_outbox_open", "value:90", "yunhui_tasks_total", `value:"work"`, "yunhui_outbox_dead"} {
		require.Contains(t, text.String(), want)
	}
}
