package rules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

// changing is a sample whose business rate rises on 1 January 2027 and whose cap
// and least age are parameters too.
func changing() Document {
	d := sample()
	d.Clauses = append(d.Clauses, clause("7", "parameters"))
	d.Clauses[0].Computes = []string{"eligibility"}
	d.Parameters = []Parameter{
		{Name: "business_rate", Clause: "7", Label: words2("business rate"), Unit: UnitRate, Values: []Value{{Value: 3000}, {From: "2027-01-01", Value: 3500}}},
		{Name: "year_cap", Clause: "7", Label: words2("cap of a year"), Unit: UnitFen, Values: []Value{{From: "2026-01-01", Value: 20_000_000}, {From: "2027-01-01", Value: 10_000_000}}},
		{Name: "least_age", Clause: "7", Label: words2("least age"), Unit: UnitMonths, Values: []Value{{Value: 12}, {From: "2027-06-01", Value: 6}}},
	}
	d.Rates[1].Rate, d.Rates[1].RateParameter = nil, "business_rate"
	d.Caps[0].Limit, d.Caps[0].LimitParameter = 0, "year_cap"
	d.Eligibility = []Predicate{{Clause: "1", Rule: words2("one year old"), Expression: "enterprise.age_months >= parameter.least_age"}}
	return d
}

func TestAFigureFollowsTheDayOfApplicationAndSaysSo(t *testing.T) {
	t.Parallel()
	p := compiled(t, changing())
	f := facts(Line{Depth: "business", ListPrice: yuan(1_000_000)})
	f.Enterprise.FoundedOn = "2020-01-01"
	for on, want := range map[kernel.Date]struct {
		granted, subsidy kernel.Fen
		rate             string
	}{
		"2026-12-31": {yuan(300_000), yuan(200_000), "30%"},
		"2027-01-01": {yuan(350_000), yuan(100_000), "35%（2027-01-01 起）"},
		"2025-01-01": {yuan(300_000), yuan(200_000), "30%"},
	} {
		f.On = on
		r := quoted(t, p, f)
		require.Equal(t, want.granted, r.Lines[0].Granted, on)
		require.Equal(t, want.subsidy, r.Potential, on)
		require.Equal(t, Step{Clause: "7", Line: 1, Label: words2("business rate"), Formula: r.Trace[1].Formula, Unit: UnitRate, Value: r.Trace[1].Value}, r.Trace[1])
		require.Equal(t, want.rate, r.Trace[1].Formula.ZH)
	}
}

func TestEveryPlaceMayNameAParameter(t *testing.T) {
	t.Parallel()
	d := changing()
	d.Clauses = append(d.Clauses, clause("8", "minimum_enterprise_share", "minimum_subsidy"))
	d.Parameters = append(d.Parameters,
		Parameter{Name: "share", Clause: "7", Label: words2("share"), Unit: UnitRate, Values: []Value{{Value: 7500}}},
		Parameter{Name: "flat", Clause: "7", Label: words2("flat"), Unit: UnitFen, Values: []Value{{Value: 5000}}},
		Parameter{Name: "paid", Clause: "7", Label: words2("paid"), Unit: UnitRate, Values: []Value{{Value: 8000}}},
		Parameter{Name: "least", Clause: "7", Label: words2("least"), Unit: UnitFen, Values: []Value{{Value: 4000}}},
	)
	d.MinimumEnterpriseShare = &Threshold{Clause: "8", Parameter: "share"}
	d.MinimumSubsidy = &Minimum{Clause: "8", Parameter: "least"}
	d.MinimumPaid = &Threshold{Clause: "5", Parameter: "paid"}
	d.Rates[0].Rate, d.Rates[0].FlatParameter = nil, "flat"
	p := compiled(t, d)
	f := facts(Line{Depth: "resource", ListPrice: yuan(1000)})
	f.Enterprise.FoundedOn = "2020-01-01"
	require.Equal(t, kernel.Fen(5000), quoted(t, p, f).Legs.Subsidy)
	f.Paid = fen(yuan(799))
	require.False(t, quoted(t, p, f).Eligible)
	f = facts(Line{Depth: "business", ListPrice: yuan(100)})
	f.Enterprise.FoundedOn = "2020-01-01"
	r := quoted(t, p, f)
	require.Equal(t, yuan(25), r.Potential, "a quarter at most")
	require.Zero(t, r.Legs.Subsidy, "25 is less than 40")
}

func TestParametersThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mutate     func(d *Document)
		path, code string
	}{
		"nobody by that name":  {func(d *Document) { d.Rates[1].RateParameter = "rate" }, "rates[1].rate_parameter", "policy.parameter_unknown"},
		"another unit":         {func(d *Document) { d.Rates[1].RateParameter = "year_cap" }, "rates[1].rate_parameter", "policy.parameter_unit"},
		"two of a name":        {func(d *Document) { d.Parameters[1].Name = "business_rate" }, "parameters[1].name", "policy.parameter_duplicate"},
		"out of order":         {func(d *Document) { d.Parameters[1].Values[1].From = "2026-01-01" }, "parameters[1].values[1].from", "policy.parameter_order"},
		"a gap at the opening": {func(d *Document) { d.Parameters[1].Values[0].From = "2026-01-02" }, "parameters[1].values[0].from", "policy.parameter_gap"},
		"above the whole":      {func(d *Document) { d.Parameters[0].Values[0].Value = 10_001 }, "parameters[0].values[0].value", "maximum"},
		"no such day":          {func(d *Document) { d.Parameters[0].Values[1].From = "2027-02-30" }, "parameters[0].values[1].from", "date"},
		"figure and parameter": {func(d *Document) { d.Caps[0].Limit = 1 }, "caps[0].limit_parameter", "policy.figure_twice"},
		"neither":              {func(d *Document) { d.Caps[0].LimitParameter = "" }, "caps[0].limit_fen", "required"},
		"two forms":            {func(d *Document) { d.Rates[1].Rate = bp(1) }, "rates[1]", "policy.rate_form"},
		"idle":                 {func(d *Document) { d.Rates[1].Rate, d.Rates[1].RateParameter = bp(1), "" }, "parameters[0]", "policy.parameter_idle"},
		"cap below minimum on a day": {func(d *Document) {
			d.Clauses = append(d.Clauses, clause("8", "minimum_subsidy"))
			d.MinimumSubsidy = &Minimum{Clause: "8", Amount: 15_000_000}
		}, "caps[0].limit_fen", "policy.cap_below_minimum"},
		"unknown in an expression": {expression("enterprise.age_months >= parameter.age"), "eligibility[0].expression", "policy.expression"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := changing()
			c.mutate(&d)
			_, err := Compile(d)
			require.Error(t, err)
			require.Equal(t, c.code, faultsOf(t, err)[c.path], "%v", err)
		})
	}
}
