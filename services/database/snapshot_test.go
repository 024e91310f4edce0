package database_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

func TestASnapshotSeesOneMoment(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		add := func(id string) {
			t.Helper()
			row := appropriation{ID: kernel.ID(id), PolicyCode: id, Level: "city", AmountFen: 1, UpdatedAt: clock.Now()}
			require.NoError(t, database.Run(context.Background(), db, "seed", func(tx *database.Tx) error { return tx.Create(&row).Error }))
		}
		count := func(ctx context.Context) (n int64) {
			t.Helper()
			require.NoError(t, db.Read(ctx).Table("appropriations").Count(&n).Error)
			return n
		}
		add("a")
		require.NoError(t, db.Snapshot(t.Context(), func(ctx context.Context) error {
			require.EqualValues(t, 1, count(ctx))
			add("b")
			require.EqualValues(t, 1, count(ctx), "what is written meanwhile is of another moment")
			require.EqualValues(t, 2, count(t.Context()), "outside it is there")
			require.Error(t, db.Read(ctx).Exec("DELETE FROM appropriations").Error, "a snapshot is for reading")
			return nil
		}))
		require.EqualValues(t, 2, count(t.Context()))
	})
}

func TestReadingWithATransactionsContextReadsThroughIt(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		var later context.Context
		require.NoError(t, database.Run(context.Background(), db, "seed", func(tx *database.Tx) error {
			row := appropriation{ID: "a", PolicyCode: "p", Level: "city", AmountFen: 1, UpdatedAt: clock.Now()}
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
			later = tx.Context() //nolint:fatcontext // kept to see what becomes of it
			var inside, outside int64
			require.NoError(t, db.Read(tx.Context()).Table("appropriations").Count(&inside).Error)
			require.NoError(t, db.Read(context.Background()).Table("appropriations").Count(&outside).Error)
			require.Equal(t, []int64{1, 0}, []int64{inside, outside})
			return nil
		}))
		var n int64
		require.NoError(t, db.Read(later).Table("appropriations").Count(&n).Error, "once it is over, the context reads like any other")
		require.EqualValues(t, 1, n)
	})
}
