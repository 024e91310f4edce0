package rules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func TestConditionsOverEveryKindOfFact(t *testing.T) {
	t.Parallel()
	firm := facts(
		Line{Category: "app.erp", Depth: "business", ListPrice: yuan(1000), FirstUse: true},
		Line{Category: "infra.compute", ListPrice: yuan(10), Quantity: 3},
	)
	firm.Enterprise = EnterpriseFacts{CreditCode: "91500103MAAY4CL12J", SizeClass: "small", FoundedOn: "2025-12-24", Chains: []string{"software"}, Revenue: yuan(10_000_000)}
	firm.Provider = ProviderFacts{CreditCode: "91500105MA2TH3BJ3Q"}
	visitor := facts(one(yuan(1000))...)
	visitor.Enterprise = EnterpriseFacts{}

	const pass, fail, unknown = "pass", "fail", "unknown"
	for expression, want := range map[string][2]string{ // of the firm, of the visitor
		"enterprise.size_class in ['small', 'micro']":                                      {pass, unknown},
		"enterprise.age_months >= 11":                                                      {fail, unknown}, // ten months and thirty days
		"enterprise.revenue_fen >= 1000000000":                                             {pass, unknown},
		"enterprise.head_count > 0":                                                        {fail, unknown}, // the register says zero
		"'software' in enterprise.chains":                                                  {pass, unknown},
		"enterprise.verified":                                                              {fail, unknown},
		"!enterprise.blacklisted":                                                          {pass, pass},
		"provider.admitted":                                                                {fail, unknown},
		"enterprise.credit_code != provider.credit_code":                                   {pass, unknown},
		"enterprise.size_class == 'small' || total.contract_fen > 0":                       {pass, pass},
		"enterprise.size_class == 'small' && total.contract_fen < 0":                       {fail, fail},
		"lines.exists(l, l.depth == 'business')":                                           {pass, pass},
		"lines.all(l, l.depth == 'business')":                                              {unknown, pass},
		"lines.all(l, l.category.startsWith('app.'))":                                      {fail, pass},
		"lines.exists_one(l, l.first_use)":                                                 {pass, fail},
		"lines.exists(l, l.quantity == 3 && l.list_price_fen == 3000)":                     {pass, fail},
		"size(lines.filter(l, l.category == 'app.erp')) == 1":                              {pass, pass},
		"total.paid_fen >= 1":                                                              {pass, pass}, // checked at the claim
		"total.paid_fen >= 1 && enterprise.verified":                                       {fail, unknown},
		"used.purchases == 0 && used.this_year_fen == 0 && on >= '2026-11-01'":             {pass, pass},
		"lines[5].depth == 'business'":                                                     {fail, fail}, // goes wrong: never granted by error
		"enterprise.founded_on < on || enterprise.section in ['C'] || !lines[0].first_use": {pass, pass},
	} {
		var faults kernel.Faults
		c := compileCondition(Predicate{Clause: "1", Expression: expression}, &Document{}, "eligibility[0]", &faults)
		require.NoError(t, faults.Err(), expression)
		for i, f := range []*Facts{&firm, &visitor} {
			v := view{f: f, doc: &Document{}}
			for k := range f.Lines {
				v.contract += f.Lines[k].sum().contract
			}
			finding := c.test(&v)
			got := fail
			switch {
			case finding.Passed:
				got = pass
			case finding.Unknown:
				got = unknown
				require.NotEmpty(t, finding.Missing)
				require.NotEmpty(t, finding.Remedy.EN)
			}
			require.Equal(t, want[i], got, "%s for %d: %+v", expression, i, finding)
		}
	}
}

func TestWholeMonthsAreCountedByTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to kernel.Date
		want     int64
	}{
		{"2025-11-23", "2026-11-23", 12}, {"2025-11-24", "2026-11-23", 11}, {"2026-01-31", "2026-02-28", 1},
		{"2026-01-31", "2026-02-27", 0}, {"2026-11-23", "2026-11-23", 0}, {"2027-01-23", "2026-11-23", -2}, {"2024-02-29", "2025-02-28", 12},
	} {
		require.Equal(t, c.want, monthsBetween(c.from, c.to), "%+v", c)
	}
}

func TestReasonsQuoteFactsInBothLanguages(t *testing.T) {
	t.Parallel()
	var faults kernel.Faults
	tpl, ok := parseTemplate(kernel.T("成立 {enterprise.age_months} 个月，营收 {enterprise.revenue_fen}，{enterprise.blacklisted}，{enterprise.chains}", "{enterprise.size_class}"), &Document{}, "reason", &faults)
	require.True(t, ok)
	f := facts()
	f.Enterprise = EnterpriseFacts{FoundedOn: "2026-01-01", Revenue: 123_456_789, SizeClass: "micro", Chains: []string{"a", "b"}}
	require.Equal(t, kernel.T("成立 10 个月，营收 ¥1,234,567.89，否，a、b", "micro"), tpl.render(&view{f: &f}))
	require.Equal(t, "未知", tpl.render(&view{f: &Facts{}}).ZH[len("成立 "):len("成立 ")+len("未知")])
}

func TestTheVocabularyIsToldInBothLanguages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, w := range Vocabulary() {
		require.False(t, seen[w.Name], w.Name)
		seen[w.Name] = true
		require.NotEmpty(t, w.Label.ZH)
		require.NotEmpty(t, w.Label.EN)
		require.NotEmpty(t, w.Type)
	}
}
