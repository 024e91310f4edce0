package openings_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

var errDied = errors.New("died before the commit")

// TestPromotionsRaceWithReleasesAndAcceptances lets many accept, withdraw and
// follow at once, some of them dying before they commit. Whatever the interleaving,
// the money is never overdrawn, nobody overtakes, and everybody is served once.
func TestPromotionsRaceWithReleasesAndAcceptances(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		for round := range 3 {
			line := lineUp(t, city, 24, 7, round)
			play(t, city, line, uint64(round))
			for n := 1; n > 0; n = follow(t, city) {
				city.Lawful(t) // at rest after every walk
			}
			city.Lawful(t)
			served(t, city, line)
		}
	})
}

// lineUp has n agreements ask for the money of few.
func lineUp(t *testing.T, city *subsidiestest.City, n, few, round int) []subsidies.Agreement {
	t.Helper()
	policy := "first-come-" + string(rune('a'+round))
	doc := subsidiestest.Document(t, policy)
	require.NoError(t, database.Run(as(kernel.System()), city.DB, "test.publish", func(tx *database.Tx) error {
		return errors.Join(gazette.Publish(tx, doc), budget.Appropriate(tx, "test", policy, budget.City, kernel.Fen(few)*180_000),
			budget.Appropriate(tx, "test", policy, subsidiestest.District, subsidiestest.Voted))
	}))
	city.Clock.Advance(3 * time.Second)
	line := make([]subsidies.Agreement, n)
	for i := range line {
		city.Clock.Advance(time.Second)
		line[i] = city.AgreementIn(t, subsidiestest.Deal{Policy: policy}, subsidies.AgreementEnterpriseConfirmed)
	}
	return line
}

func play(t *testing.T, city *subsidiestest.City, line []subsidies.Agreement, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(20261124, seed))
	var acts []func() error
	for _, a := range line {
		acts = append(acts, func() error { return accept(city, a) })
		if r.IntN(4) == 0 {
			acts = append(acts, func() error {
				_, err := city.Agreements.Withdraw(as(subsidiestest.Claimant(a.EnterpriseID)), a.ID, 0, record.Reason{})
				return err
			})
		}
	}
	for range 10 {
		acts = append(acts, func() error { _, err := city.Agreements.FollowDue(t.Context()); return err }, func() error {
			err := database.Run(as(kernel.System()), city.DB, "test.died", func(tx *database.Tx) error {
				_, err := city.Agreements.Follow(tx, line[0].PolicyCode)
				return errors.Join(err, errDied)
			})
			if errors.Is(err, errDied) {
				return nil
			}
			return err
		})
	}
	r.Shuffle(len(acts), func(i, k int) { acts[i], acts[k] = acts[k], acts[i] })
	var wg sync.WaitGroup
	var mu sync.Mutex
	for hand := range 8 {
		wg.Go(func() {
			for i := hand; i < len(acts); i += 8 {
				if err := acts[i](); err != nil {
					if e := kernel.AsError(err); e == nil || e.Kind != kernel.KindConflict {
						mu.Lock()
						t.Errorf("%v", err)
						mu.Unlock()
					}
				}
			}
		})
	}
	wg.Wait()
	for _, a := range line { // whoever was refused as stale is examined again
		err := accept(city, a)
		require.True(t, err == nil || kernel.IsCode(err, "state.act"), "%v", err)
	}
}

func served(t *testing.T, city *subsidiestest.City, line []subsidies.Agreement) {
	t.Helper()
	waits := false
	for i, a := range line {
		now := city.AgreementNow(t, a.ID)
		switch now.State {
		case subsidies.AgreementAccepted:
			require.False(t, waits, "number %d has overtaken somebody who waits", i)
			require.EqualValues(t, 1, city.Count(t, "journals", "subject_id = ? AND kind = 'reserve'", a.ID))
			require.EqualValues(t, 1, city.Count(t, "steps", "subject_id = ? AND act IN ('promote', 'accept')", a.ID))
		case subsidies.AgreementWaiting:
			waits = true
			require.Zero(t, city.Count(t, "journals", "subject_id = ?", a.ID))
		case subsidies.AgreementWithdrawn:
		default:
			t.Fatalf("number %d is %s", i, now.State)
		}
	}
	require.True(t, waits)
	require.EqualValues(t, 7, city.Count(t, "agreements", "policy_code = ? AND state = 'accepted'", line[0].PolicyCode), "all the money is given out")
}

// TestALargerOneIsNotPassedByASmallerOne: the strict order, and what each level
// of money means for those behind.
func TestALargerOneIsNotPassedByASmallerOne(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		const policy = "strict"
		doc := subsidiestest.Document(t, policy)
		require.NoError(t, database.Run(as(kernel.System()), db, "test.publish", func(tx *database.Tx) error {
			return errors.Join(gazette.Publish(tx, doc), budget.Appropriate(tx, "test", policy, budget.City, 1_000_000),
				budget.Appropriate(tx, "test", policy, subsidiestest.District, 250_000), budget.Appropriate(tx, "test", policy, subsidiestest.OtherDistrict, 900_000))
		}))
		clock.Advance(3 * time.Second)
		ask := func(price kernel.Fen, district string) subsidies.Agreement {
			clock.Advance(time.Second)
			return city.AgreementIn(t, subsidiestest.Deal{Policy: policy, Price: price, District: district}, subsidies.AgreementEnterpriseConfirmed)
		}
		state := func(a subsidies.Agreement) subsidies.AgreementState { return city.AgreementNow(t, a.ID).State }
		first := ask(1_000_000, subsidiestest.District)      // 180,000 + 120,000
		large := ask(2_000_000, subsidiestest.District)      // 360,000 + 240,000: the district has 130,000
		small := ask(100_000, subsidiestest.District)        // would fit, and must not pass
		other := ask(1_000_000, subsidiestest.OtherDistrict) // its district's money is nobody else's
		for _, a := range []subsidies.Agreement{first, large, small, other} {
			require.NoError(t, accept(city, a))
		}
		require.Equal(t, subsidies.AgreementAccepted, state(first))
		require.Equal(t, subsidies.AgreementWaiting, state(large))
		require.Equal(t, subsidies.AgreementWaiting, state(small))
		require.Equal(t, subsidies.AgreementAccepted, state(other))
		require.Zero(t, follow(t, city))

		// The firm of the large one outgrows the policy: its turn passes, the small one follows.
		firms, err := city.Registry.Firms(t.Context(), large.EnterpriseID)
		require.NoError(t, err)
		grown := firms[large.EnterpriseID]
		grown.SizeClass = "large"
		city.Registry.Put(grown)
		require.Equal(t, 2, follow(t, city), "one is declined, one follows")
		require.Equal(t, subsidies.AgreementDeclined, state(large))
		require.Equal(t, subsidies.AgreementAccepted, state(small))
		city.Lawful(t)
	})
}
