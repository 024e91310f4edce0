package openings_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

const (
	code   = "by-draw"
	opens  = kernel.Date("2026-11-23") // the day on which the tests begin
	closes = kernel.Date("2026-12-02")
)

var (
	seedA, seedB = strings.Repeat("a1", 32), strings.Repeat("b2", 32)
	second       = kernel.Actor{Person: "city-second", Name: "周", Org: "city-bureau", Role: kernel.RoleCityOfficer}
)

// drawnCity publishes a policy with a draw, micro firms first, and takes all its
// city money but some.
func drawnCity(t *testing.T, db *database.DB, clock *kernel.ManualClock, money kernel.Fen) *subsidiestest.City {
	t.Helper()
	city := subsidiestest.New(t, db, clock)
	doc := subsidiestest.Document(t, code)
	doc.Clauses = append(slices.Clone(doc.Clauses), rules.Clause{Number: "7.1", Text: kernel.T("抽签。", "By draw."), Computes: []string{"allotment"}})
	doc.Allotment = &rules.Allotment{Clause: "7.1", By: rules.ByDraw, Window: kernel.Period{From: opens, To: closes}, Bands: []rules.PriorityBand{
		{Clause: "7.1", Name: kernel.T("微型企业", "Micro enterprises"), Expression: "enterprise.size_class == 'micro'"},
	}}
	require.NoError(t, database.Run(as(kernel.System()), db, "test.publish", func(tx *database.Tx) error { return gazette.Publish(tx, doc) }))
	clock.Advance(3 * time.Second)
	vote(t, city, subsidiestest.District, subsidiestest.Voted)
	vote(t, city, budget.City, money)
	return city
}

// vote gives a scope further money for the policy.
func vote(t *testing.T, city *subsidiestest.City, scope string, money kernel.Fen) {
	t.Helper()
	require.NoError(t, database.Run(as(kernel.System()), city.DB, "test.vote", func(tx *database.Tx) error {
		return budget.Appropriate(tx, string(kernel.NewID(tx.Now)), code, scope, money)
	}))
}

func confirmed(t *testing.T, city *subsidiestest.City, size string) subsidies.Agreement {
	t.Helper()
	firm := city.Registry.NewFirm(subsidiestest.District)
	firm.SizeClass = size
	city.Registry.Put(firm)
	return city.AgreementIn(t, subsidiestest.Deal{Policy: code, Firm: firm}, subsidies.AgreementEnterpriseConfirmed)
}

func accept(city *subsidiestest.City, a subsidies.Agreement) error {
	_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
	return err
}

func follow(t *testing.T, city *subsidiestest.City) int {
	t.Helper()
	n, err := city.Agreements.FollowDue(t.Context())
	require.NoError(t, err)
	return n
}

func as(who kernel.Actor) context.Context { return subsidiestest.As(who) }

// drawn carries a draw through to its order.
func drawn(t *testing.T, city *subsidiestest.City) {
	t.Helper()
	first := subsidiestest.CityReviewer
	require.NoError(t, city.Openings.Pledge(as(first), code, closes, openings.Pledge(seedA)))
	require.NoError(t, city.Openings.Pledge(as(second), code, closes, openings.Pledge(seedB)))
	city.Clock.Set(closes.AddDays(1).Start().Add(time.Hour))
	require.NoError(t, city.Openings.Close(as(first), code, closes))
	require.NoError(t, city.Openings.Reveal(as(first), code, closes, seedA))
	require.NoError(t, city.Openings.Reveal(as(second), code, closes, seedB))
}

func order(t *testing.T, city *subsidiestest.City) []openings.Outcome {
	t.Helper()
	out, err := city.Openings.Outcomes(t.Context(), code, closes, 0, 1000)
	require.NoError(t, err)
	return out
}

func state(t *testing.T, city *subsidiestest.City, number string) subsidies.AgreementState {
	t.Helper()
	var s subsidies.AgreementState
	require.NoError(t, city.DB.Read(t.Context()).Raw("SELECT state FROM agreements WHERE number = ?", number).Scan(&s).Error)
	return s
}

func TestADrawFromTheFirstEntryToTheLastFen(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := drawnCity(t, db, clock, 3*180_000) // for three of nine
		var all []subsidies.Agreement
		for i := range 9 {
			clock.Advance(time.Minute)
			all = append(all, confirmed(t, city, []string{"small", "micro", "medium"}[i%3]))
		}
		for _, a := range all[:8] { // the ninth is not examined before the draw
			require.NoError(t, accept(city, a))
			require.Equal(t, subsidies.AgreementWaiting, city.AgreementNow(t, a.ID).State, "before the draw everybody waits")
		}
		require.Zero(t, follow(t, city), "nobody follows before the draw")
		standing, err := city.Openings.StandingOf(t.Context(), city.AgreementNow(t, all[1].ID))
		require.NoError(t, err)
		require.True(t, standing.Undrawn)
		require.Equal(t, "微型企业", standing.BandName.ZH)
		require.True(t, standing.Looked[0].Passed)

		_, err = city.Agreements.Withdraw(as(subsidiestest.Claimant(all[0].EnterpriseID)), all[0].ID, 0, record.Reason{})
		require.NoError(t, err)
		drawn(t, city)
		draw, err := city.Openings.Draw(t.Context(), code, closes)
		require.NoError(t, err)
		require.EqualValues(t, 8, draw.Count, "who has left is not on the list")
		require.Equal(t, subsidies.OpeningDrawn, draw.State)
		text, err := city.Openings.Published(t.Context(), code, closes)
		require.NoError(t, err)
		require.Equal(t, draw.Digest, openings.Digest(text))
		require.Equal(t, draw.Seed, openings.EffectiveSeed([]string{seedA, seedB}, draw.Digest))

		places := order(t, city)
		require.Len(t, places, 8)
		for i, p := range places {
			require.EqualValues(t, i+1, p.Place)
			require.Equal(t, openings.Key(draw.Seed, p.Number), p.Key)
			require.Equal(t, i < 3, p.Band == 1, "the three micro firms come first")
		}
		unexamined := slices.IndexFunc(places, func(p openings.Outcome) bool { return p.Agreement == all[8].Number })
		require.GreaterOrEqual(t, unexamined, 3)
		require.Equal(t, 3, follow(t, city))
		require.Zero(t, follow(t, city))
		for i, p := range order(t, city) {
			require.Equal(t, i < 3, p.State == subsidies.AgreementAccepted, "place %d is %s", i+1, p.State)
		}
		city.Lawful(t)

		// What one gives back goes to the next in order; a late comer is behind all of them.
		late := confirmed(t, city, "micro")
		require.NoError(t, accept(city, late))
		winner := slices.IndexFunc(all, func(a subsidies.Agreement) bool { return a.Number == places[1].Agreement })
		_, err = city.Agreements.Withdraw(as(subsidiestest.Claimant(all[winner].EnterpriseID)), all[winner].ID, 0, record.Reason{})
		require.NoError(t, err)
		next := places[3]
		if next.Agreement == all[8].Number {
			require.Zero(t, follow(t, city), "who is still being examined keeps his place")
			require.NoError(t, accept(city, all[8]))
		} else {
			require.Equal(t, 1, follow(t, city))
		}
		require.Equal(t, subsidies.AgreementAccepted, state(t, city, next.Agreement))
		require.Equal(t, subsidies.AgreementWaiting, city.AgreementNow(t, late.ID).State)
		standing, err = city.Openings.StandingOf(t.Context(), city.AgreementNow(t, late.ID))
		require.NoError(t, err)
		require.Equal(t, 4, standing.Ahead)
		require.Zero(t, standing.Band)
		vote(t, city, budget.City, 10*180_000)
		require.Positive(t, follow(t, city), "a supplement wakes those who wait")
		require.EqualValues(t, 0, city.Count(t, "agreements", "policy_code = ? AND state = 'waiting' AND id <> ?", code, all[8].ID))
		city.Lawful(t)
	})
}

func TestWhoMayDoWhatWithADraw(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := drawnCity(t, db, clock, subsidiestest.Voted)
		d, first, third := city.Openings, subsidiestest.CityReviewer, second
		third.Person = "city-third"
		pledge := func(who kernel.Actor, commitment string) func() error {
			return func() error { return d.Pledge(as(who), code, closes, commitment) }
		}
		shut := func() error { return d.Close(as(first), code, closes) }
		reveal := func(who kernel.Actor, seed string) func() error {
			return func() error { return d.Reveal(as(who), code, closes, seed) }
		}
		forgo := func(who kernel.Actor, ordinal int, why string) func() error {
			return func() error { return d.Forgo(as(who), code, closes, ordinal, why) }
		}
		confirmed(t, city, "small")
		for _, who := range []kernel.Actor{subsidiestest.DistrictOfficer, subsidiestest.Provider, subsidiestest.Claimant("x"), subsidiestest.Finance, subsidiestest.Auditor, subsidiestest.Operator} {
			city.Refused(t, "forbidden", pledge(who, openings.Pledge(seedA)))
		}
		city.Refused(t, "invalid_input", pledge(first, "abc"))
		city.Refused(t, "not_found", func() error { return d.Pledge(as(first), code, "2027-01-01", openings.Pledge(seedA)) })
		city.Refused(t, "not_found", func() error { return d.Pledge(as(first), subsidiestest.Policy, closes, openings.Pledge(seedA)) })
		city.Refused(t, "state.act", shut)
		require.NoError(t, pledge(first, openings.Pledge(seedA))())
		city.Refused(t, "opening.same_person", pledge(first, openings.Pledge(seedB)))
		city.Refused(t, "opening.same_seed", pledge(second, openings.Pledge(seedA)))
		city.Refused(t, "state.act", shut)
		require.NoError(t, pledge(second, openings.Pledge(seedB))())
		city.Refused(t, "state.act", pledge(third, openings.Pledge(strings.Repeat("c3", 32))))
		city.Refused(t, "opening.not_over", shut)
		city.Refused(t, "state.act", reveal(first, seedA))
		clock.Set(closes.AddDays(1).Start().Add(5 * time.Minute))
		city.Refused(t, "opening.not_over", shut)
		clock.Advance(10 * time.Minute)
		require.NoError(t, shut())
		city.Refused(t, "state.act", shut)
		_, err := d.Published(t.Context(), code, closes)
		require.NoError(t, err)

		city.Refused(t, "invalid_input", reveal(first, ""))
		city.Refused(t, "opening.seed_mismatch", reveal(first, seedB))
		city.Refused(t, "opening.no_seed", reveal(third, seedA))
		city.Refused(t, "invalid_input", forgo(second, 1, " "))
		city.Refused(t, "opening.own_seed", forgo(first, 1, "丢失"))
		city.Refused(t, "opening.no_seed", forgo(second, 3, "丢失"))
		require.NoError(t, reveal(first, seedA)())
		city.Refused(t, "opening.no_seed", reveal(first, seedA))
		city.Refused(t, "opening.no_seed", forgo(second, 1, "丢失"))
		require.NoError(t, forgo(third, 2, "封存的种子随设备损毁")())
		city.Refused(t, "state.act", reveal(second, seedB))

		draw, err := d.Draw(t.Context(), code, closes)
		require.NoError(t, err)
		require.Equal(t, openings.EffectiveSeed([]string{seedA, openings.Pledge(seedB)}, draw.Digest), draw.Seed, "what was published stands in for what is lost")
		require.Len(t, order(t, city), 1)
		city.Lawful(t)
	})
}

func TestNobodyEntersBeforeTheWindow(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := drawnCity(t, db, clock, subsidiestest.Voted)
		clock.Set(opens.AddDays(-1).Start().Add(time.Hour))
		a := city.AgreementIn(t, subsidiestest.Deal{Policy: code}, subsidies.AgreementProviderConfirmed)
		confirm := func() error {
			_, err := city.Agreements.Confirm(as(subsidiestest.Claimant(a.EnterpriseID)), a.ID, 0)
			return err
		}
		city.Refused(t, "opening.not_begun", confirm)
		_, err := city.Openings.Published(t.Context(), code, closes)
		require.True(t, kernel.IsCode(err, "opening.not_closed"))
		clock.Set(opens.Start())
		require.NoError(t, confirm())
		require.EqualValues(t, 1, city.Count(t, "opening_entries", "agreement_id = ? AND band = 2", a.ID))
	})
}

func TestVerifyFindsADrawThatWasTamperedWith(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := drawnCity(t, db, clock, subsidiestest.Voted)
		for i := range 5 {
			clock.Advance(time.Minute)
			confirmed(t, city, []string{"small", "micro"}[i%2])
		}
		drawn(t, city)
		verify := func() []kernel.Breach {
			found, err := openings.Verify(t.Context(), db, city.Policies)
			require.NoError(t, err)
			return found
		}
		require.Empty(t, verify())
		for name, change := range map[string][2]string{
			"a place":    {"UPDATE opening_entries SET place = 6 - place WHERE place > 0", "UPDATE opening_entries SET place = 6 - place WHERE place > 0"},
			"a band":     {"UPDATE opening_entries SET band = 3 - band WHERE number = 1", "UPDATE opening_entries SET band = 3 - band WHERE number = 1"},
			"a number":   {"UPDATE opening_entries SET number = 6 - number WHERE number > 0", "UPDATE opening_entries SET number = 6 - number WHERE number > 0"},
			"an entry":   {"UPDATE opening_entries SET number = -number WHERE number = 2", "UPDATE opening_entries SET number = -number WHERE number = -2"},
			"a seed":     {"UPDATE opening_seeds SET seed = '" + seedB + "' WHERE ordinal = 1", "UPDATE opening_seeds SET seed = '" + seedA + "' WHERE ordinal = 1"},
			"the digest": {"UPDATE openings SET list_digest = '" + seedA + "'", ""},
		} {
			_ = name
			run := func(sql string) {
				require.NoError(t, database.Run(t.Context(), db, "test.tamper", func(tx *database.Tx) error { return tx.Exec(sql).Error }))
			}
			before, err := city.Openings.Draw(t.Context(), code, closes)
			require.NoError(t, err)
			run(change[0])
			require.NotEmpty(t, verify(), name)
			if change[1] == "" {
				change[1] = "UPDATE openings SET list_digest = '" + before.Digest + "'"
			}
			run(change[1])
			require.Empty(t, verify(), name)
		}
	})
}
