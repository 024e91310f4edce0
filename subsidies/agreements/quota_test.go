package agreements_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/quotas"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

const sharing = "shares-quotas"

func acceptances(city *subsidiestest.City, all ...subsidies.Agreement) []func() error {
	acts := make([]func() error, len(all))
	for i, a := range all {
		acts[i] = func() error {
			_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, 0)
			return err
		}
	}
	return acts
}

func setQuota(t *testing.T, city *subsidiestest.City, kind budget.CeilingKind, subject string, limit *kernel.Fen) {
	t.Helper()
	_, err := city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), quotas.Setting{Policy: sharing, Kind: kind, Subject: subject, Limit: limit, Reason: "抽查结果"})
	require.NoError(t, err)
}

// granted sums what the accepted agreements of the sharing policy hold.
func granted(t *testing.T, city *subsidiestest.City) kernel.Fen {
	t.Helper()
	var sum kernel.Fen
	require.NoError(t, city.DB.Read(t.Context()).Raw("SELECT COALESCE(SUM(subsidy_fen), 0) FROM agreements WHERE state = 'accepted' AND policy_code = ?", sharing).Scan(&sum).Error)
	return sum
}

// TestManyFirmsNeverExceedAProvidersQuota: the firms know nothing of one another;
// what they share is the provider's quota. Repeated, the last one takes what is
// left, and then nobody gets anything.
func TestManyFirmsNeverExceedAProvidersQuota(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		city.Publish(t, subsidiestest.WithQuotas(t, sharing, 1_000_000, 100_000_000))
		var all []subsidies.Agreement
		for i := range 8 { // each is worth 300,000
			district := []string{subsidiestest.District, subsidiestest.OtherDistrict}[i%2]
			all = append(all, city.AgreementIn(t, subsidiestest.Deal{Policy: sharing, District: district}, subsidies.AgreementEnterpriseConfirmed))
		}
		for range 4 {
			won(t, together(acceptances(city, all...)...))
			require.LessOrEqual(t, granted(t, city), kernel.Fen(1_000_000))
		}
		require.Equal(t, kernel.Fen(1_000_000), granted(t, city), "the last one takes what is left")
		require.EqualValues(t, 1_000_000, shared(t, city, budget.ProviderPolicy, string(subsidiestest.ProviderOrg)))
		require.EqualValues(t, 1_000_000, shared(t, city, budget.PolicyCategory, "erp"))

		var left subsidies.Agreement
		var back kernel.Fen
		for _, a := range all {
			now := city.AgreementNow(t, a.ID)
			if now.State == subsidies.AgreementAccepted && back == 0 {
				_, err := city.Agreements.Withdraw(subsidiestest.As(subsidiestest.PartiesOf(a).Claimant), a.ID, 0, record.Reason{})
				require.NoError(t, err)
				back = now.Legs.Subsidy
			} else if now.State != subsidies.AgreementAccepted {
				left = now
			}
		}
		require.Equal(t, 1_000_000-back, shared(t, city, budget.ProviderPolicy, string(subsidiestest.ProviderOrg)), "what is withdrawn is given back")
		require.NoError(t, acceptances(city, left)[0](), "and another can have it")

		other := city.AgreementIn(t, subsidiestest.Deal{Policy: sharing, Provider: subsidiestest.OtherProvider}, subsidies.AgreementAccepted)
		require.EqualValues(t, 300_000, other.Legs.Subsidy, "another provider has its own quota")
		city.Lawful(t)
	})
}

func TestManyFirmsNeverExceedACeilingOfCategories(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		city.Publish(t, subsidiestest.WithQuotas(t, sharing, 100_000_000, 700_000))
		var all []subsidies.Agreement
		for i := range 6 {
			seller := []kernel.ID{subsidiestest.ProviderOrg, subsidiestest.OtherProvider}[i%2]
			all = append(all, city.AgreementIn(t, subsidiestest.Deal{Policy: sharing, Provider: seller}, subsidies.AgreementEnterpriseConfirmed))
		}
		for range 3 {
			won(t, together(acceptances(city, all...)...))
		}
		require.Equal(t, kernel.Fen(700_000), granted(t, city))
		require.EqualValues(t, 700_000, shared(t, city, budget.PolicyCategory, "erp"))
		city.Lawful(t)
	})
}

// TestAQuotaLoweredWhileFirmsAreAcceptedHolds: acceptances and the officer's
// decision meet; whoever comes after the decision finds the new limit.
func TestAQuotaLoweredWhileFirmsAreAcceptedHolds(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		city.Publish(t, subsidiestest.WithQuotas(t, sharing, 100_000_000, 100_000_000))
		var all []subsidies.Agreement
		for range 6 {
			all = append(all, city.AgreementIn(t, subsidiestest.Deal{Policy: sharing}, subsidies.AgreementEnterpriseConfirmed))
		}
		low := kernel.Fen(600_000)
		acts := append(acceptances(city, all...), func() error {
			_, err := city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), quotas.Setting{Policy: sharing, Kind: budget.ProviderPolicy, Subject: string(subsidiestest.ProviderOrg), Limit: &low, Reason: "用户投诉属实"})
			return err
		})
		won(t, together(acts...))
		before := granted(t, city)
		errs := together(acceptances(city, all...)...)
		won(t, errs)
		require.LessOrEqual(t, granted(t, city), max(before, low), "after the decision nothing goes beyond it")
		city.Lawful(t)

		setQuota(t, city, budget.ProviderPolicy, string(subsidiestest.ProviderOrg), nil)
		won(t, together(acceptances(city, all...)...))
		require.Equal(t, kernel.Fen(1_800_000), granted(t, city), "the policy's quota has room for all")
		city.Lawful(t)
	})
}

func TestTheTraceShowsWhatTheQuotaLeaves(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	city.Publish(t, subsidiestest.WithQuotas(t, sharing, 500_000, 100_000_000))
	city.AgreementIn(t, subsidiestest.Deal{Policy: sharing}, subsidies.AgreementAccepted)
	second := city.AgreementIn(t, subsidiestest.Deal{Policy: sharing}, subsidies.AgreementAccepted)
	require.EqualValues(t, 200_000, second.Legs.Subsidy)
	c, err := record.Explanation(t.Context(), db, second.ID)
	require.NoError(t, err)
	require.Contains(t, formulas(c.Result.Trace), "¥5,000.00 − ¥3,000.00 = ¥2,000.00")

	limit := kernel.Fen(600_000)
	setQuota(t, city, budget.ProviderPolicy, string(subsidiestest.ProviderOrg), &limit)
	third := city.AgreementIn(t, subsidiestest.Deal{Policy: sharing}, subsidies.AgreementAccepted)
	require.EqualValues(t, 100_000, third.Legs.Subsidy)
	c, err = record.Explanation(t.Context(), db, third.ID)
	require.NoError(t, err)
	require.Contains(t, formulas(c.Result.Trace), "¥6,000.00 − ¥5,000.00 = ¥1,000.00")
	city.Lawful(t)
}

func formulas(trace []rules.Step) []string {
	var out []string
	for _, s := range trace {
		out = append(out, s.Formula.EN)
	}
	return out
}

// TestOnlyOneOfManyIsTheFirstPurchase: a firm whose agreements are accepted at the
// same moment has one first purchase, not several.
func TestOnlyOneOfManyIsTheFirstPurchase(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		doc := subsidiestest.Document(t, sharing)
		doc.Clauses = append(append([]rules.Clause{}, doc.Clauses...), rules.Clause{Number: "8.1", Text: kernel.T("仅限首次。", "First only."), Computes: []string{"first_purchase_only"}})
		doc.FirstPurchaseOnly = &rules.Citation{Clause: "8.1"}
		city.Publish(t, doc)
		firm := city.Registry.NewFirm(subsidiestest.District)
		var all []subsidies.Agreement
		for range 5 {
			all = append(all, city.AgreementIn(t, subsidiestest.Deal{Policy: sharing, Firm: firm}, subsidies.AgreementEnterpriseConfirmed))
		}
		errs := together(acceptances(city, all...)...)
		require.Equal(t, 1, won(t, errs), "%v", errs)
		require.EqualValues(t, 1, shared(t, city, budget.EnterprisePurchase, string(firm.ID)))
		city.Lawful(t)
	})
}

func TestOnlyNewUseIsAccepted(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	doc := subsidiestest.Document(t, sharing)
	doc.Clauses = append(append([]rules.Clause{}, doc.Clauses...), rules.Clause{Number: "8.1", Text: kernel.T("仅限新上云。", "New use only."), Computes: []string{"new_use_only"}})
	doc.NewUseOnly = &rules.Citation{Clause: "8.1"}
	city.Publish(t, doc)
	firm := city.Registry.NewFirm(subsidiestest.District)
	_, draft := city.Listing(subsidiestest.Deal{Policy: sharing, Firm: firm})
	again := func() subsidies.Agreement {
		who := subsidiestest.Claimant(firm.ID)
		a, err := city.Agreements.Draft(subsidiestest.As(who), who, draft)
		require.NoError(t, err)
		p := subsidiestest.PartiesOf(a)
		for _, by := range []kernel.Actor{p.Provider, p.Claimant} {
			_, err := city.Agreements.Confirm(subsidiestest.As(by), a.ID, 0)
			require.NoError(t, err)
		}
		return a
	}
	first, second := again(), again()
	require.NoError(t, acceptances(city, first)[0]())
	require.True(t, kernel.IsCode(acceptances(city, second)[0](), "agreement.not_eligible"), "the same offer is in use already")
	fresh, err := agreements.FirstUse(db.Read(t.Context()), doc, first)
	require.NoError(t, err)
	require.True(t, fresh, "its own agreement is not an earlier one")
}

// shared is what was drawn under a ceiling of the sharing policy.
func shared(t *testing.T, city *subsidiestest.City, kind budget.CeilingKind, subject string) kernel.Fen {
	t.Helper()
	drawn, err := budget.Drawn(city.DB.Read(t.Context()), budget.Ceiling{PolicyCode: sharing, Kind: kind, Subject: subject})
	require.NoError(t, err)
	return drawn
}

// TestOfExclusiveFamiliesOneIsAccepted: two families that exclude one another are
// bought by one firm and accepted at the same moment.
func TestOfExclusiveFamiliesOneIsAccepted(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		doc := subsidiestest.Document(t, sharing)
		doc.Clauses = append(append([]rules.Clause{}, doc.Clauses...), rules.Clause{Number: "8.1", Text: kernel.T("互斥。", "Exclusive."), Computes: []string{"exclusive"}})
		doc.Exclusive = []rules.Exclusive{{Clause: "8.1", Name: kernel.T("互斥", "Exclusive"), Categories: []string{"saas.crm", "saas.erp"}}}
		city.Publish(t, doc)
		for range 3 {
			firm := city.Registry.NewFirm(subsidiestest.District)
			who := subsidiestest.Claimant(firm.ID)
			var all []subsidies.Agreement
			for _, category := range doc.Exclusive[0].Categories {
				_, draft := city.Listing(subsidiestest.Deal{Policy: sharing, Firm: firm})
				city.Market.List(subsidies.Listed{
					OfferID: draft.Offer, PlanID: draft.Plan, ProviderID: subsidiestest.ProviderOrg, Offer: kernel.T("云", "Cloud"), Plan: kernel.T("标准版", "Standard"),
					Category: category, Depth: "business", Class: "A", Price: 1_000_000, Unit: "year",
				})
				a, err := city.Agreements.Draft(subsidiestest.As(who), who, draft)
				require.NoError(t, err)
				p := subsidiestest.PartiesOf(a)
				for _, by := range []kernel.Actor{p.Provider, p.Claimant} {
					_, err := city.Agreements.Confirm(subsidiestest.As(by), a.ID, 0)
					require.NoError(t, err)
				}
				all = append(all, a)
			}
			errs := together(acceptances(city, all...)...)
			require.Equal(t, 1, won(t, errs), "%v", errs)
		}
		city.Lawful(t)
	})
}
