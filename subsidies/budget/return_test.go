package budget_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
)

func (b books) returned(effect string, id kernel.ID, p budget.Portion) error {
	return b.do(func(tx *database.Tx) error { return budget.Return(tx, effect, b.of(id), p) })
}

// paidFor takes a subject through its life to paid.
func (b books) paidFor(t require.TestingT, id kernel.ID, p budget.Portion) {
	require.NoError(t, b.reserve(id, p))
	require.NoError(t, b.award(id, p, legsOf(p)))
	require.NoError(t, b.pay(id, p))
}

// TestWhatComesBackRefillsTheAppropriation, once for each act and never more
// than was paid.
func TestWhatComesBackRefillsTheAppropriation(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		b := books{db, "back"}
		b.vote(t, budget.City, 1000, "first")
		b.vote(t, district, 500, "first")
		p := budget.Portion{Municipal: 60, District: 40}
		require.True(t, kernel.IsCode(b.returned("early", "a", p), "budget.returned"), "nothing was paid")
		b.paidFor(t, "a", p)
		b.paidFor(t, "b", p)
		for _, bad := range []budget.Portion{{}, {Municipal: -1, District: 2}, {Municipal: 61}, {District: 41}} {
			require.Error(t, b.returned("bad", "a", bad))
		}
		require.NoError(t, b.returned("first", "a", budget.Portion{Municipal: 25, District: 15}))
		require.Error(t, b.returned("first", "a", budget.Portion{Municipal: 1}), "an act counts once")
		require.True(t, kernel.IsCode(b.returned("second", "a", budget.Portion{Municipal: 36}), "budget.returned"), "the money of another claim does not come back for this one")
		require.NoError(t, b.returned("second", "a", budget.Portion{Municipal: 35}))
		require.EqualValues(t, 120-60, b.row(t, budget.City).Paid)
		require.EqualValues(t, 120, b.posted(t, budget.City, budget.Paid), "what was ever paid stays on record")
		require.EqualValues(t, -60, b.posted(t, budget.City, budget.Returned))
		require.EqualValues(t, 1000-60, b.row(t, budget.City).Free(), "and may be reserved anew")
		found, err := budget.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}

func TestReturnsOfOneClaimNeverPassWhatWasPaidForIt(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		b := books{db, "racing-back"}
		b.vote(t, budget.City, 10_000, "first")
		b.vote(t, district, 10_000, "first")
		p := budget.Portion{Municipal: 100, District: 50}
		for _, id := range []kernel.ID{"a", "b"} {
			b.paidFor(t, id, p)
		}
		var ok atomic.Int64
		var wg sync.WaitGroup
		for n := range 12 {
			wg.Go(func() {
				switch err := b.returned(fmt.Sprint(n), "a", budget.Portion{Municipal: 30}); {
				case err == nil:
					ok.Add(1)
				case !kernel.IsCode(err, "budget.returned"):
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 3, ok.Load())
		require.EqualValues(t, 200-90, b.row(t, budget.City).Paid)
		found, err := budget.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}

// TestMoneyOfAYearStaysWithItsYear: what was reserved in one budget year is
// awarded, paid and returned on the appropriation of that year.
func TestMoneyOfAYearStaysWithItsYear(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		const policy = "yearly"
		b := books{db, policy}
		year := func() (out string) {
			require.NoError(t, b.do(func(tx *database.Tx) (err error) {
				out, err = budget.YearFor(tx, policy)
				return err
			}))
			return out
		}
		require.Empty(t, year(), "nothing was voted")
		b.vote(t, budget.City, 100, "term")
		require.Empty(t, year())
		for _, of := range []string{"2026", "2027"} {
			for _, scope := range []string{budget.City, district} {
				require.NoError(t, b.do(func(tx *database.Tx) error {
					return budget.Vote(tx, "budget", budget.Fund{Policy: policy, Year: of}, scope, 1000)
				}))
			}
		}
		require.Equal(t, "2026", year(), "money of the year goes before that of the whole term and not of the next")
		s, p := b.of("a"), budget.Portion{Municipal: 60, District: 40}
		s.Year = "2026"
		require.NoError(t, b.do(func(tx *database.Tx) error { return budget.Reserve(tx, s, p) }))
		require.Error(t, b.do(func(tx *database.Tx) error { return budget.Award(tx, b.of("a"), p, legsOf(p)) }), "the whole term's money reserved nothing")
		require.NoError(t, b.do(func(tx *database.Tx) error { return budget.Award(tx, s, p, legsOf(p)) }))
		require.NoError(t, b.pay("a", p))
		require.NoError(t, b.returned("back", "a", budget.Portion{Municipal: 10}))
		all, err := budget.Meter(t.Context(), db, policy)
		require.NoError(t, err)
		for _, r := range all[policy] {
			want := kernel.Fen(0)
			if r.BudgetYear == "2026" {
				want = map[string]kernel.Fen{budget.City: 50, district: 40}[r.Scope]
			}
			require.Equal(t, want, r.Paid, "%s of %q", r.Scope, r.BudgetYear)
		}
		found, err := budget.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}
