package budget_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/subsidiestest"
)

var (
	officer = subsidiestest.CityOfficer
	finance = subsidiestest.Finance
)

// hall is the books of a small city.
type hall struct {
	books
	*testing.T
	city *subsidiestest.City
	desk *budget.Desk
	n    *atomic.Int64
}

func open(t *testing.T, db *database.DB, clock *kernel.ManualClock) hall {
	city := subsidiestest.New(t, db, clock)
	return hall{books{db, subsidiestest.Policy}, t, city, &budget.Desk{DB: db, Policies: city.Policies}, new(atomic.Int64)}
}

func (h hall) proposal(kind budget.ActKind, scope string, amount kernel.Fen) budget.ActProposal {
	p := budget.ActProposal{Kind: kind, Policy: h.policy, Scope: scope, Amount: amount, DocumentNumber: fmt.Sprintf("渝财企〔2026〕%d号", h.n.Add(1)), DatedOn: kernel.DayOf(h.city.Clock.Now()), Reason: "年中调整"}
	if kind == budget.Transfer {
		p.FromScope = budget.City
	}
	return p
}

// act proposes as one person and approves as another.
func (h hall) act(p budget.ActProposal) error {
	a, err := h.desk.Propose(subsidiestest.As(officer), p)
	if err == nil {
		_, err = h.desk.Approve(subsidiestest.As(finance), a.ID, a.Version, "")
	}
	return err
}

func (h hall) lawful() {
	h.Helper()
	for _, verify := range []func() ([]kernel.Breach, error){
		func() ([]kernel.Breach, error) { return budget.Verify(h.Context(), h.db) },
		func() ([]kernel.Breach, error) { return budget.VerifyBooks(h.Context(), h.db, h.city.Policies) },
	} {
		found, err := verify()
		require.NoError(h.T, err)
		require.Empty(h.T, found)
	}
}

func TestAnActMovesMoneyOnceASecondPersonApproves(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock)
		const voted = subsidiestest.Voted
		row := func(scope string) kernel.Fen { return h.row(t, scope).Amount }
		p := h.proposal(budget.Transfer, district, 700)
		a, err := h.desk.Propose(subsidiestest.As(officer), p)
		require.NoError(t, err)
		require.Equal(t, voted, row(district), "a proposal moves nothing")
		_, err = h.desk.Propose(subsidiestest.As(finance), p)
		require.True(t, kernel.IsCode(err, "budget.document_used"), "%v", err)
		h.city.Refused(t, "four_eyes", func() error {
			_, err := h.desk.Approve(subsidiestest.As(officer), a.ID, a.Version, "")
			return err
		})
		h.city.Refused(t, "stale", func() error {
			_, err := h.desk.Approve(subsidiestest.As(finance), a.ID, 9, "")
			return err
		})
		h.city.Refused(t, "forbidden", func() error {
			_, err := h.desk.Withdraw(subsidiestest.As(finance), a.ID, a.Version, "")
			return err
		})
		moved := h.city.Moved(t, func() error {
			_, err := h.desk.Approve(subsidiestest.As(finance), a.ID, a.Version, "同意")
			return err
		})
		require.Equal(t, []int64{1, 4, 1}, []int64{moved["journals"], moved["postings"], moved["audit_entries"]})
		require.Equal(t, []kernel.Fen{voted - 700, voted + 700}, []kernel.Fen{row(budget.City), row(district)})
		h.city.Refused(t, "budget.decided", func() error {
			_, err := h.desk.Approve(subsidiestest.As(finance), a.ID, 0, "")
			return err
		})

		require.NoError(t, h.act(h.proposal(budget.Supplement, district, 50)))
		require.NoError(t, h.act(h.proposal(budget.Reduce, district, 20)))
		back := h.proposal(budget.Transfer, budget.City, 30) // a district may hand up
		back.FromScope = district
		require.NoError(t, h.act(back))
		onward := h.proposal(budget.Transfer, subsidiestest.OtherDistrict, 100)
		onward.FromScope, onward.Year = district, "2027" // and money may be carried into the next year
		require.NoError(t, h.act(onward))
		require.Equal(t, voted+700+50-20-30-100, row(district))
		all, err := budget.Meter(t.Context(), db, h.policy)
		require.NoError(t, err)
		require.Equal(t, []any{"2027", subsidiestest.OtherDistrict, kernel.Fen(100)}, []any{all[h.policy][0].BudgetYear, all[h.policy][0].Scope, all[h.policy][0].Amount})

		for name, end := range map[string]func(kernel.ID) error{
			"refused": func(id kernel.ID) error {
				_, err := h.desk.Refuse(subsidiestest.As(finance), id, 1, "理由不足")
				return err
			},
			"withdrawn": func(id kernel.ID) error { _, err := h.desk.Withdraw(subsidiestest.As(officer), id, 1, ""); return err },
		} {
			p := h.proposal(budget.Reduce, district, 9)
			for range 2 { // what came to nothing may be proposed again
				b, err := h.desk.Propose(subsidiestest.As(officer), p)
				require.NoError(t, err, name)
				require.Zero(t, h.city.Moved(t, func() error { return end(b.ID) })["journals"], name)
			}
		}
		h.city.Refused(t, "invalid_input", func() error {
			_, err := h.desk.Propose(subsidiestest.As(officer), budget.ActProposal{Kind: "gift", Policy: h.policy, Scope: "moon", DatedOn: "2999-01-01"})
			return err
		})
		h.lawful()
	})
}

func TestAnActIsRefusedWhenTheFreePartDoesNotSuffice(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock)
		require.NoError(t, h.reserve("a", budget.Portion{District: subsidiestest.Voted - 100}))
		for _, kind := range []budget.ActKind{budget.Transfer, budget.Reduce} {
			p := h.proposal(kind, budget.City, 101)
			if kind == budget.Reduce {
				p.Scope = district
			} else {
				p.FromScope = district
			}
			a, err := h.desk.Propose(subsidiestest.As(officer), p)
			require.NoError(t, err)
			h.city.Refused(t, "budget.exhausted", func() error {
				_, err := h.desk.Approve(subsidiestest.As(finance), a.ID, a.Version, "")
				return err
			})
		}
		h.lawful()
	})
}

// TestTransfersRaceWithReservations: money leaves and comes while hundreds of
// claims reserve, release, are awarded and paid from the same appropriations.
func TestTransfersRaceWithReservations(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock)
		// Nearly all is set aside, so that everybody fights for the rest.
		require.NoError(t, h.reserve("rest", budget.Portion{Municipal: subsidiestest.Voted - 9_000, District: subsidiestest.Voted - 6_000}))
		var served, refused, transferred atomic.Int64
		busy := func(err error) bool { return kernel.IsCode(err, "busy") }
		var wg sync.WaitGroup
		for hand := range 20 {
			wg.Go(func() {
				for n := range 12 {
					id, p := kernel.ID(fmt.Sprintf("r-%d-%d", hand, n)), budget.Portion{Municipal: kernel.Fen(90 + n), District: kernel.Fen(60 + hand)}
					switch err := h.reserve(id, p); {
					case kernel.IsCode(err, "budget.exhausted"), busy(err):
						refused.Add(1)
						continue
					case err != nil:
						t.Errorf("reserve: %v", err)
						continue
					}
					served.Add(1)
					var err error
					switch (hand + n) % 3 {
					case 0:
						err = h.release(id, p)
					case 1:
						if err = h.award(id, p, legsOf(p)); err == nil {
							err = h.pay(id, p)
						}
					}
					if err != nil && !busy(err) {
						t.Errorf("after a reservation: %v", err)
					}
				}
			})
		}
		for hand := range 6 {
			wg.Go(func() {
				for n := range 6 {
					p := h.proposal(budget.Transfer, district, 700)
					switch (hand + n) % 3 {
					case 0:
						p.Scope, p.FromScope = budget.City, district
					case 1:
						p.Scope = subsidiestest.OtherDistrict
					}
					switch err := h.act(p); {
					case err == nil:
						transferred.Add(1)
					case !kernel.IsCode(err, "budget.exhausted") && !busy(err):
						t.Errorf("transfer: %v", err)
					}
				}
			})
		}
		wg.Wait()
		require.Positive(t, served.Load())
		require.Positive(t, refused.Load(), "the money was fought for")
		require.Positive(t, transferred.Load())
		all, err := budget.Meter(context.Background(), db, h.policy)
		require.NoError(t, err)
		var total kernel.Fen
		for _, r := range all[h.policy] {
			require.GreaterOrEqual(t, r.Free(), kernel.Fen(0), "%s is overspent", r.Scope)
			total += r.Amount
		}
		require.Equal(t, 3*subsidiestest.Voted, total, "a transfer makes no money")
		h.lawful()
	})
}

func TestADistrictOfficerSeesTheActsOfTheOwnDistrict(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	h := open(t, db, clock)
	for _, scope := range []string{budget.City, district, subsidiestest.OtherDistrict} {
		_, err := h.desk.Propose(subsidiestest.As(officer), h.proposal(budget.Supplement, scope, 5))
		require.NoError(t, err)
	}
	p := h.proposal(budget.Transfer, budget.City, 5)
	p.FromScope = district
	_, err := h.desk.Propose(subsidiestest.As(officer), p)
	require.NoError(t, err)
	for n, who := range map[int]kernel.Actor{4: subsidiestest.Auditor, 2: subsidiestest.DistrictOfficer} {
		all, err := h.desk.Acts(t.Context(), who, h.policy, budget.Proposed, "", 20)
		require.NoError(t, err)
		require.Len(t, all, n, "%s", who.Role)
	}
	_, err = h.desk.Acts(t.Context(), subsidiestest.Provider, "", "", "", 20)
	require.True(t, kernel.IsCode(err, "forbidden"))
}
