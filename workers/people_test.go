package workers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/subsidiestest"
	"yunhui/workers"
)

// clerks has two members in every organisation.
type clerks struct{}

func (clerks) MembersOf(_ *database.Tx, org kernel.ID) ([]kernel.ID, error) {
	return []kernel.ID{org + "/a", org + "/b"}, nil
}

func (clerks) Officers(*database.Tx, kernel.Role, string) ([]kernel.ID, error) { return nil, nil }

func TestClaimsThatMovedTogetherAreToldOfOneByOne(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		all := city.ClaimsIn(t, subsidies.ClaimNoticed, 4)
		require.NoError(t, database.Run(t.Context(), db, "test.delivered", func(tx *database.Tx) error { return tx.Exec("UPDATE outbox SET state = 'done'").Error }))
		city.DayAfter("2026-11-30")
		awarded, err := city.Notices.CloseDue(t.Context())
		require.NoError(t, err)
		require.Equal(t, 4, awarded)
		require.EqualValues(t, 1, city.Count(t, "outbox", "state = 'open' AND kind = ?", claims.Changed), "one message for the four")

		runtime := queue.New(db, queue.Options{})
		workers.New(db, runtime).Money(clerks{}, city.Agreements, city.Claims, city.Notices, city.Payments)
		for range 2 {
			require.NoError(t, runtime.Drain(t.Context()))
			for _, c := range all {
				require.EqualValues(t, 2, city.Count(t, "notifications", "kind = 'claim.approved' AND link = ?", "/claims/"+string(c.ID)))
			}
			require.EqualValues(t, 8, city.Count(t, "notifications", "kind = 'claim.approved'"))
			require.NoError(t, database.Run(t.Context(), db, "test.again", func(tx *database.Tx) error {
				return tx.Exec("UPDATE outbox SET state = 'open', next_at = ? WHERE kind = ? AND payload LIKE '%approved%'", tx.Now, claims.Changed).Error
			}))
		}
	})
}
