package notices_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/subsidiestest"
)

// TestClaimsAwardedAtTheSameMomentEachGetTheirOwnAnswer has many callers award
// claims that draw on one budget, several on each claim. Two of the claims cannot
// be awarded, one is objected to, and some callers go away.
func TestClaimsAwardedAtTheSameMomentEachGetTheirOwnAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimNoticed, 20)
		greedy, objected, early := all[3], all[11], city.ClaimIn(t, subsidies.ClaimDistrictApproved)
		tamper(t, city, greedy.ID)
		_, err := city.Notices.Object(nobody, *objected.NoticeID, objected.ID, reason, "")
		require.NoError(t, err)
		city.DayAfter("2026-11-30")

		gone, leave := context.WithCancel(worker)
		leave()
		var (
			wait sync.WaitGroup
			mu   sync.Mutex
			won  = map[kernel.ID]int{}
		)
		call := func(ctx context.Context, id kernel.ID) {
			wait.Go(func() {
				done, err := city.Notices.AwardOne(ctx, id)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case done && err == nil:
					won[id]++
				case done:
					t.Errorf("%s was awarded and failed: %v", id, err)
				case ctx == gone && errors.Is(err, context.Canceled):
				case id == greedy.ID && err != nil:
				case err != nil:
					t.Errorf("%s: %v", id, err)
				}
			})
		}
		for _, c := range append(all, early) {
			for range 3 {
				call(worker, c.ID)
			}
			call(gone, c.ID)
		}
		wait.Wait()

		for _, c := range all {
			due := c.ID != greedy.ID && c.ID != objected.ID
			want := map[bool]int64{true: 1}[due]
			require.EqualValues(t, want, won[c.ID])
			require.Equal(t, want, city.Count(t, "journals", "kind = 'award' AND subject_id = ?", c.ID))
			require.Equal(t, want, city.Count(t, "audit_entries", "action = 'claim.award' AND object_id = ?", c.ID))
			require.Equal(t, want, city.Count(t, "steps", "act = 'award' AND subject_id = ?", c.ID))
			require.Equal(t, want == 1, city.Claim(t, c.ID).State == subsidies.ClaimApproved)
		}
		require.Zero(t, won[early.ID])
		require.EqualValues(t, 18, city.Count(t, "journals", "kind = 'award'"))
		mend(t, city, greedy.ID)
		city.Lawful(t)

		awarded, err := city.Notices.CloseDue(worker)
		require.NoError(t, err)
		require.Equal(t, 1, awarded, "the mended one; nobody else was left behind")
		city.Lawful(t)
	})
}

// TestDismissalsAtTheSameMomentAwardEachClaimOnce repeats every dismissal under
// its idempotency key while all of them end in an award.
func TestDismissalsAtTheSameMomentAwardEachClaimOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimNoticed, 8)
		filed := make([]notices.Objection, len(all))
		for i, c := range all {
			var err error
			filed[i], err = city.Notices.Object(nobody, *c.NoticeID, c.ID, reason, "")
			require.NoError(t, err)
		}
		city.DayAfter("2026-11-30")
		var wait sync.WaitGroup
		answers := make([][3]error, len(all))
		for i, o := range filed {
			call := kernel.CallFrom(second)
			call.IdempotencyKey, call.Fingerprint = "dismiss-"+string(o.ID), "same"
			for again := range answers[i] {
				wait.Go(func() {
					_, answers[i][again] = city.Notices.Dismiss(kernel.WithCall(second, call), o.ID, "经核查，合同与交付一致。")
				})
			}
		}
		wait.Wait()
		for i, c := range all {
			require.Equal(t, [3]error{}, answers[i], "a repetition gets the first one's result")
			require.Equal(t, subsidies.ClaimApproved, city.Claim(t, c.ID).State)
			require.EqualValues(t, 1, city.Count(t, "steps", "act = 'dismiss_objection' AND subject_id = ?", c.ID))
			require.EqualValues(t, 1, city.Count(t, "journals", "kind = 'award' AND subject_id = ?", c.ID))
		}
		require.EqualValues(t, 1, city.Count(t, "notices", "state = 'closed'"))
		city.Lawful(t)
	})
}

// tamper has a claim ask for a fen more than its agreement reserved; mend undoes it.
func tamper(t *testing.T, city *subsidiestest.City, claim kernel.ID) { shift(t, city, claim, 1) }
func mend(t *testing.T, city *subsidiestest.City, claim kernel.ID)   { shift(t, city, claim, -1) }

func shift(t *testing.T, city *subsidiestest.City, claim kernel.ID, by kernel.Fen) {
	t.Helper()
	require.NoError(t, database.Run(worker, city.DB, "test.tamper", func(tx *database.Tx) error {
		return tx.Exec("UPDATE claims SET municipal_fen = municipal_fen + ?, subsidy_fen = subsidy_fen + ?, enterprise_fen = enterprise_fen - ? WHERE id = ?", by, by, by, claim).Error
	}))
}
