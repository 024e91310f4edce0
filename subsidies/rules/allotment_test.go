package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

// drawn is the demonstration policy with a draw: micro firms first, then small
// ones of the car chain, then all others.
func drawn(t *testing.T) rules.Document {
	t.Helper()
	doc, ok := policies.Find("chongqing-demo-2026")
	require.True(t, ok)
	doc.Clauses = append(slices.Clone(doc.Clauses), rules.Clause{Number: "7.1", Text: kernel.T("抽签。", "By draw."), Computes: []string{"allotment"}})
	doc.Allotment = &rules.Allotment{Clause: "7.1", By: rules.ByDraw, Window: kernel.Period{From: "2026-03-01", To: "2026-03-31"}, Bands: []rules.PriorityBand{
		{Clause: "7.1", Name: kernel.T("微型企业", "Micro enterprises"), Expression: "enterprise.size_class == 'micro'"},
		{Clause: "7.1", Name: kernel.T("链上小型企业", "Small firms of a chain"), Expression: "enterprise.size_class == 'small' && 'auto' in enterprise.chains"},
	}}
	return doc
}

func TestABandIsTheFirstWhoseConditionHolds(t *testing.T) {
	t.Parallel()
	doc := drawn(t)
	p, err := rules.Compile(doc)
	require.NoError(t, err)
	line := []rules.Line{{Category: "saas.erp", Depth: "business", ListPrice: 100}}
	for _, c := range []struct {
		firm   rules.EnterpriseFacts
		band   int
		looked int
	}{
		{rules.EnterpriseFacts{CreditCode: "91500000000000001X", SizeClass: "micro"}, 1, 1},
		{rules.EnterpriseFacts{CreditCode: "91500000000000001X", SizeClass: "small", Chains: []string{"auto"}}, 2, 2},
		{rules.EnterpriseFacts{CreditCode: "91500000000000001X", SizeClass: "small"}, 3, 2},
		{rules.EnterpriseFacts{}, 3, 2}, // what nobody told puts nobody first
	} {
		band, why, err := p.Band(rules.Facts{On: "2026-03-02", Enterprise: c.firm, Lines: line})
		require.NoError(t, err)
		require.Equal(t, c.band, band, "%+v", c.firm)
		require.Len(t, why, c.looked)
		require.Equal(t, c.band <= 2, why[len(why)-1].Passed)
	}
	require.Equal(t, "微型企业", doc.BandName(1).ZH)
	require.Equal(t, rules.Others, doc.BandName(3))
	require.True(t, doc.Drawn())
	require.False(t, rules.Document{}.Drawn())
}

func TestADrawThatCannotBeHeldIsRefused(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*rules.Allotment){
		"allotment.window policy.allotment_window":             func(a *rules.Allotment) { a.Window = kernel.Period{From: "2026-03-01"} },
		"allotment.window policy.allotment_window ":            func(a *rules.Allotment) { a.Window.To = "2030-01-01" },
		"allotment.window.to policy.period_order":              func(a *rules.Allotment) { a.Window.To = "2026-02-01" },
		"allotment.window policy.allotment_form":               func(a *rules.Allotment) { a.By, a.Bands = rules.FirstCome, nil },
		"allotment.bands policy.allotment_form":                func(a *rules.Allotment) { a.By, a.Window = rules.FirstCome, kernel.Period{} },
		"allotment.bands[1].expression policy.expression":      func(a *rules.Allotment) { a.Bands[1].Expression = "enterprise.luck" },
		"allotment.bands[0].expression policy.expression_type": func(a *rules.Allotment) { a.Bands[0].Expression = "enterprise.district" },
		"allotment.clause policy.clause_unknown":               func(a *rules.Allotment) { a.Clause = "9.9" },
		"allotment.bands[0].clause policy.clause_unknown":      func(a *rules.Allotment) { a.Bands[0].Clause = "9.9" },
	} {
		doc := drawn(t)
		spoil(doc.Allotment)
		_, err := rules.Compile(doc)
		e := kernel.AsError(err)
		require.NotNil(t, e, want)
		var found []string
		for _, f := range e.Fields {
			found = append(found, f.Path+" "+f.Code)
		}
		require.Contains(t, found, strings.TrimSpace(want))
	}
	_, err := rules.Compile(drawn(t))
	require.NoError(t, err)
}
