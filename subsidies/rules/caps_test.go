package rules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func withCaps(caps ...Cap) Document {
	d := sample()
	d.Caps = caps
	return d
}

func TestTheLowestCapCounts(t *testing.T) {
	t.Parallel()
	p := compiled(t, withCaps(
		Cap{Clause: "3", Scope: CapClaim, Limit: yuan(1000)},
		Cap{Clause: "3", Scope: CapEnterpriseYear, Limit: yuan(2000)},
		Cap{Clause: "3", Scope: CapEnterprisePolicy, Limit: yuan(3000)},
	))
	for _, c := range []struct {
		used Used
		want kernel.Fen
	}{
		{Used{}, yuan(1000)},
		{Used{ThisYear: yuan(1500), ThisPolicy: yuan(1500)}, yuan(500)},
		{Used{ThisPolicy: yuan(2900)}, yuan(100)},
		{Used{ThisYear: yuan(5000), ThisPolicy: yuan(5000)}, 0},
	} {
		f := facts(one(yuan(100_000))...)
		f.Used = c.used
		require.Equal(t, c.want, quoted(t, p, f).Legs.Subsidy)
	}
}

func TestFirstAndLaterPurchasesHaveTheirOwnCaps(t *testing.T) {
	t.Parallel()
	p := compiled(t, withCaps(
		Cap{Clause: "3", Scope: CapClaim, Limit: yuan(500), AppliesTo: Selector{Purchase: PurchaseFirst}},
		Cap{Clause: "3", Scope: CapClaim, Limit: yuan(300), AppliesTo: Selector{Purchase: PurchaseLater}},
	))
	f := facts(one(yuan(100_000))...)
	require.Equal(t, yuan(500), quoted(t, p, f).Legs.Subsidy)
	f.Used.Purchases = 3
	require.Equal(t, yuan(300), quoted(t, p, f).Legs.Subsidy)
}

func TestACategoryCapCutsItsLinesOnlyAndRemembersWhatWasUsed(t *testing.T) {
	t.Parallel()
	p := compiled(t, withCaps(Cap{Clause: "3", Scope: CapCategory, Limit: yuan(100), AppliesTo: Selector{Categories: []string{"infra"}}}))
	f := facts(
		Line{Category: "infra.compute", Depth: "resource", ListPrice: yuan(1000)},
		Line{Category: "infra.storage", Depth: "resource", ListPrice: yuan(1000)},
		Line{Category: "app.erp", Depth: "business", ListPrice: yuan(1000)},
	)
	r := quoted(t, p, f)
	require.Equal(t, yuan(400), r.Legs.Subsidy)
	require.Equal(t, []kernel.Fen{yuan(50), yuan(50), yuan(300)}, []kernel.Fen{r.Lines[0].Subsidy, r.Lines[1].Subsidy, r.Lines[2].Subsidy})

	f.Used.ByCategory = map[string]kernel.Fen{"infra.network": yuan(90), "app.erp": yuan(5000)}
	require.Equal(t, yuan(310), quoted(t, p, f).Legs.Subsidy)
}

func TestANarrowCapIsAppliedBeforeAWideOne(t *testing.T) {
	t.Parallel()
	p := compiled(t, withCaps(
		Cap{Clause: "3", Scope: CapCategory, Limit: yuan(100), AppliesTo: Selector{Categories: []string{"infra"}}},
		Cap{Clause: "3", Scope: CapCategory, Limit: yuan(10), AppliesTo: Selector{Categories: []string{"infra.compute"}}},
	))
	r := quoted(t, p, facts(
		Line{Category: "infra.compute", Depth: "resource", ListPrice: yuan(5000)},
		Line{Category: "infra.storage", Depth: "resource", ListPrice: yuan(500)},
	))
	require.Equal(t, yuan(100), r.Legs.Subsidy, "10 and what is left, not half of 100 cut once more")
}

func TestRoundingToAUnitNeverExceedsACap(t *testing.T) {
	t.Parallel()
	d := withCaps(Cap{Clause: "3", Scope: CapClaim, Limit: 12_345})
	d.Rounding = kernel.Rounding{Mode: kernel.RoundUp, Unit: 10_000}
	p := compiled(t, d)
	require.Zero(t, quoted(t, p, facts(one(100)...)).Legs.Subsidy, "30 fen would round up to 100 yuan, more than the price: nothing")
	require.Equal(t, kernel.Fen(10_000), quoted(t, p, facts(one(30_000)...)).Legs.Subsidy, "90 yuan round up")
	require.Equal(t, kernel.Fen(10_000), quoted(t, p, facts(one(yuan(100_000))...)).Legs.Subsidy, "the cap rounds down")
}

func TestLeastEnterpriseShare(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Clauses = append(d.Clauses, clause("6", "minimum_enterprise_share"))
	d.MinimumEnterpriseShare = &Threshold{Clause: "6", Rate: 7_500}
	r := quoted(t, compiled(t, d), facts(Line{Depth: "ecosystem", ListPrice: 10_001}))
	require.Equal(t, kernel.Fen(7_501), r.Legs.EnterpriseShare)
	require.Equal(t, kernel.Fen(2_500), r.Legs.Subsidy)
}

func TestLeastSubsidy(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Clauses = append(d.Clauses, clause("6", "minimum_subsidy"))
	d.MinimumSubsidy = &Minimum{Clause: "6", Amount: yuan(300)}
	p := compiled(t, d)
	require.Equal(t, yuan(300), quoted(t, p, facts(one(yuan(1000))...)).Legs.Subsidy)
	r := quoted(t, p, facts(one(yuan(1000)-10)...))
	require.False(t, r.Eligible)
	require.Zero(t, r.Legs.Subsidy)
	require.Equal(t, yuan(300)-3, r.Potential)
}

func TestBandsMarginalAndWhole(t *testing.T) {
	t.Parallel()
	tiers := []Band{{To: yuan(1000), Rate: 5000}, {From: yuan(1000), To: yuan(2000), Rate: 3000}, {From: yuan(2000), Rate: 1000}}
	for mode, want := range map[string]map[kernel.Fen]kernel.Fen{
		BandMarginal: {0: 0, yuan(500): yuan(250), yuan(1000): yuan(500), yuan(1500): yuan(650), yuan(5000): yuan(1100)},
		BandWhole:    {0: 0, yuan(500): yuan(250), yuan(1000): yuan(300), yuan(1999): 59_970, yuan(5000): yuan(500)},
	} {
		d := sample()
		d.Rates = []RateRule{{Clause: "2", Bands: tiers, BandMode: mode}}
		p := compiled(t, d)
		for base, subsidy := range want {
			require.Equal(t, subsidy, quoted(t, p, facts(Line{ListPrice: base})).Legs.Subsidy, "%s %d", mode, base)
			split := quoted(t, p, facts(Line{ListPrice: base / 2}, Line{ListPrice: base - base/2}))
			require.Equal(t, subsidy, split.Legs.Subsidy, "splitting a purchase gains nothing")
		}
	}
}

func TestARateHasItsDates(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Rates = []RateRule{
		{Clause: "2", Effective: kernel.Period{To: "2026-12-31"}, Rate: bp(1000)},
		{Clause: "2", Effective: kernel.Period{From: "2027-01-01"}, Rate: bp(2000)},
	}
	p := compiled(t, d)
	f := facts(one(yuan(100))...)
	require.Equal(t, yuan(10), quoted(t, p, f).Legs.Subsidy)
	f.On = "2027-01-01"
	require.Equal(t, yuan(20), quoted(t, p, f).Legs.Subsidy)
}

func TestDistrictsMayHaveTheirOwnMatch(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Match.Groups = []MatchGroup{{Clause: "4", Name: words2("mountains"), Districts: []string{"500229"}, Municipal: 8000}}
	p := compiled(t, d)
	f := facts(one(yuan(1000))...)
	require.Equal(t, yuan(180), quoted(t, p, f).Legs.Municipal)
	f.Enterprise.District = "500229"
	require.Equal(t, yuan(240), quoted(t, p, f).Legs.Municipal)
}
