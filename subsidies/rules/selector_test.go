package rules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

const (
	nationalProvider = "91110000MA00000001"
	someProvider     = "91500105MA2TH3BJ3Q"
)

func TestRatesBySizeStarProviderAndKindOfCost(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Clauses = append(d.Clauses, clause("7", "provider_groups"))
	d.ProviderGroups = []ProviderGroup{{Clause: "7", Key: "national", Name: words2("national platforms"), Providers: []string{nationalProvider}}}
	d.Rates = []RateRule{
		{Clause: "2", AppliesTo: Selector{Stars: []int64{5}}, Rate: bp(5000)},
		{Clause: "2", AppliesTo: Selector{Providers: []string{"national"}}, Rate: bp(4000)},
		{Clause: "2", AppliesTo: Selector{CostKinds: []string{"network"}}, Rate: bp(3000)},
		{Clause: "2", AppliesTo: Selector{Sizes: []string{"micro"}}, Rate: bp(2000)},
		{Clause: "2", AppliesTo: Selector{Providers: []string{OtherProviders}}, Rate: bp(1000)},
	}
	p := compiled(t, d)
	ask := func(change func(*Facts)) Result {
		f := facts(Line{Category: "app.erp", ListPrice: yuan(100)})
		f.Enterprise.CreditCode, f.Provider.CreditCode = "91500103MAAY4CL12J", someProvider
		change(&f)
		return quoted(t, p, f)
	}
	for name, c := range map[string]struct {
		change func(*Facts)
		want   kernel.Fen
	}{
		"others":                {func(*Facts) {}, yuan(10)},
		"micro":                 {func(f *Facts) { f.Enterprise.SizeClass = "micro" }, yuan(20)},
		"network by category":   {func(f *Facts) { f.Lines[0].Category = "infra.network" }, yuan(30)},
		"network as told":       {func(f *Facts) { f.Lines[0].CostKind = "network" }, yuan(30)},
		"national":              {func(f *Facts) { f.Provider.CreditCode = nationalProvider }, yuan(40)},
		"five stars":            {func(f *Facts) { f.Enterprise.Stars = []int64{3, 5} }, yuan(50)},
		"three stars are not 5": {func(f *Facts) { f.Enterprise.Stars = []int64{3} }, yuan(10)},
	} {
		require.Equal(t, c.want, ask(c.change).Legs.Subsidy, name)
	}
	r := ask(func(f *Facts) { f.Enterprise.CreditCode, f.Provider.CreditCode, f.Lines[0].Category = "", "", "" })
	require.True(t, r.Undecided)
	require.Contains(t, r.Eligibility[len(r.Eligibility)-1].Missing, "enterprise.star")
	r = ask(func(f *Facts) { f.Provider.CreditCode = "" })
	require.Equal(t, []string{"provider.credit_code"}, r.Eligibility[len(r.Eligibility)-1].Missing)
	r = ask(func(f *Facts) { f.Lines[0].Category = "" })
	require.Equal(t, []string{"lines[0].cost_kind"}, r.Eligibility[len(r.Eligibility)-1].Missing)
}

func TestOnlyEligibleKindsOfCostCount(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Base.CostKinds = []string{"cloud_resource", "application", "implementation"}
	d.Base.ExcludedKinds = []string{"equipment", "non_cloud_software"}
	d.Rates = []RateRule{{Clause: "2", Rate: bp(1000)}}
	r := quoted(t, compiled(t, d), facts(
		Line{Category: "infra.compute", ListPrice: yuan(100)},
		Line{Category: "app.erp", ListPrice: yuan(100)},
		Line{Category: "app.erp", CostKind: "non_cloud_software", ListPrice: yuan(100)},
		Line{Category: "device.smart", CostKind: "equipment", ListPrice: yuan(100)},
		Line{Category: "support.migration", ListPrice: yuan(100)},
		Line{Category: "support.training", ListPrice: yuan(100)},
	))
	require.Equal(t, yuan(30), r.Legs.Subsidy)
	require.Equal(t, []kernel.Fen{yuan(100), yuan(100), 0, 0, yuan(100), 0}, []kernel.Fen{r.Lines[0].Base, r.Lines[1].Base, r.Lines[2].Base, r.Lines[3].Base, r.Lines[4].Base, r.Lines[5].Base})
	require.Equal(t, labelExcludedKind, r.Trace[5].Label)
}

func TestOnlyNewUseCounts(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Clauses = append(d.Clauses, clause("7", "new_use_only"))
	d.NewUseOnly = &Citation{Clause: "7"}
	p := compiled(t, d)
	fresh, used := Line{Depth: "business", ListPrice: yuan(100), FirstUse: true}, Line{Depth: "business", ListPrice: yuan(100)}
	r := quoted(t, p, facts(fresh, used))
	require.Equal(t, yuan(30), r.Legs.Subsidy)
	r = quoted(t, p, facts(used))
	require.False(t, r.Eligible)
	require.Equal(t, Step{Clause: "7", Line: 1, Label: labelInUse, Formula: same("¥0.00"), Unit: UnitFen}, r.Trace[1])
}

func TestOfExclusiveFamiliesOneIsSubsidised(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Clauses = append(d.Clauses, clause("7", "exclusive"))
	d.Exclusive = []Exclusive{{Clause: "7", Name: words2("office"), Categories: []string{"app.crm", "app.erp", "app.scm"}}}
	d.Rates = []RateRule{{Clause: "2", Rate: bp(1000)}}
	p := compiled(t, d)
	lines := []Line{{Category: "app.crm", ListPrice: yuan(100)}, {Category: "app.erp", ListPrice: yuan(60)}, {Category: "app.erp", ListPrice: yuan(50)}, {Category: "app.hr", ListPrice: yuan(10)}}
	r := quoted(t, p, facts(lines...))
	require.Equal(t, yuan(12), r.Legs.Subsidy, "both lines of the dearer family, and what is in no set")
	f := facts(lines...)
	f.Used.ByCategory = map[string]kernel.Fen{"app.crm": 1}
	require.Equal(t, yuan(11), quoted(t, p, f).Legs.Subsidy, "the family it has had stays")
	f.Used.ByCategory = map[string]kernel.Fen{"app.scm": 1}
	require.Equal(t, yuan(1), quoted(t, p, f).Legs.Subsidy, "another family was had: neither")
	r = quoted(t, p, facts(Line{Category: "app.crm", ListPrice: yuan(5)}, Line{Category: "app.erp", ListPrice: yuan(5)}))
	require.Equal(t, yuan(1)/2, r.Legs.Subsidy)
	require.Zero(t, r.Lines[1].Base, "the earlier of equals")
	require.Zero(t, quoted(t, p, facts(Line{Category: "app.crm"})).Legs.Subsidy)
}

func TestAMatchMayChangeByDate(t *testing.T) {
	t.Parallel()
	d := sample()
	later := kernel.Period{From: "2027-01-01"}
	d.Match.Groups = []MatchGroup{
		{Clause: "4", Name: words2("mountains"), Districts: []string{"500229"}, Effective: kernel.Period{To: "2026-12-31"}, Municipal: 8000},
		{Clause: "4", Name: words2("mountains, later"), Districts: []string{"500229"}, Effective: later, Municipal: 9000},
		{Clause: "4", Name: words2("all, later"), Effective: later, Municipal: 5000},
	}
	p := compiled(t, d)
	f := facts(one(yuan(1000))...)
	municipal := func(district string, on kernel.Date) kernel.Fen {
		f.Enterprise.District, f.On = district, on
		return quoted(t, p, f).Legs.Municipal
	}
	require.Equal(t, yuan(180), municipal("500105", "2026-11-23"))
	require.Equal(t, yuan(240), municipal("500229", "2026-12-31"))
	require.Equal(t, yuan(270), municipal("500229", "2027-01-01"))
	require.Equal(t, yuan(150), municipal("500105", "2027-01-01"))
}

func TestGroupsThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	group := func(key string, providers ...string) ProviderGroup {
		return ProviderGroup{Clause: "7", Key: key, Name: words2(key), Providers: providers}
	}
	for name, c := range map[string]struct {
		mutate     func(d *Document)
		path, code string
	}{
		"group twice":       {func(d *Document) { d.ProviderGroups = append(d.ProviderGroups, group("national", someProvider)) }, "provider_groups[1].key", "policy.group_duplicate"},
		"the rest declared": {func(d *Document) { d.ProviderGroups[0].Key = OtherProviders }, "provider_groups[0].key", "policy.group_duplicate"},
		"provider twice": {func(d *Document) {
			d.ProviderGroups = append(d.ProviderGroups, group("b", nationalProvider))
		}, "provider_groups[1].providers[0]", "policy.group_duplicate"},
		"unknown group":        {func(d *Document) { d.Rates[0].AppliesTo.Providers = []string{"local"} }, "rates[0].applies_to.providers[0]", "policy.group_unknown"},
		"family within family": {func(d *Document) { d.Exclusive[0].Categories = []string{"app", "app.erp"} }, "exclusive[0].categories[1]", "policy.exclusive_overlap"},
		"groups of one time": {func(d *Document) {
			g := MatchGroup{Clause: "4", Name: words2("g"), Districts: []string{"500229"}, Municipal: 1, Effective: kernel.Period{From: "2026-01-01"}}
			d.Match.Groups = []MatchGroup{g, g}
		}, "match.groups[1].districts[0]", "policy.match_duplicate"},
		"hidden group": {func(d *Document) {
			all := kernel.Period{From: "2026-01-01"}
			d.Match.Groups = []MatchGroup{{Clause: "4", Name: words2("all"), Effective: all, Municipal: 1}, {Clause: "4", Name: words2("g"), Districts: []string{"500229"}, Effective: all, Municipal: 1}}
		}, "match.groups[1]", "policy.match_duplicate"},
		"all for ever": {func(d *Document) {
			d.Match.Groups = []MatchGroup{{Clause: "4", Name: words2("all"), Municipal: 1}}
		}, "match.groups[0].districts", "required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sample()
			d.Clauses = append(d.Clauses, clause("7", "provider_groups", "exclusive"))
			d.ProviderGroups = []ProviderGroup{group("national", nationalProvider)}
			d.Exclusive = []Exclusive{{Clause: "7", Name: words2("set"), Categories: []string{"app.crm", "app.erp"}}}
			c.mutate(&d)
			_, err := Compile(d)
			require.Error(t, err)
			require.Equal(t, c.code, faultsOf(t, err)[c.path], "%v", err)
		})
	}
}
