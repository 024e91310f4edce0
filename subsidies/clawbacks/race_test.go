package clawbacks_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

// together runs acts at the same time and counts those that succeeded; every
// other one must be a conflict.
func together(t *testing.T, acts ...func() error) (won int) {
	t.Helper()
	errs := make([]error, len(acts))
	var ready, done sync.WaitGroup
	ready.Add(len(acts))
	for i, act := range acts {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = act()
		})
	}
	done.Wait()
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		e := kernel.AsError(err)
		require.NotNil(t, e, "%v", err)
		require.Equal(t, kernel.KindConflict, e.Kind, "%v", err)
	}
	return won
}

func TestOfManyProposalsNoMoreThanWasPaidStands(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		acts := make([]func() error, 8)
		for i := range acts {
			acts[i] = func() error {
				_, err := c.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), c.proposal(90_000))
				return err
			}
		}
		won := together(t, acts...)
		require.LessOrEqual(t, won, 3)
		require.Positive(t, won)
		c.Lawful(t)
	})
}

func TestOfTwoWhoDecideOneDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		p := c.proposed(t, 80_000)
		decide := func(who kernel.Actor, act subsidies.ClawbackAct) func() error {
			return func() error {
				_, err := c.Clawbacks.Decide(subsidiestest.As(who), p.ID, clawbacks.Decision{Act: act, Note: "已核实"})
				return err
			}
		}
		require.Equal(t, 1, together(t, decide(subsidiestest.CityOfficer, subsidies.ClawbackOrder), decide(subsidiestest.CityDirector, subsidies.ClawbackReject), decide(subsidiestest.CityDirector, subsidies.ClawbackOrder)))
		c.Lawful(t)
	})
}

func TestOneBankReferenceIsOneReceipt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		a, b := c.ordered(t, 80_000), c.ordered(t, 80_000)
		receive := func(id kernel.ID) func() error {
			return func() error { _, err := c.receive(id, 30_000, "same"); return err }
		}
		require.Equal(t, 1, together(t, receive(a.ID), receive(b.ID), receive(a.ID), receive(b.ID)))
		require.EqualValues(t, 1, c.Count(t, "clawback_entries", ""))
		c.Lawful(t)
	})
}

// TestANettingThatRacesWithAReceipt: the debtor pays everything while a batch is
// drafted from which the same money would be held back.
func TestANettingThatRacesWithAReceipt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		o := c.ordered(t, 80_000)
		hold := func() error {
			return database.Run(subsidiestest.As(subsidiestest.Finance), c.DB, "test.hold", func(tx *database.Tx) error {
				line := payments.Line{ID: "line-race", BatchID: "batch-race", LineNo: 1, ClaimID: "none", PayeeOrgID: o.DebtorID, District: o.District, State: payments.Ordered, Version: 1}
				if err := tx.Create(&line).Error; err != nil {
					return err
				}
				_, err := clawbacks.Hold(tx, clawbacks.Due{Line: line.ID, Payee: o.DebtorID, District: o.District, Portion: budget.Portion{Municipal: 1_000_000, District: 1_000_000}})
				return err
			})
		}
		receive := func() error { _, err := c.receive(o.ID, 80_000, "all"); return err }
		require.Positive(t, together(t, hold, receive))
		s, err := c.Clawbacks.Sheet(t.Context(), subsidiestest.Auditor, o.ID)
		require.NoError(t, err)
		require.EqualValues(t, 80_000, s.Clawback.Held+s.Clawback.Received, "one of the two has it, never both")
		found, err := clawbacks.Verify(t.Context(), c.DB)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}
