package workers_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/workers"
)

func note(tx *database.Tx, d queue.Delivery) error {
	return audit.Record(tx, audit.Entry{Action: "task", ObjectKind: d.Kind, ObjectID: string(d.Subject)})
}

func send(t *testing.T, db *database.DB, subject kernel.ID) {
	t.Helper()
	require.NoError(t, database.Run(t.Context(), db, "send", func(tx *database.Tx) error {
		return queue.Send(tx, queue.Message{Kind: "work", Subject: subject})
	}))
}

func TestAShiftWorksAndSealsAndStops(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	shift := workers.New(db, queue.New(db, queue.Options{Poll: 10 * time.Millisecond}))
	shift.Tasks(workers.Task{Kind: "work", Do: note})
	require.NoError(t, shift.Start(t.Context()))
	require.Error(t, shift.Start(t.Context()), "once is enough")
	send(t, db, "a")
	require.Eventually(t, func() bool {
		clock.Advance(time.Second)
		report, err := audit.Verify(t.Context(), db)
		require.NoError(t, err)
		require.True(t, report.OK())
		return report.Sealed == 1
	}, time.Minute, 50*time.Millisecond)
	shift.Pause()
	send(t, db, "b")
	require.NoError(t, shift.Stop(t.Context()))
	require.NoError(t, shift.Stop(t.Context()), "stopping twice is stopping")
	backlog, err := queue.ReadBacklog(t.Context(), db)
	require.NoError(t, err)
	require.EqualValues(t, 1, backlog.Open, "what came after the pause waits for the next shift")
}

func TestCatchingUpNeedsNoRedis(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		rounds := 0
		shift := workers.New(db, queue.New(db, queue.Options{}))
		shift.Tasks(workers.Task{Kind: "work", Do: func(tx *database.Tx, d queue.Delivery) error {
			if d.Subject == "first" {
				return queue.Send(tx, queue.Message{Kind: "work", Subject: "second"})
			}
			return note(tx, d)
		}})
		shift.Duties(workers.Duty{Name: "hourly", Every: time.Hour, Do: func(ctx context.Context) error {
			rounds++
			return database.Run(ctx, db, "hourly", func(tx *database.Tx) error {
				return queue.Send(tx, queue.Message{Kind: "work", Subject: "first"})
			})
		}})
		require.NoError(t, shift.CatchUp(t.Context()))
		require.NoError(t, shift.CatchUp(t.Context()))
		require.Equal(t, 1, rounds)
		page, err := audit.List(t.Context(), db, audit.Query{Action: "task"})
		require.NoError(t, err)
		require.Len(t, page.Items, 1, "what work leads to is done as well")
		clock.Advance(2 * time.Hour)
		require.NoError(t, shift.CatchUp(t.Context()))
		require.Equal(t, 2, rounds)
	})
}
