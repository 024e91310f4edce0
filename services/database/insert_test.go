package database_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

type lease struct {
	Name      string
	Owner     string
	ExpiresAt time.Time
}

func (lease) TableName() string { return "leases" }

func leases(t *testing.T, db *database.DB) []lease {
	t.Helper()
	var all []lease
	require.NoError(t, db.Read(t.Context()).Order("name").Find(&all).Error)
	return all
}

func TestInsertedRowsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		rows := make([]lease, 450)
		for i := range rows {
			rows[i] = lease{Name: string(kernel.NewID(clock.Now())), Owner: "𠮷'?\\\"", ExpiresAt: clock.Now().Add(time.Duration(i) * time.Microsecond)}
		}
		require.NoError(t, database.Run(t.Context(), db, "test", func(tx *database.Tx) error { return database.Insert(tx, rows...) }))
		require.Equal(t, rows, leases(t, db))

		err := database.Run(t.Context(), db, "test", func(tx *database.Tx) error {
			return database.Insert(tx, lease{Name: "new", ExpiresAt: clock.Now()}, rows[7])
		})
		require.True(t, database.IsDuplicate(err), "a second row of the same name is refused: %v", err)
		require.Len(t, leases(t, db), len(rows), "and the statement that brought it leaves nothing")
		require.NoError(t, database.Run(t.Context(), db, "test", func(tx *database.Tx) error { return database.Insert[lease](tx) }))
	})
}

func TestRowsForLaterStandAndFallWithTheTransaction(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		one, two := lease{Name: "1", ExpiresAt: clock.Now()}, lease{Name: "2", ExpiresAt: clock.Now()}
		refused := errors.New("refused")
		err := database.Run(t.Context(), db, "test", func(tx *database.Tx) error {
			database.Later(tx, one)
			return refused
		})
		require.ErrorIs(t, err, refused)
		require.Empty(t, leases(t, db))

		require.NoError(t, database.Run(t.Context(), db, "test", func(tx *database.Tx) error {
			database.Later(tx, one)
			var n int64
			require.NoError(t, tx.Model(&lease{}).Count(&n).Error)
			require.Zero(t, n, "not written yet")
			database.Later(tx, two)
			require.NoError(t, tx.Flush())
			require.NoError(t, tx.Model(&lease{}).Count(&n).Error)
			require.EqualValues(t, 2, n)
			return nil
		}))
		err = database.Run(t.Context(), db, "test", func(tx *database.Tx) error {
			database.Later(tx, lease{Name: "3", ExpiresAt: clock.Now()}, one)
			return nil
		})
		require.True(t, database.IsDuplicate(err), "what cannot be written takes the transaction with it: %v", err)
		require.Equal(t, []lease{one, two}, leases(t, db))
	})
}

func TestARetriedTransactionForgetsWhatItKeptBack(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	tried := 0
	require.NoError(t, database.Run(t.Context(), db, "test", func(tx *database.Tx) error {
		tried++
		database.Later(tx, lease{Name: "1", ExpiresAt: clock.Now()})
		if tried == 1 {
			return sqlite3.BUSY
		}
		return nil
	}))
	require.Equal(t, 2, tried)
	require.Len(t, leases(t, db), 1)
}
