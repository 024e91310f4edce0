package drafts_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

// goTo moves the city's clock to noon of a day.
func goTo(city *subsidiestest.City, day kernel.Date) {
	city.Clock.Advance(day.Start().Add(12 * time.Hour).Sub(city.Clock.Now()))
}

// raise has the next version of the city's policy written, checked and published:
// 35 % instead of 30 % from a day on.
func raise(t *testing.T, city *subsidiestest.City, from kernel.Date) {
	t.Helper()
	author, second := subsidiestest.As(subsidiestest.CityOfficer), subsidiestest.As(subsidiestest.CityReviewer)
	id, err := city.Drafts.Create(author, drafts.New{Code: subsidiestest.Policy, BasedOn: 1})
	require.NoError(t, err)
	var doc rules.Document
	require.NoError(t, json.Unmarshal([]byte(draft(t, city, id).Document), &doc))
	doc.InForceFrom = from
	for i, r := range doc.Rates {
		if r.Rate != nil && *r.Rate == 3000 {
			rate := kernel.Rate(3500)
			doc.Rates[i].Rate = &rate
		}
	}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	require.NoError(t, city.Drafts.Save(author, id, 1, text))
	require.NoError(t, city.Drafts.Submit(author, id, 2))
	require.NoError(t, city.Drafts.Publish(second, id, 3))
}

// claimed brings an accepted agreement to a submitted claim.
func claimed(t *testing.T, city *subsidiestest.City, a subsidies.Agreement) subsidies.Claim {
	t.Helper()
	who := subsidiestest.As(subsidiestest.Claimant(a.EnterpriseID))
	claim, err := city.Claims.Open(who, a.ID)
	require.NoError(t, err)
	city.Prove(t, claim.ID, subsidies.EvidenceContract, subsidies.EvidenceInvoice, subsidies.EvidencePayment, subsidies.EvidenceAcceptance)
	require.NoError(t, city.HandIn(t, claim.ID, city.Filling(t, claim)))
	return city.Claim(t, claim.ID)
}

// TestAClaimOfEachSideOfTheDateGetsItsOwn: the next version changes a rate from a
// day; what was applied for before that day keeps its law, however late it is
// accepted and claimed.
func TestAClaimOfEachSideOfTheDateGetsItsOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		raise(t, city, "2027-01-01")
		goTo(city, "2026-12-31")
		firm := city.Registry.NewFirm(subsidiestest.District)
		waiting := city.AgreementIn(t, subsidiestest.Deal{Firm: firm}, subsidies.AgreementDrafted)
		held := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
		require.Equal(t, []any{1, kernel.Fen(300_000)}, []any{held.PolicyVersion, held.Legs.Subsidy})

		goTo(city, "2027-01-01")
		p := subsidiestest.PartiesOf(waiting)
		for _, who := range []kernel.Actor{p.Provider, p.Claimant} {
			_, err := city.Agreements.Confirm(subsidiestest.As(who), waiting.ID, 0)
			require.NoError(t, err)
		}
		late, err := city.Agreements.Accept(subsidiestest.As(p.Officer), waiting.ID, 0)
		require.NoError(t, err)
		require.Equal(t, []any{1, kernel.Fen(300_000)}, []any{late.PolicyVersion, late.Legs.Subsidy}, "accepted later, applied for before")
		fresh := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
		require.Equal(t, []any{2, kernel.Fen(350_000)}, []any{fresh.PolicyVersion, fresh.Legs.Subsidy})

		for want, a := range map[kernel.Fen]subsidies.Agreement{300_000: late, 350_000: fresh} {
			c := claimed(t, city, a)
			require.Equal(t, []any{a.PolicyVersion, want}, []any{c.PolicyVersion, c.Legs.Subsidy})
			trace, err := record.Explanation(t.Context(), city.DB, c.ID)
			require.NoError(t, err)
			require.Equal(t, a.PolicyVersion, trace.Result.Version)
		}
		claimed(t, city, held)
		desk := &quotes.Desk{DB: city.DB, Policies: city.Policies, Registry: city.Registry, Market: city.Market}
		for day, version := range map[kernel.Date]int{"2026-12-31": 1, "2027-01-01": 2} {
			a, err := desk.Ask(t.Context(), quotes.Question{Policy: subsidiestest.Policy, On: day, Items: []quotes.Item{{Depth: "business", Price: 1_000_000}}})
			require.NoError(t, err)
			require.Equal(t, version, a.Result.Version)
		}
		city.Lawful(t)
	})
}

// TestTheRateOfTheDayOfApplicationCounts also where one version changes its rate
// by date: acceptance does not move the day.
func TestTheRateOfTheDayOfApplicationCounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		doc := subsidiestest.Document(t, "by-date")
		var rated []rules.RateRule
		for _, r := range doc.Rates {
			until, after := r, r
			until.Effective, after.Effective = kernel.Period{To: "2026-12-31"}, kernel.Period{From: "2027-01-01"}
			if r.Rate != nil {
				more := *r.Rate + 500
				after.Rate = &more
			}
			rated = append(rated, until, after)
		}
		doc.Rates = rated
		city.Publish(t, doc)
		goTo(city, "2026-12-31")
		waiting := city.AgreementIn(t, subsidiestest.Deal{Policy: "by-date"}, subsidies.AgreementEnterpriseConfirmed)
		goTo(city, "2027-01-01")
		late, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(waiting).Officer), waiting.ID, 0)
		require.NoError(t, err)
		require.EqualValues(t, 300_000, late.Legs.Subsidy)
		require.EqualValues(t, 300_000, claimed(t, city, late).Legs.Subsidy)
		fresh := city.AgreementIn(t, subsidiestest.Deal{Policy: "by-date"}, subsidies.AgreementAccepted)
		require.EqualValues(t, 350_000, claimed(t, city, fresh).Legs.Subsidy)
		city.Lawful(t)
	})
}

func TestNothingIsAppliedForBeforeAPolicyBegins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		doc := subsidiestest.Document(t, "early")
		doc.InForceFrom = "2027-03-01"
		city.Publish(t, doc)
		a := city.AgreementIn(t, subsidiestest.Deal{Policy: "early"}, subsidies.AgreementEnterpriseConfirmed)
		require.Zero(t, a.Legs.Subsidy)
		city.Refused(t, "agreement.not_eligible", func() error {
			_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
			return err
		})
	})
}
