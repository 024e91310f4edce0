package rules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func conditional(expression string) Document {
	d := sample()
	d.Eligibility = []Predicate{{Clause: "1", Rule: words2("rule"), Expression: expression}}
	return d
}

func TestARefusalNamesFactThresholdAndTheDayThatChangesIt(t *testing.T) {
	t.Parallel()
	firm := EnterpriseFacts{CreditCode: "91500103MAAY4CL12J", FoundedOn: "2025-12-24", SizeClass: "small", Revenue: yuan(8_000_000), District: "500105"}
	for expression, want := range map[string]struct {
		reason, remedy string // English
		from           kernel.Date
	}{
		"enterprise.age_months >= 12":                                     {"Time since foundation: 10 months; at least 12 months is needed", "Eligible from 2026-12-24", "2026-12-24"},
		"12 <= enterprise.age_months":                                     {"Time since foundation: 10 months; at least 12 months is needed", "Eligible from 2026-12-24", "2026-12-24"},
		"enterprise.age_months > 12":                                      {"Time since foundation: 10 months; more than 12 months is needed", "Eligible from 2027-01-24", "2027-01-24"},
		"!(enterprise.age_months < 12)":                                   {"Time since foundation: 10 months; at least 12 months is needed", "Eligible from 2026-12-24", "2026-12-24"},
		"on >= '2027-01-01'":                                              {"day of application: 2026-11-23; at least 2027-01-01 is needed", "Eligible from 2027-01-01", "2027-01-01"},
		"on > '2027-01-01'":                                               {"day of application: 2026-11-23; more than 2027-01-01 is needed", "Eligible from 2027-01-02", "2027-01-02"},
		"enterprise.revenue_fen >= 1000000000":                            {"revenue of last year: ¥8,000,000.00; at least ¥10,000,000.00 is needed", "Apply once this is as required: revenue of last year", ""},
		"enterprise.size_class in ['micro']":                              {"size class (large, medium, small, micro): small; must be one of micro", "Apply once this is as required: size class (large, medium, small, micro)", ""},
		"enterprise.verified":                                             {"whether verified: no; must be yes", "Apply once this is as required: whether verified", ""},
		"enterprise.age_months >= 12 && enterprise.revenue_fen > 0":       {"Time since foundation: 10 months; at least 12 months is needed", "Eligible from 2026-12-24", "2026-12-24"},
		"enterprise.age_months >= 12 && on < '2026-12-01'":                {"Time since foundation: 10 months; at least 12 months is needed", "Apply once this is as required: Time since foundation", ""},
		"enterprise.age_months >= 12 && on >= '2027-02-01'":               {"Time since foundation: 10 months; at least 12 months is needed; day of application: 2026-11-23; at least 2027-02-01 is needed", "Eligible from 2027-02-01", "2027-02-01"},
		"enterprise.age_months >= 36 || on >= '2027-03-01'":               {"Time since foundation: 10 months; at least 36 months is needed; or day of application: 2026-11-23; at least 2027-03-01 is needed", "Eligible from 2027-03-01", "2027-03-01"},
		"enterprise.age_months >= 60":                                     {"Time since foundation: 10 months; at least 60 months is needed", "Apply once this is as required: Time since foundation", ""}, // the window closes before
		"lines.exists(l, l.depth == 'ecosystem')":                         {"The condition is not met", "Ask again once the facts have changed", ""},
		"enterprise.age_months >= 999999999999":                           {"Time since foundation: 10 months; at least 999999999999 months is needed", "Apply once this is as required: Time since foundation", ""},
		"enterprise.age_months >= 12 && lines.all(l, l.depth != 'other')": {"Time since foundation: 10 months; at least 12 months is needed", "Eligible from 2026-12-24", "2026-12-24"},
	} {
		f := facts(one(yuan(1000))...)
		f.Enterprise = firm
		p := compiled(t, conditional(expression))
		r := quoted(t, p, f)
		got := r.Eligibility[1]
		require.False(t, got.Passed, expression)
		require.Equal(t, want.from, got.EligibleFrom, expression)
		require.Equal(t, want.reason, got.Reason.EN, expression)
		require.Equal(t, want.remedy, got.Remedy.EN, expression)
		require.NotEmpty(t, got.Reason.ZH)
		if want.from == "" {
			continue
		}
		f.On = want.from
		require.True(t, quoted(t, p, f).Eligible, "what is promised is kept: %s", expression)
		f.On = want.from.AddDays(-1)
		require.False(t, quoted(t, p, f).Eligible, "and not a day before: %s", expression)
	}
}

func TestTheDayIsToldInChinese(t *testing.T) {
	t.Parallel()
	f := facts(one(yuan(1000))...)
	f.Enterprise.FoundedOn = "2025-12-24"
	r := quoted(t, compiled(t, conditional("enterprise.age_months >= 12")), f)
	require.Equal(t, "企业成立时间 10 个月，不足 12 个月", r.Eligibility[1].Reason.ZH)
	require.Equal(t, "2026-12-24 起符合", r.Eligibility[1].Remedy.ZH)
	require.Equal(t, []Comparison{{
		Fact: "enterprise.age_months", Label: kernel.T("企业成立时间", "Time since foundation"), Value: kernel.T("10 个月", "10 months"), Operator: ">=", Threshold: kernel.T("12 个月", "12 months"),
	}}, r.Eligibility[1].Compared)

	d := conditional("enterprise.age_months >= 12")
	d.Eligibility[0].Remedy = words2("wait")
	r = quoted(t, compiled(t, d), f)
	require.Equal(t, kernel.T("wait；2026-12-24 起符合", "wait; eligible from 2026-12-24"), r.Eligibility[1].Remedy)
}

func TestAFallingThresholdIsWaitedFor(t *testing.T) {
	t.Parallel()
	p := compiled(t, changing())
	f := facts(Line{Depth: "business", ListPrice: yuan(1000)})
	f.Enterprise.FoundedOn = "2026-11-01"
	require.Equal(t, kernel.Date("2027-06-01"), quoted(t, p, f).Eligibility[1].EligibleFrom, "six months are enough from June on")
}
