package queue

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

// redisVariable names the environment variable with the address of a real Redis.
const redisVariable = "YUNHUI_TEST_REDIS"

// bench is one database with one way through Redis.
type bench struct {
	*testing.T
	db    *database.DB
	clock *kernel.ManualClock
	o     Options
}

// everywhere runs the test on every database with the embedded and a real Redis.
func everywhere(t *testing.T, test func(b *bench)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		for name, address := range map[string]string{"embedded": "", "redis": os.Getenv(redisVariable)} {
			t.Run(name, func(t *testing.T) {
				if name == "redis" && address == "" {
					t.Skipf("not run on Redis: %s names no server", redisVariable)
				}
				own, ownClock := db, clock
				if name == "redis" {
					ownClock = kernel.NewManualClock(databasetest.Noon)
					own = databasetest.Open(t, databasetest.Address(t, db.Engine), database.Options{Clock: ownClock})
				}
				test(newBench(t, own, ownClock, address))
			})
		}
	})
}

// onEveryDatabase runs a test that needs no Redis.
func onEveryDatabase(t *testing.T, test func(b *bench)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		test(newBench(t, db, clock, ""))
	})
}

func newBench(t *testing.T, db *database.DB, clock *kernel.ManualClock, address string) *bench {
	t.Helper()
	b := &bench{T: t, db: db, clock: clock, o: Options{
		Redis: address, Name: "test-" + string(kernel.NewID(clock.Now())), Workers: 4, Poll: 10 * time.Millisecond,
	}}
	if address != "" {
		t.Cleanup(func() {
			client, err := dial(address)
			require.NoError(t, err)
			forget(t, client, b.o.Name)
			require.NoError(t, client.Close())
		})
	}
	return b
}

// runtime makes a runtime that is stopped when the test ends.
func (b *bench) runtime() *Runtime {
	r := New(b.db, b.o)
	b.Cleanup(func() { require.NoError(b, r.Stop(context.Background())) })
	return r
}

func (b *bench) start(r *Runtime) { require.NoError(b, r.Start(b.Context())) }

func (b *bench) send(kind string, subjects ...kernel.ID) {
	b.Helper()
	require.NoError(b, database.Run(b.Context(), b.db, "send", func(tx *database.Tx) error {
		for _, s := range subjects {
			if err := Send(tx, Message{Kind: kind, Subject: s}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// flush makes Redis lose everything of this queue.
func (b *bench) flush(r *Runtime) { forget(b.T, r.bus.redis, b.o.Name) }

func forget(t *testing.T, client redis.UniversalClient, name string) {
	ctx := context.Background()
	keys := client.Scan(ctx, 0, "asynq:{"+name+"}*", 1000).Iterator()
	for keys.Next(ctx) {
		require.NoError(t, client.Del(ctx, keys.Val()).Err())
	}
	require.NoError(t, keys.Err())
	require.NoError(t, client.SRem(ctx, "asynq:queues", name).Err())
}

// effect is a handler's work that can be counted: a row for the subject.
func effect(tx *database.Tx, d Delivery) error {
	return audit.Record(tx, audit.Entry{Action: "effect", ObjectKind: d.Kind, ObjectID: string(d.Subject)})
}

// effects counts the rows of each subject.
func (b *bench) effects() map[kernel.ID]int {
	b.Helper()
	var rows []struct {
		ObjectID kernel.ID
		N        int
	}
	require.NoError(b, b.db.Read(context.Background()).Table("audit_entries").Select("object_id, COUNT(*) AS n").Group("object_id").Find(&rows).Error)
	counts := map[kernel.ID]int{}
	for _, r := range rows {
		counts[r.ObjectID] = r.N
	}
	return counts
}

func (b *bench) requireOnce(subjects []kernel.ID) {
	b.Helper()
	want := map[kernel.ID]int{}
	for _, s := range subjects {
		want[s] = 1
	}
	require.Equal(b, want, b.effects(), "every effect exactly once")
	var left int64
	require.NoError(b, b.db.Read(context.Background()).Model(&row{}).Where("state <> ?", stateDone).Count(&left).Error)
	require.Zero(b, left, "no row is left")
}

// until waits for asynq, which works in its own time; each look moves the clock.
func (b *bench) until(step time.Duration, condition func() bool) {
	b.Helper()
	require.Eventually(b, func() bool {
		b.clock.Advance(step)
		return condition()
	}, time.Minute, 20*time.Millisecond)
}

func (b *bench) settled() bool {
	backlog, err := ReadBacklog(context.Background(), b.db)
	require.NoError(b, err)
	return backlog.Open == 0
}

func (b *bench) rows() (rows []row) {
	b.Helper()
	require.NoError(b, b.db.Read(context.Background()).Order("id").Find(&rows).Error)
	return rows
}

func subjects(n int) []kernel.ID {
	ids := make([]kernel.ID, n)
	for i := range ids {
		ids[i] = kernel.NewID(databasetest.Noon)
	}
	return ids
}
