package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/kernel"
)

var someCategories = []string{"infra", "infra.compute", "infra.storage", "app.erp", "app.mes", "support.training"}

func anyFen(top kernel.Fen) *rapid.Generator[kernel.Fen] {
	return rapid.Custom(func(t *rapid.T) kernel.Fen { return kernel.Fen(rapid.Int64Range(0, int64(top)).Draw(t, "fen")) })
}

func anyRate() *rapid.Generator[kernel.Rate] {
	return rapid.Custom(func(t *rapid.T) kernel.Rate { return kernel.Rate(rapid.Int64Range(0, 10_000).Draw(t, "bp")) })
}

func maybe(t *rapid.T, name string) bool { return rapid.Bool().Draw(t, name) }

// anyRule draws a rule; bands are marginal, so that more spent is never less granted.
func anyRule(t *rapid.T) RateRule {
	r := RateRule{Clause: "2"}
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		r.Rate = new(anyRate().Draw(t, "rate"))
	case 1:
		r.Flat = new(anyFen(1_000_000).Draw(t, "flat"))
	default:
		edge := anyFen(10_000_000).Draw(t, "edge") + 1
		r.Bands = []Band{{To: edge, Rate: anyRate().Draw(t, "low")}, {From: edge, Rate: anyRate().Draw(t, "high")}}
	}
	return r
}

func anyCap(t *rapid.T) Cap {
	c := Cap{Clause: "3", Scope: rapid.SampledFrom([]string{CapClaim, CapEnterpriseYear, CapEnterprisePolicy, CapCategory, CapProviderYear, CapProviderPolicy, CapPolicyCategory}).Draw(t, "scope"), Limit: 1 + anyFen(30_000_000).Draw(t, "limit")}
	if c.Scope == CapCategory || c.Scope == CapPolicyCategory {
		c.AppliesTo.Categories = []string{rapid.SampledFrom(someCategories).Draw(t, "category")}
	}
	if c.Scope == CapPolicyCategory {
		c.Key = strings.ReplaceAll(c.AppliesTo.Categories[0], ".", "_")
	}
	if c.Scope == CapClaim && maybe(t, "per depth") {
		c.AppliesTo.Depths = []string{rapid.SampledFrom(Depths).Draw(t, "cap depth")}
	}
	return c
}

func anyDocument() *rapid.Generator[Document] {
	return rapid.Custom(func(t *rapid.T) Document {
		d := sample()
		d.Eligibility, d.MinimumPaid = nil, nil
		d.Clauses = []Clause{clause("2", "rates", "base"), clause("4", "match")}
		d.Base.Of = rapid.SampledFrom([]string{BaseOfContract, BaseOfPaid}).Draw(t, "of")
		d.Base.VAT = rapid.SampledFrom([]string{VATIncluded, VATExcluded}).Draw(t, "vat")
		d.Match.Municipal = anyRate().Draw(t, "municipal")
		d.Rates = nil
		for _, one := range Depths {
			r := anyRule(t)
			r.AppliesTo.Depths = []string{one}
			d.Rates = append(d.Rates, r)
		}
		d.Caps = rapid.SliceOfN(rapid.Custom(anyCap), 0, 4).Draw(t, "caps")
		if len(d.Caps) > 0 {
			d.Clauses = append(d.Clauses, clause("3", "caps"))
		}
		enrich(t, &d)
		if maybe(t, "least share") {
			d.Clauses = append(d.Clauses, clause("6", "minimum_enterprise_share"))
			d.MinimumEnterpriseShare = &Threshold{Clause: "6", Rate: max(anyRate().Draw(t, "share"), 1)}
		}
		d.Rounding.Mode = rapid.SampledFrom([]kernel.RoundingMode{kernel.RoundDown, kernel.RoundHalfUp, kernel.RoundHalfEven, kernel.RoundUp}).Draw(t, "mode")
		d.Rounding.Unit = rapid.SampledFrom([]kernel.Fen{1, 100, 10_000}).Draw(t, "unit")
		return d
	})
}

// enrich gives a document what few have: figures by date, groups of providers,
// kinds of cost left out, shares of the districts that change by date.
func enrich(t *rapid.T, d *Document) {
	parameter := func(name, unit string, most int64) {
		values := []Value{{Value: rapid.Int64Range(1, most).Draw(t, name)}, {From: "2026-07-01", Value: rapid.Int64Range(1, most).Draw(t, name)}, {From: "2027-02-01", Value: rapid.Int64Range(1, most).Draw(t, name)}}
		d.Parameters = append(d.Parameters, Parameter{Name: name, Clause: "7", Label: words2(name), Unit: unit, Values: values})
	}
	parts := []string{}
	if maybe(t, "rate by date") {
		parts = append(parts, "parameters")
		parameter("rate", UnitRate, 10_000)
		first := &d.Rates[0]
		first.Rate, first.Flat, first.Bands, first.RateParameter = nil, nil, nil, "rate"
	}
	if len(d.Caps) > 0 && maybe(t, "cap by date") {
		if len(d.Parameters) == 0 {
			parts = append(parts, "parameters")
		}
		parameter("cap", UnitFen, 30_000_000)
		d.Caps[0].Limit, d.Caps[0].LimitParameter = 0, "cap"
	}
	if maybe(t, "groups") {
		parts = append(parts, "provider_groups")
		d.ProviderGroups = []ProviderGroup{{Clause: "7", Key: "national", Name: words2("national"), Providers: []string{nationalProvider}}}
		for i := range d.Caps {
			if c := &d.Caps[i]; c.Scope == CapProviderYear || c.Scope == CapProviderPolicy {
				c.AppliesTo.Providers = []string{rapid.SampledFrom([]string{"national", OtherProviders}).Draw(t, "group")}
			}
		}
	}
	if len(parts) > 0 {
		d.Clauses = append(d.Clauses, clause("7", parts...))
	}
	if maybe(t, "kinds") {
		d.Base.ExcludedKinds = []string{rapid.SampledFrom(CostKinds).Draw(t, "kind")}
	}
	if maybe(t, "districts") {
		d.Match.Groups = []MatchGroup{
			{Clause: "4", Name: words2("g"), Districts: []string{"500105"}, Effective: kernel.Period{To: "2026-12-31"}, Municipal: anyRate().Draw(t, "before")},
			{Clause: "4", Name: words2("all"), Effective: kernel.Period{From: "2027-01-01"}, Municipal: anyRate().Draw(t, "after")},
		}
	}
}

func anyLine() *rapid.Generator[Line] {
	return rapid.Custom(func(t *rapid.T) Line {
		l := Line{
			Category: rapid.SampledFrom(someCategories).Draw(t, "category"), Depth: rapid.SampledFrom(Depths).Draw(t, "depth"),
			ListPrice: anyFen(rapid.SampledFrom([]kernel.Fen{100, 10_000_000, 10_000_000_000_000}).Draw(t, "scale")).Draw(t, "list"), Quantity: rapid.Int64Range(0, 3).Draw(t, "quantity"),
		}
		l.Discount = anyFen(l.ListPrice).Draw(t, "discount")
		l.Tax = anyFen(l.ListPrice-l.Discount).Draw(t, "tax")
		return l
	})
}

func anyFacts() *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		f := facts(rapid.SliceOfN(anyLine(), 1, 5).Draw(t, "lines")...)
		f.On = rapid.SampledFrom([]kernel.Date{"2026-01-01", "2026-06-30", "2026-07-01", "2026-11-23", "2027-02-01"}).Draw(t, "on")
		f.Provider.CreditCode = rapid.SampledFrom([]string{nationalProvider, someProvider}).Draw(t, "provider")
		f.Used.ThisYear, f.Used.ThisPolicy = anyFen(30_000_000).Draw(t, "year"), anyFen(30_000_000).Draw(t, "policy")
		f.Used.ByCategory = map[string]kernel.Fen{"infra.compute": anyFen(1_000_000).Draw(t, "compute"), "app.erp": anyFen(1_000_000).Draw(t, "erp")}
		for _, q := range []string{CapProviderYear, CapProviderPolicy, "policy_category:infra", "policy_category:app_erp"} {
			quota := Quota{Used: anyFen(30_000_000).Draw(t, q)}
			if maybe(t, "set") {
				quota.Set = new(anyFen(30_000_000).Draw(t, "limit set"))
			}
			if f.Used.Quotas == nil {
				f.Used.Quotas = map[string]Quota{}
			}
			f.Used.Quotas[q] = quota
		}
		if maybe(t, "paid") {
			f.Paid = new(anyFen(20_000_000).Draw(t, "paid"))
		}
		return f
	})
}

func TestLegsAreConservedAndNoCapIsExceeded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, f := mustCompile(t, anyDocument().Draw(t, "document")), anyFacts().Draw(t, "facts")
		r := mustQuote(t, p, f)
		require.NoError(t, r.Legs.Conserved())
		require.Equal(t, coveredBy(p, &f), r.Eligible, "%+v", r.Eligibility)

		var lines, byCap kernel.Fen
		for _, l := range r.Lines {
			require.GreaterOrEqual(t, l.Subsidy, kernel.Fen(0))
			lines += l.Subsidy
		}
		require.Equal(t, r.Legs.Subsidy, lines, "the lines add up")
		require.LessOrEqual(t, r.Legs.Subsidy, r.Legs.Contract())
		if f.Paid != nil {
			require.LessOrEqual(t, r.Legs.Subsidy, *f.Paid)
		}
		for i := range p.doc.Caps {
			c := &p.doc.Caps[i]
			byCap = 0
			for k := range f.Lines {
				if ok, _ := c.AppliesTo.match(&f.Lines[k], &f, &p.doc); ok {
					byCap += r.Lines[k].Subsidy
				}
			}
			used := map[string]kernel.Fen{CapEnterpriseYear: f.Used.ThisYear, CapEnterprisePolicy: f.Used.ThisPolicy}[c.Scope]
			if c.Scope == CapCategory {
				used = (&work{f: &f}).usedIn(c.AppliesTo.Categories)
			}
			limit := p.doc.LimitOn(*c, f.On)
			if quota := c.Quota(); quota != "" {
				used = f.Used.Quotas[quota].Used
				if set := f.Used.Quotas[quota].Set; set != nil {
					limit = *set
				}
			}
			require.LessOrEqual(t, byCap, max(limit-used, 0), "cap %+v", c)
		}
		if share := p.doc.MinimumEnterpriseShare; share != nil {
			least, err := kernel.Rounding{Mode: kernel.RoundUp, Unit: 1}.Of(r.Legs.Contract(), share.Rate)
			require.NoError(t, err)
			require.GreaterOrEqual(t, r.Legs.EnterpriseShare, least)
		}
	})
}

// coveredBy tells whether any line counts: nothing else can stand in the way of
// these documents.
func coveredBy(p *Policy, f *Facts) bool {
	return slices.ContainsFunc(f.Lines, func(l Line) bool { return !slices.Contains(p.doc.Base.ExcludedKinds, l.costKind()) })
}

// TestOfExclusiveFamiliesOnlyOneIsEverGranted: whatever is bought and was had.
func TestOfExclusiveFamiliesOnlyOneIsEverGranted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := anyDocument().Draw(t, "document"), anyFacts().Draw(t, "facts")
		d.Clauses = append(d.Clauses, clause("8", "exclusive"))
		d.Exclusive = []Exclusive{{Clause: "8", Name: words2("set"), Categories: []string{"app.erp", "app.mes", "infra"}}}
		f.Used.ByCategory = rapid.SampledFrom([]map[string]kernel.Fen{nil, {"app.erp": 1}, {"infra.storage": 5}, {"app.hr": 1}}).Draw(t, "had")
		r := mustQuote(t, mustCompile(t, d), f)
		granted := map[string]bool{}
		for family, had := range map[string]bool{"app.erp": f.Used.ByCategory["app.erp"] > 0, "infra": f.Used.ByCategory["infra.storage"] > 0} {
			if had {
				granted[family] = true
			}
		}
		for i, l := range f.Lines {
			for _, family := range d.Exclusive[0].Categories {
				if categoryWithin(l.Category, family) && r.Lines[i].Granted > 0 {
					granted[family] = true
				}
			}
		}
		require.LessOrEqual(t, len(granted), 1)
	})
}

// TestWhatIsPromisedForADayIsFoundOnIt: for random conditions on time, the day
// that a refusal names is the first on which the condition holds.
func TestWhatIsPromisedForADayIsFoundOnIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		atom := func() string {
			op := rapid.SampledFrom([]string{">=", ">", "<", "<=", "==", "!="}).Draw(t, "op")
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				return fmt.Sprintf("enterprise.age_months %s %d", op, rapid.IntRange(0, 40).Draw(t, "months"))
			case 1:
				return fmt.Sprintf("on %s '%s'", op, kernel.Date("2026-11-01").AddDays(rapid.IntRange(0, 400).Draw(t, "days")))
			case 2:
				return fmt.Sprintf("enterprise.founded_on %s on", op)
			default:
				return rapid.SampledFrom([]string{"enterprise.revenue_fen >= 5", "!enterprise.blacklisted"}).Draw(t, "fixed")
			}
		}
		expression := fmt.Sprintf("(%s %s %s) %s %s", atom(), rapid.SampledFrom([]string{"&&", "||"}).Draw(t, "inner"), atom(), rapid.SampledFrom([]string{"&&", "||"}).Draw(t, "outer"), atom())
		d := conditional(expression)
		p, err := Compile(d)
		if err != nil { // it can never hold
			require.Contains(t, err.Error(), "policy.never_holds")
			return
		}
		f := facts(one(yuan(1000))...)
		f.Enterprise.CreditCode = "91500103MAAY4CL12J"
		f.Enterprise.FoundedOn = kernel.Date("2024-01-01").AddDays(rapid.IntRange(0, 1100).Draw(t, "born"))
		f.Enterprise.Revenue = kernel.Fen(rapid.IntRange(0, 10).Draw(t, "revenue"))
		found := mustQuote(t, p, f).Eligibility[1]
		var first kernel.Date
		for day := f.On.AddDays(1); !found.Passed && day <= d.Window.To; day = day.AddDays(1) {
			later := f
			later.On = day
			if mustQuote(t, p, later).Eligibility[1].Passed {
				first = day
				break
			}
		}
		require.Equal(t, first, found.EligibleFrom, expression)
	})
}

func TestTheSameFactsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := anyDocument().Draw(t, "document"), anyFacts().Draw(t, "facts")
		p := mustCompile(t, d)
		first := string(mustJSON(t, mustQuote(t, p, f)))
		for range 3 {
			require.Equal(t, first, string(mustJSON(t, mustQuote(t, mustCompile(t, p.Document()), f))))
		}
	})
}

// Caps over some lines that cross (one by depth, one by category) share lines
// neither owns, and a dearer line may then use up what another could have had;
// so does a flat amount that several lines share when a cap cuts one of them.
// Everywhere else more spent is never less granted.
func TestMoreSpentIsNeverLessGranted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, f := anyDocument().Draw(t, "document"), anyFacts().Draw(t, "facts")
		for i := range d.Caps {
			d.Caps[i].AppliesTo.Depths = nil
		}
		for _, r := range d.Rates {
			if r.Rate == nil {
				d.Caps = dropPerLine(d.Caps)
			}
		}
		tidy(&d)
		p := mustCompile(t, d)
		f.Paid = nil
		i := rapid.IntRange(0, len(f.Lines)-1).Draw(t, "which")
		before := mustQuote(t, p, f)
		more := f
		more.Lines = append([]Line{}, f.Lines...)
		more.Lines[i].ListPrice += anyFen(1_000_000).Draw(t, "more")
		after := mustQuote(t, p, more)
		require.GreaterOrEqual(t, after.Legs.Subsidy, before.Legs.Subsidy)
	})
}

func TestTheOrderOfLinesDoesNotChangeTheTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument().Draw(t, "document")
		f := anyFacts().Draw(t, "facts")
		if f.Paid != nil && d.Base.Of == BaseOfPaid {
			f.Paid = nil // the odd fen of a part payment goes to the earlier line
		}
		d.Base.VAT = VATIncluded
		d.Caps = dropPerLine(d.Caps)
		tidy(&d)
		p := mustCompile(t, d)
		turned := f
		turned.Lines = slices.Clone(f.Lines)
		slices.Reverse(turned.Lines)
		require.Equal(t, mustQuote(t, p, f).Legs, mustQuote(t, p, turned).Legs)
	})
}

func TestOnePolicyServesManyAtOnce(t *testing.T) {
	t.Parallel()
	p, f := compiled(t, sample()), facts(one(yuan(1234))...)
	want := asJSON(t, quoted(t, p, f))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				r, err := p.Quote(f)
				if err != nil || string(mustJSON(t, r)) != want {
					t.Error("a quote differed under concurrency")
				}
			}
		})
	}
	group.Wait()
}
