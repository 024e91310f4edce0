package budget_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/subsidiestest"
)

func (h hall) close(period string) (budget.Closing, error) {
	return h.desk.Close(subsidiestest.As(finance), period)
}

func TestMonthsAreClosedInOrderAndForGood(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock)
		h.city.ClaimIn(t, subsidies.ClaimApproved)
		due, err := h.desk.Due(t.Context())
		require.NoError(t, err)
		for _, past := range due {
			_, err := h.close(past)
			require.NoError(t, err)
		}
		h.city.ClaimIn(t, subsidies.ClaimDistrictApproved)
		today := kernel.DayOf(clock.Now())
		month, next := string(today[:7]), string(today.AddMonths(1)[:7])
		h.city.Refused(t, "closing.order", func() error { _, err := h.close(month); return err })
		end := kernel.Date(next + "-01").AddDays(-1)
		h.city.DayAfter(end)
		h.city.Refused(t, "forbidden", func() error {
			_, err := h.desk.Close(subsidiestest.As(officer), month)
			return err
		})
		h.city.Refused(t, "closing.order", func() error { _, err := h.close(next); return err })
		due, err = h.desk.Due(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{month}, due)
		c, err := h.close(month)
		require.NoError(t, err)
		require.Equal(t, end, c.Through)
		h.city.Refused(t, "closing.order", func() error { _, err := h.close(month); return err })
		h.lawful()

		_, balances, err := h.desk.Sealed(t.Context(), subsidiestest.Auditor, month)
		require.NoError(t, err)
		for _, b := range balances {
			require.Equal(t, b.Closing, h.posted(t, b.Scope, b.Account), "%s of %s", b.Account, b.Scope)
			require.Equal(t, b.Closing, b.Opening+b.Raised-b.Lowered)
		}

		now := clock.Now()
		clock.Set(end.Start()) // a clock that lags must not write into the closed month
		p := budget.Portion{Municipal: 6, District: 4}
		for name, move := range map[string]func() error{
			"a reservation": func() error { return h.reserve("late", p) },
			"a vote": func() error {
				return h.do(func(tx *database.Tx) error { return budget.Appropriate(tx, "late", h.policy, budget.City, 5) })
			},
			"a transfer": func() error { return h.act(h.proposal(budget.Transfer, district, 5)) },
		} {
			require.True(t, kernel.IsCode(move(), "budget.closed"), name)
		}
		clock.Set(now)
		require.NoError(t, h.reserve("late", p))
		require.NoError(t, h.do(func(tx *database.Tx) error {
			return budget.Vote(tx, "new", budget.Fund{Policy: h.policy, Year: "2027"}, budget.City, 5)
		}))
		h.lawful()
	})
}

// TestAClosingCarriesItsBalancesForward: each opening is the closing before, and
// the year's is that of its months.
func TestAClosingCarriesItsBalancesForward(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock)
		month := string(kernel.DayOf(clock.Now())[:7])
		before := map[string]kernel.Fen{}
		for n := 0; month[:4] == "2026"; n++ {
			p := budget.Portion{Municipal: kernel.Fen(600 + n), District: 400}
			require.NoError(t, h.reserve(kernel.ID("m-"+month), p))
			next := kernel.Date(month + "-01").AddMonths(1)
			h.city.DayAfter(next.AddDays(-1))
			_, err := h.close(month)
			require.NoError(t, err)
			_, balances, err := h.desk.Sealed(t.Context(), finance, month)
			require.NoError(t, err)
			for _, b := range balances {
				at := b.Scope + string(b.Account)
				require.Equal(t, before[at], b.Opening, at)
				before[at] = b.Closing
			}
			month = string(next[:7])
		}
		due, err := h.desk.Due(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"2026"}, due)
		_, err = h.close("2026")
		require.NoError(t, err)
		_, balances, err := h.desk.Sealed(t.Context(), finance, "2026")
		require.NoError(t, err)
		for _, b := range balances {
			require.Zero(t, b.Opening, "the books began in this year")
			require.Equal(t, before[b.Scope+string(b.Account)], b.Closing)
		}
		all, err := h.desk.Closings(t.Context(), subsidiestest.Auditor)
		require.NoError(t, err)
		require.Equal(t, "2026", all[0].Period)
		require.Equal(t, all[1].Digest, all[0].Previous)
		h.lawful()
	})
}

// TestAClosingRacesWithReservations: who is counted is sealed, who comes after is
// refused, and nobody falls between.
func TestAClosingRacesWithReservations(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock)
		month := string(kernel.DayOf(clock.Now())[:7])
		end := kernel.Date(month + "-01").AddMonths(1).AddDays(-1)
		h.city.DayAfter(end)
		done := make(chan error, 24)
		for n := range 24 {
			go func() {
				done <- h.do(func(tx *database.Tx) error {
					tx.Now = end.Start()
					return budget.Reserve(tx, h.of(kernel.ID("x-"+string(rune('a'+n)))), budget.Portion{Municipal: 6, District: 4})
				})
			}()
		}
		_, err := h.close(month)
		require.NoError(t, err)
		for range 24 {
			if err := <-done; err != nil {
				require.True(t, kernel.IsCode(err, "budget.closed"), "%v", err)
			}
		}
		h.lawful()
	})
}
