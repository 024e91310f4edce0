package policies_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

const yuan = kernel.Fen(100)

func policy(t *testing.T, code string) *rules.Policy {
	t.Helper()
	d, ok := policies.Find(code)
	require.True(t, ok)
	p, err := rules.Compile(d)
	require.NoError(t, err)
	return p
}

func manufacturer(lines ...rules.Line) rules.Facts {
	return rules.Facts{
		On:         "2026-11-23",
		Enterprise: rules.EnterpriseFacts{SizeClass: "small", Industry: "industry", Section: "C", District: "500105"},
		Lines:      lines,
	}
}

func TestEveryDocumentIsSoundSourcedAndSaysWhatItIs(t *testing.T) {
	t.Parallel()
	var codes []string
	for _, d := range policies.All() {
		codes = append(codes, d.Code)
		require.NotEmpty(t, d.Sources, d.Code)
		require.NotEmpty(t, d.Note.ZH, d.Code)
		require.NotEqual(t, rules.KindInForce, d.Kind, "no document here is in force for this site: %s", d.Code)
		_, err := rules.Compile(d)
		require.NoError(t, err, d.Code)

		file, ok := policies.File(d.Code)
		require.True(t, ok)
		written, err := json.Marshal(d)
		require.NoError(t, err)
		require.JSONEq(t, string(file), string(written), "the document loses nothing on the way through")
	}
	require.Equal(t, []string{"chongqing-demo-2026", "guangdong-2020", "guizhou", "huizhou-2021", "jinan-stars", "shenzhen-2020", "tianmen-2019", "wuhan-2025"}, codes)
}

func TestPublishedFiguresComeOutToTheFen(t *testing.T) {
	t.Parallel()
	depth := func(d string, base kernel.Fen) rules.Line { return rules.Line{Depth: d, ListPrice: base} }
	category := func(c string, base kernel.Fen) rules.Line { return rules.Line{Category: c, ListPrice: base} }
	class := func(c string, base kernel.Fen) rules.Line { return rules.Line{Class: c, ListPrice: base} }

	for name, c := range map[string]struct {
		policy string
		lines  []rules.Line
		used   rules.Used
		want   kernel.Fen
	}{
		"business, 30 %":                    {"wuhan-2025", []rules.Line{depth("business", 100_000*yuan)}, rules.Used{}, 30_000 * yuan},
		"ecosystem, capped":                 {"wuhan-2025", []rules.Line{depth("ecosystem", 500_000*yuan)}, rules.Used{}, 200_000 * yuan},
		"resource, floor to the fen":        {"wuhan-2025", []rules.Line{depth("resource", 3_333_333)}, rules.Used{}, 666_666},
		"capability, what the year leaves":  {"wuhan-2025", []rules.Line{depth("capability", 50_000*yuan)}, rules.Used{ThisYear: 190_000 * yuan, Purchases: 1}, 10_000 * yuan},
		"year used up":                      {"wuhan-2025", []rules.Line{depth("capability", 50_000*yuan)}, rules.Used{ThisYear: 200_000 * yuan}, 0},
		"half of a small bill":              {"shenzhen-2020", []rules.Line{depth("", 3_000*yuan)}, rules.Used{}, 1_500 * yuan},
		"half of a large bill, capped":      {"shenzhen-2020", []rules.Line{depth("", 10_000*yuan)}, rules.Used{}, 2_000 * yuan},
		"second purchase":                   {"shenzhen-2020", []rules.Line{depth("", 3_000*yuan)}, rules.Used{Purchases: 1}, 0},
		"class A":                           {"huizhou-2021", []rules.Line{class("A", 10_000*yuan)}, rules.Used{}, 6_000 * yuan},
		"class B":                           {"huizhou-2021", []rules.Line{class("B", 10_000*yuan)}, rules.Used{}, 4_000 * yuan},
		"A and B, capped":                   {"huizhou-2021", []rules.Line{class("A", 300_000*yuan), class("B", 300_000*yuan)}, rules.Used{}, 200_000 * yuan},
		"IaaS":                              {"guizhou", []rules.Line{category("infra.compute", 10_000*yuan)}, rules.Used{}, 4_000 * yuan},
		"SaaS, first voucher":               {"guizhou", []rules.Line{category("app.erp", 100_000*yuan)}, rules.Used{}, 50_000 * yuan},
		"SaaS, later voucher":               {"guizhou", []rules.Line{category("app.erp", 100_000*yuan)}, rules.Used{Purchases: 1, ThisPolicy: 50_000 * yuan}, 30_000 * yuan},
		"support is neither":                {"guizhou", []rules.Line{category("support.training", 100_000*yuan)}, rules.Used{}, 0},
		"basic system":                      {"tianmen-2019", []rules.Line{category("infra.compute", 20_000*yuan)}, rules.Used{}, 3_000 * yuan},
		"management system":                 {"tianmen-2019", []rules.Line{category("app.finance", 20_000*yuan)}, rules.Used{}, 5_000 * yuan},
		"business system":                   {"tianmen-2019", []rules.Line{category("app.mes", 20_000*yuan)}, rules.Used{}, 10_000 * yuan},
		"two business systems, once":        {"tianmen-2019", []rules.Line{category("app.mes", 20_000*yuan), category("app.erp", 9_000*yuan)}, rules.Used{}, 10_000 * yuan},
		"flat, but not above the price":     {"tianmen-2019", []rules.Line{category("app.mes", 6_000*yuan)}, rules.Used{}, 6_000 * yuan},
		"the demonstration, four depths":    {"chongqing-demo-2026", []rules.Line{depth("resource", 1000*yuan), depth("business", 1000*yuan), depth("capability", 1000*yuan), depth("ecosystem", 1000*yuan)}, rules.Used{}, 1_400 * yuan},
		"the demonstration, cap of a claim": {"chongqing-demo-2026", []rules.Line{depth("ecosystem", 500_000*yuan)}, rules.Used{}, 150_000 * yuan},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := manufacturer(c.lines...)
			f.Used = c.used
			r, err := policy(t, c.policy).Quote(f)
			require.NoError(t, err)
			require.NoError(t, r.Legs.Conserved())
			require.Equal(t, c.want, r.Legs.Subsidy, "%+v", r)
		})
	}
}

func TestTheDemonstrationSharesSixtyToForty(t *testing.T) {
	t.Parallel()
	r, err := policy(t, "chongqing-demo-2026").Quote(manufacturer(rules.Line{Depth: "business", ListPrice: 120_000 * yuan, Discount: 20_000 * yuan}))
	require.NoError(t, err)
	require.Equal(t, 18_000*yuan, r.Legs.Municipal)
	require.Equal(t, 12_000*yuan, r.Legs.District)
	require.Equal(t, 70_000*yuan, r.Legs.EnterpriseShare)
}

func TestWuhanAsksForIndustryOrSoftware(t *testing.T) {
	t.Parallel()
	p := policy(t, "wuhan-2025")
	for name, c := range map[string]struct {
		firm                rules.EnterpriseFacts
		eligible, undecided bool
	}{
		"manufacturer by section":  {rules.EnterpriseFacts{SizeClass: "small", Section: "C"}, true, false},
		"manufacturer by industry": {rules.EnterpriseFacts{SizeClass: "small", Industry: "industry"}, true, false},
		"software house":           {rules.EnterpriseFacts{SizeClass: "micro", Industry: "software"}, true, false},
		"shop":                     {rules.EnterpriseFacts{SizeClass: "small", Industry: "retail"}, false, false},
		"large manufacturer":       {rules.EnterpriseFacts{SizeClass: "large", Industry: "industry"}, false, false},
		"provider":                 {rules.EnterpriseFacts{SizeClass: "small", Industry: "software", IsProvider: true}, false, false},
		"nothing told":             {rules.EnterpriseFacts{}, false, true},
		"large, industry not told": {rules.EnterpriseFacts{SizeClass: "large"}, false, false},
	} {
		f := manufacturer(rules.Line{Depth: "business", ListPrice: 1000 * yuan})
		f.Enterprise = c.firm
		r, err := p.Quote(f)
		require.NoError(t, err)
		require.Equal(t, c.eligible, r.Eligible, name)
		require.Equal(t, c.undecided, r.Undecided, name)
		require.Equal(t, 300*yuan, r.Potential, name)
	}
}
