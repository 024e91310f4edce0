package rules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func codesOf(all []Warning) map[string]string {
	out := map[string]string{}
	for _, w := range all {
		out[w.Path] = w.Code
	}
	return out
}

// cited is a sample with nothing to warn of.
func cited() Document {
	d := sample()
	for i := range d.Clauses {
		d.Clauses[i].Citation = "第" + d.Clauses[i].Number + "条"
	}
	d.Clauses = append(d.Clauses, Clause{Number: "9", Text: words2("budget"), Citation: "第九条", Computes: []string{"budget"}})
	d.Budget = &Budget{Clause: "9", Total: yuan(10_000_000)}
	return d
}

func TestWhatMayNotBeMeantIsWarnedOfByClause(t *testing.T) {
	t.Parallel()
	require.Empty(t, Review(compiled(t, cited())))
	for name, c := range map[string]struct {
		mutate     func(d *Document)
		path, code string
	}{
		"no citation":              {func(d *Document) { d.Clauses[1].Citation = "" }, "clauses[1].citation", "policy.citation_missing"},
		"no budget":                {func(d *Document) { d.Budget, d.Clauses = nil, d.Clauses[:5] }, "budget", "policy.budget_missing"},
		"cap above budget":         {func(d *Document) { d.Caps[0].Limit = yuan(10_000_001) }, "caps[0]", "policy.cap_above_budget"},
		"claim above budget":       {func(d *Document) { d.Caps[0].Limit = yuan(10_000_001) }, "rates[0]", "policy.claim_above_budget"},
		"no cap at all":            {func(d *Document) { d.Caps, d.Clauses = nil, append(d.Clauses[:2:2], d.Clauses[3:]...) }, "rates[0]", "policy.claim_above_budget"},
		"cap for later only":       {func(d *Document) { d.Caps[0].AppliesTo.Purchase = PurchaseLater }, "rates[0]", "policy.claim_above_budget"},
		"idle cap":                 {func(d *Document) { d.Caps = append(d.Caps, Cap{Clause: "3", Scope: CapClaim, Limit: yuan(200_000)}) }, "caps[1]", "policy.cap_idle"},
		"rule for those shut out":  {func(d *Document) { d.Rates[0].AppliesTo.Sizes = []string{"large"} }, "rates[0].applies_to", "policy.matches_nobody"},
		"cap for those shut out":   {func(d *Document) { d.Caps[0].AppliesTo.Sizes = []string{"large"} }, "caps[0].applies_to", "policy.matches_nobody"},
		"rule outside the window":  {func(d *Document) { d.Rates[0].Effective = kernel.Period{From: "2028-01-01"} }, "rates[0].effective", "policy.outside_window"},
		"rate above what is borne": {rateAboveShare, "rates[3]", "policy.rate_above_share"},
		"nothing for anybody":      {grantsNothing, "rates", "policy.grants_nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := cited()
			c.mutate(&d)
			warnings := Review(compiled(t, d))
			require.Equal(t, c.code, codesOf(warnings)[c.path], "%+v", warnings)
			for _, w := range warnings {
				require.NotEmpty(t, w.Message.ZH)
				require.NotEmpty(t, w.Message.EN)
			}
		})
	}
}

func rateAboveShare(d *Document) {
	d.Clauses = append(d.Clauses, Clause{Number: "10", Text: words2("share"), Citation: "x", Computes: []string{"minimum_enterprise_share"}})
	d.MinimumEnterpriseShare = &Threshold{Clause: "10", Rate: 5_001}
}

func grantsNothing(d *Document) {
	d.Rates = d.Rates[:1]
	d.Rates[0].AppliesTo.Sizes = []string{"large"}
}

func TestCapsOfFirstAndLaterPurchasesBoundTogether(t *testing.T) {
	t.Parallel()
	d := cited()
	d.Caps = []Cap{
		{Clause: "3", Scope: CapClaim, Limit: yuan(50_000), AppliesTo: Selector{Purchase: PurchaseFirst}},
		{Clause: "3", Scope: CapClaim, Limit: yuan(30_000), AppliesTo: Selector{Purchase: PurchaseLater}},
	}
	require.Empty(t, Review(compiled(t, d)))
}

func TestAConditionThatCanNeverHoldIsRefused(t *testing.T) {
	t.Parallel()
	for expression, never := range map[string]bool{
		"enterprise.age_months >= 12 && enterprise.age_months < 12":                              true,
		"enterprise.age_months > 11 && enterprise.age_months < 12":                               true,
		"enterprise.age_months >= 12 && enterprise.age_months <= 12":                             false,
		"enterprise.age_months == 12 && enterprise.age_months != 12":                             true,
		"enterprise.revenue_fen < 0":                                                             true,
		"enterprise.revenue_fen <= 0":                                                            false,
		"enterprise.size_class == 'tiny'":                                                        true,
		"enterprise.size_class in ['small'] && enterprise.size_class in ['micro', 'large']":      true,
		"enterprise.size_class in ['small'] && !(enterprise.size_class in ['micro', 'large'])":   false,
		"enterprise.blacklisted && !enterprise.blacklisted":                                      true,
		"on >= '2027-01-01' && on < '2027-01-01'":                                                true,
		"on >= '2027-01-01' && on <= '2027-01-01'":                                               false,
		"on == '2027-01-01' && on > '2027-01-01'":                                                true,
		"(enterprise.head_count > 5 || enterprise.revenue_fen > 5) && enterprise.head_count < 2": false,
		"(enterprise.head_count > 5 || enterprise.head_count < 0) && enterprise.head_count < 2":  true,
		"lines.exists(l, l.depth == 'x') && enterprise.head_count > 5":                           false,
		"enterprise.founded_on > on":                                                             false,
		"enterprise.head_count > 9223372036854775807":                                            false, // not understood, not refused
	} {
		_, err := Compile(conditional(expression))
		if !never {
			require.NoError(t, err, expression)
			continue
		}
		require.Error(t, err, expression)
		require.Equal(t, "policy.never_holds", faultsOf(t, err)["eligibility[0].expression"], expression)
	}
	d := conditional("enterprise.age_months >= 24")
	d.Clauses = append(d.Clauses, clause("8", "eligibility"))
	d.Eligibility = append(d.Eligibility, Predicate{Clause: "8", Rule: words2("young"), Expression: "enterprise.age_months <= 12"})
	_, err := Compile(d)
	e := kernel.AsError(err)
	require.NotNil(t, e)
	require.Contains(t, e.Fields[0].Message.EN, "condition of clause 1")
}
