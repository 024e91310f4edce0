package agreements_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

// halfYear outlasts every reservation.
const halfYear = 181 * 24 * time.Hour

// together runs acts at the same time and returns their errors in order.
func together(acts ...func() error) []error {
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
	return errs
}

// won counts the acts that succeeded; every other one must be a conflict.
func won(t *testing.T, errs []error) int {
	t.Helper()
	n := 0
	for _, err := range errs {
		if err == nil {
			n++
			continue
		}
		e := kernel.AsError(err)
		require.NotNil(t, e, "%v", err)
		require.Equal(t, kernel.KindConflict, e.Kind, "%v", err)
	}
	return n
}

func TestOfManyAcceptancesOneReserves(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		a := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementEnterpriseConfirmed)
		before := free(t, city, a)
		accept := func() error {
			_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
			return err
		}
		require.Equal(t, 1, won(t, together(accept, accept, accept, accept, accept, accept)))
		require.Equal(t, before.Municipal-180_000, free(t, city, a).Municipal)
		require.EqualValues(t, 4, city.Count(t, "postings", "subject_id = ?", a.ID))
		require.EqualValues(t, 1, city.Count(t, "steps", "subject_id = ? AND act = 'accept'", a.ID))
	})
}

func TestTheLastMoneyGoesToOne(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		city.Publish(t, subsidiestest.Document(t, "nearly-empty"))
		var acts []func() error
		for range 6 {
			a := city.AgreementIn(t, subsidiestest.Deal{Policy: "nearly-empty"}, subsidies.AgreementEnterpriseConfirmed)
			acts = append(acts, func() error {
				_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
				return err
			})
		}
		drain(t, city, "nearly-empty", budget.City, 200_000) // one reservation takes 180,000 of it
		for _, err := range together(acts...) {
			require.NoError(t, err, "whom the money does not reach waits")
		}
		require.EqualValues(t, 20_000, row(t, city, "nearly-empty", budget.City).Free())
		require.EqualValues(t, 1, city.Count(t, "agreements", "policy_code = 'nearly-empty' AND state = 'accepted'"))
		require.EqualValues(t, 5, city.Count(t, "agreements", "policy_code = 'nearly-empty' AND state = 'waiting'"))
		var first kernel.ID
		require.NoError(t, db.Read(t.Context()).Raw("SELECT MIN(id) FROM agreements WHERE policy_code = 'nearly-empty'").Scan(&first).Error)
		require.Equal(t, subsidies.AgreementAccepted, city.AgreementNow(t, first).State, "it went to the one who was first, whoever was examined first")
	})
}

func TestOneFirmsAgreementsNeverPassItsYear(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		firm := city.Registry.NewFirm(subsidiestest.District)
		var acts []func() error
		for range 5 { // each is worth 9,000,000 of the 20,000,000 that a year may bring
			a := city.AgreementIn(t, subsidiestest.Deal{Firm: firm, Price: 30_000_000}, subsidies.AgreementEnterpriseConfirmed)
			acts = append(acts, func() error {
				_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
				return err
			})
		}
		for range 3 {
			won(t, together(acts...))
		}
		drawn := used(t, city, budget.EnterpriseYear, string(firm.ID), "2026")
		require.EqualValues(t, 20_000_000, drawn, "repeated, the last one takes what is left")
		var granted kernel.Fen
		require.NoError(t, db.Read(t.Context()).Raw("SELECT SUM(subsidy_fen) FROM agreements WHERE state = 'accepted'").Scan(&granted).Error)
		require.Equal(t, drawn, granted)
	})
}

func TestTwoFirstAcceptancesOfAFirmWithRoomBothStand(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		for range 5 {
			firm := city.Registry.NewFirm(subsidiestest.District)
			var acts []func() error
			for range 4 {
				a := city.AgreementIn(t, subsidiestest.Deal{Firm: firm}, subsidies.AgreementEnterpriseConfirmed)
				acts = append(acts, func() error {
					_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
					return err
				})
			}
			for _, err := range together(acts...) {
				require.NoError(t, err, "the firm's year has room for all of them")
			}
		}
	})
}

func TestAReservationLapsesOrIsClaimedNeverBoth(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		before := row(t, city, subsidiestest.Policy, budget.City).Free()
		var all []subsidies.Agreement
		for range 8 {
			all = append(all, city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted))
		}
		clock.Advance(halfYear - 24*time.Hour) // the last day: it can be claimed, and not lapse
		city.Refused(t, "agreement.in_time", func() error { return city.Agreements.Lapse(t.Context(), all[0].ID) })
		n, err := city.Agreements.LapseDue(t.Context())
		require.NoError(t, err)
		require.Zero(t, n)
		claimed := 0
		for _, a := range all {
			p := subsidiestest.PartiesOf(a)
			open := func() error { _, err := city.Claims.Open(subsidiestest.As(p.Claimant), a.ID); return err }
			retreat := func() error {
				_, err := city.Agreements.Withdraw(subsidiestest.As(p.Claimant), a.ID, 0, record.Reason{})
				return err
			}
			errs := together(open, retreat, open)
			require.Equal(t, 1, won(t, errs), "%v", errs)
			now := city.AgreementNow(t, a.ID)
			live := city.Count(t, "claims", "live_key = ?", a.ID)
			if errs[1] == nil {
				require.Equal(t, subsidies.AgreementWithdrawn, now.State)
				require.Zero(t, live)
				continue
			}
			claimed++
			require.Equal(t, subsidies.AgreementAccepted, now.State)
			require.EqualValues(t, 1, live)
		}
		require.Equal(t, before-kernel.Fen(claimed)*180_000, row(t, city, subsidiestest.Policy, budget.City).Free())
	})
}

func TestWhatIsNotClaimedInTimeLapsesOnce(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		before := row(t, city, subsidiestest.Policy, budget.City).Free()
		idle := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
		begun := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
		draft, err := city.Claims.Open(subsidiestest.As(subsidiestest.PartiesOf(begun).Claimant), begun.ID)
		require.NoError(t, err)
		handedIn := city.ClaimIn(t, subsidies.ClaimSubmitted)
		clock.Advance(halfYear)
		city.Refused(t, "agreement.run_out", func() error {
			_, err := city.Claims.Open(subsidiestest.As(subsidiestest.PartiesOf(idle).Claimant), idle.ID)
			return err
		})
		lapse := func() error { _, err := city.Agreements.LapseDue(t.Context()); return err }
		for _, err := range together(lapse, lapse, lapse, lapse) {
			require.NoError(t, err)
		}
		for _, a := range []subsidies.Agreement{idle, begun} {
			require.Equal(t, subsidies.AgreementLapsed, city.AgreementNow(t, a.ID).State, "the policy wants the claim handed in within 180 days")
			require.EqualValues(t, 1, city.Count(t, "journals", "subject_id = ? AND kind = 'release'", a.ID))
		}
		require.Equal(t, subsidies.ClaimWithdrawn, city.Claim(t, draft.ID).State, "a claim that was never handed in ends with its agreement")
		require.Nil(t, city.Claim(t, draft.ID).LiveKey)
		require.Equal(t, subsidies.ClaimSubmitted, city.Claim(t, handedIn.ID).State)
		require.Equal(t, subsidies.AgreementAccepted, city.AgreementNow(t, handedIn.AgreementID).State, "a claim that was handed in holds its reservation")
		require.Equal(t, before-180_000, row(t, city, subsidiestest.Policy, budget.City).Free())
		city.Unmoved(t, func() { require.NoError(t, lapse()) })
	})
}

func TestOneBadAgreementDoesNotKeepTheOthersFromLapsing(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	bad := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
	good := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
	require.NoError(t, database.Run(t.Context(), db, "test.spoil", func(tx *database.Tx) error {
		return tx.Exec("UPDATE agreements SET policy_code = 'lost' WHERE id = ?", bad.ID).Error
	}))
	clock.Advance(halfYear)
	n, err := city.Agreements.LapseDue(t.Context())
	require.Error(t, err, "what could not be done is said")
	require.Equal(t, 1, n)
	require.Equal(t, subsidies.AgreementLapsed, city.AgreementNow(t, good.ID).State)
	require.Equal(t, subsidies.AgreementAccepted, city.AgreementNow(t, bad.ID).State)
}

// TestManyAtOnceDoNotStarveOnePool: a use case that holds a connection and asks
// the pool for another waits for itself when all of them do.
func TestManyAtOnceDoNotStarveOnePool(t *testing.T) {
	t.Parallel()
	clock := kernel.NewManualClock(databasetest.Noon)
	db := databasetest.Open(t, databasetest.Address(t, database.MySQL), database.Options{Clock: clock, MaxConns: 4})
	city := subsidiestest.New(t, db, clock)
	var acts []func() error
	for range 12 {
		deal, draft := city.Listing(subsidiestest.Deal{})
		who := subsidiestest.Claimant(deal.Firm.ID)
		acts = append(acts, func() error {
			clock.Advance(3 * time.Second) // nobody's copy of the policies is fresh
			_, err := city.Agreements.Draft(subsidiestest.As(who), who, draft)
			return err
		})
	}
	finished := make(chan []error)
	go func() { finished <- together(acts...) }()
	select {
	case errs := <-finished:
		require.Equal(t, len(acts), won(t, errs))
	case <-time.After(30 * time.Second):
		t.Fatal("the drafts wait for each other's connections")
	}
}
