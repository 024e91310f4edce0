package database_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

type appropriation struct {
	ID         kernel.ID
	PolicyCode string
	Level      string
	Scope      string
	AmountFen  kernel.Fen
	PaidFen    kernel.Fen
	Reserved   kernel.Fen `gorm:"column:reserved_fen"`
	AwardedFen kernel.Fen
	Version    int64
	UpdatedAt  time.Time
}

func TestGuardedUpdateNeverOverdraws(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		ctx := context.Background()
		row := appropriation{ID: kernel.NewID(clock.Now()), PolicyCode: "p", Level: "city", AmountFen: 1000, UpdatedAt: clock.Now()}
		require.NoError(t, database.Run(ctx, db, "seed", func(tx *database.Tx) error { return tx.Create(&row).Error }))
		soldOut := kernel.Conflict("budget.exhausted", kernel.T("余额不足", "Exhausted"))
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 32 {
			wg.Go(func() {
				err := database.Run(ctx, db, "reserve", func(tx *database.Tx) error {
					return database.Changed(tx.Exec("UPDATE appropriations SET reserved_fen = reserved_fen + 60, version = version + 1 WHERE id = ? AND amount_fen - reserved_fen - awarded_fen - paid_fen >= 60", row.ID), soldOut)
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !kernel.IsCode(err, "budget.exhausted") {
					t.Errorf("unexpected: %v", err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 16, won, "1000 fen hold sixteen reservations of 60")
		var got appropriation
		require.NoError(t, db.Read(ctx).Where("id = ?", row.ID).Take(&got).Error)
		require.EqualValues(t, 960, got.Reserved)
	})
}

func TestIdempotencyKeyTakesEffectOnce(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		call := kernel.Call{Actor: kernel.Actor{Person: "p1"}, IdempotencyKey: "k1", Fingerprint: "f1"}
		ctx := kernel.WithCall(context.Background(), call)
		act := func(ctx context.Context) (kernel.ID, error) {
			return database.Do(ctx, db, "make", func(tx *database.Tx) (kernel.ID, error) {
				id := kernel.NewID(tx.Now)
				return id, tx.Create(&appropriation{ID: id, PolicyCode: string(id), Level: "city", UpdatedAt: tx.Now}).Error
			})
		}
		results := make([]kernel.ID, 12)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				id, err := act(ctx)
				if err != nil {
					t.Errorf("repeat: %v", err)
				}
				results[i] = id
			})
		}
		wg.Wait()
		for _, id := range results {
			require.Equal(t, results[0], id, "every repetition sees the first result")
		}
		var n int64
		require.NoError(t, db.Read(context.Background()).Model(&appropriation{}).Count(&n).Error)
		require.EqualValues(t, 1, n)

		call.Fingerprint = "other"
		_, err := act(kernel.WithCall(context.Background(), call))
		require.True(t, kernel.IsCode(err, "idempotency.reused"), "%v", err)
		call.Actor.Person, call.Fingerprint = "p2", "f1"
		_, err = act(kernel.WithCall(context.Background(), call))
		require.NoError(t, err, "another person's key is another key")
	})
}

func TestFailureLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		ctx := kernel.WithCall(context.Background(), kernel.Call{IdempotencyKey: "k", Fingerprint: "f"})
		boom := errors.New("boom")
		hook := false
		err := database.Run(ctx, db, "fail", func(tx *database.Tx) error {
			tx.AfterCommit(func() { hook = true })
			require.NoError(t, tx.Create(&appropriation{ID: "x", PolicyCode: "x", Level: "city", UpdatedAt: tx.Now}).Error)
			return boom
		})
		require.ErrorIs(t, err, boom)
		require.False(t, hook)
		for _, table := range []string{"appropriations", "idempotency_keys"} {
			var n int64
			require.NoError(t, db.Read(ctx).Table(table).Count(&n).Error)
			require.Zero(t, n, table)
		}
	})
}

func TestInstantsRoundTripAndSort(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		ctx := context.Background()
		base := time.Date(2026, 11, 23, 4, 0, 5, 0, time.UTC)
		steps := []time.Duration{0, 100 * time.Millisecond, 999999 * time.Microsecond, time.Second}
		for i, s := range steps {
			require.NoError(t, database.Run(ctx, db, "put", func(tx *database.Tx) error {
				return tx.Create(&appropriation{ID: kernel.ID(rune('a' + i)), PolicyCode: string(rune('a' + i)), Level: "city", UpdatedAt: base.Add(s)}).Error
			}))
		}
		var rows []appropriation
		require.NoError(t, db.Read(ctx).Order("updated_at").Where("updated_at >= ?", base).Find(&rows).Error)
		require.Len(t, rows, 4)
		for i, s := range steps {
			require.True(t, rows[i].UpdatedAt.Equal(base.Add(s)), "%d: %s", i, rows[i].UpdatedAt)
		}
	})
}

func TestLeaseHasOneHolder(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		ctx := context.Background()
		lease := func(owner string) bool {
			held, err := db.Lease(ctx, "sealer", owner, time.Minute)
			require.NoError(t, err)
			return held
		}
		require.True(t, lease("a"))
		require.False(t, lease("b"))
		require.True(t, lease("a"), "the holder renews")
		clock.Advance(2 * time.Minute)
		require.True(t, lease("b"), "a lapsed lease is free")
		require.False(t, lease("a"))
	})
}

func TestReadHandleCannotWriteOnSQLite(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	err := db.Read(context.Background()).Create(&appropriation{ID: "x", PolicyCode: "x", Level: "city", UpdatedAt: clock.Now()}).Error
	require.Error(t, err)
}

func TestOpenRefusesUnknownAddresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "postgres://x", "mysql://", "mysql://u:p@h", "mysql://u:p@h:1/db?multiStatements=true"} {
		_, err := database.Open(context.Background(), bad, database.Options{})
		require.Error(t, err, bad)
	}
}

func TestReadingBesideATransactionNeedsNoConnectionOfTheWriters(t *testing.T) {
	t.Parallel()
	const writers = 2
	db := databasetest.Open(t, databasetest.Address(t, database.MySQL), database.Options{MaxConns: writers})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var inside, done sync.WaitGroup
	inside.Add(writers)
	for range writers {
		done.Go(func() {
			if err := database.Run(ctx, db, "test", func(*database.Tx) error {
				inside.Done()
				inside.Wait() // no connection of the writers is left
				var n int64
				return db.Read(ctx).Table("leases").Count(&n).Error
			}); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}
