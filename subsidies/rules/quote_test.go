package rules

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func TestRateByDepthIsSharedByCityAndDistrict(t *testing.T) {
	t.Parallel()
	r := quoted(t, compiled(t, sample()), facts(Line{Category: "app.erp", Depth: "business", ListPrice: yuan(120_000), Discount: yuan(20_000)}))
	require.True(t, r.Eligible)
	require.Equal(t, yuan(30_000), r.Legs.Subsidy)
	require.Equal(t, yuan(18_000), r.Legs.Municipal)
	require.Equal(t, yuan(12_000), r.Legs.District)
	require.Equal(t, yuan(70_000), r.Legs.EnterpriseShare)

	var formulas []string
	for _, s := range r.Trace {
		formulas = append(formulas, s.Clause+"|"+s.Formula.ZH)
	}
	require.Equal(t, []string{
		"2|¥120,000.00 − ¥20,000.00 = ¥100,000.00",
		"2|¥100,000.00 × 30% = ¥30,000.00",
		"3|¥200,000.00 − ¥0.00 = ¥200,000.00",
		"4|¥30,000.00 × 60% = ¥18,000.00",
		"4|¥30,000.00 − ¥18,000.00 = ¥12,000.00",
		"|¥120,000.00 − ¥20,000.00 − ¥30,000.00 = ¥70,000.00",
	}, formulas)
}

func TestResultRoundTripsAsJSON(t *testing.T) {
	t.Parallel()
	f := facts(one(yuan(100))...)
	f.Enterprise.SizeClass = ""
	r := quoted(t, compiled(t, sample()), f)
	var back Result
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, r)), &back))
	require.Equal(t, r, back)
}

func TestFractionsAreShownBeforeTheyAreDropped(t *testing.T) {
	t.Parallel()
	r := quoted(t, compiled(t, sample()), facts(Line{Depth: "resource", ListPrice: 3_333_333}))
	require.Equal(t, kernel.Fen(666_666), r.Legs.Subsidy)
	require.Equal(t, "¥33,333.33 × 20% = ¥6,666.666 → ¥6,666.66", r.Trace[1].Formula.EN)
}

func TestMissingFactsAreAskedForAndGrantNothingYet(t *testing.T) {
	t.Parallel()
	p := compiled(t, sample())
	f := facts(Line{ListPrice: yuan(1000)})
	f.Enterprise.SizeClass = ""
	r := quoted(t, p, f)
	require.False(t, r.Eligible)
	require.True(t, r.Undecided)
	require.Zero(t, r.Legs.Subsidy)

	var missing []string
	for _, finding := range r.Eligibility {
		missing = append(missing, finding.Missing...)
		if finding.Unknown {
			require.Contains(t, finding.Remedy.ZH, "请告诉我们")
		}
	}
	require.Equal(t, []string{"enterprise.size_class", "lines[0].depth"}, missing)

	f.Lines[0].Depth = "business"
	r = quoted(t, p, f)
	require.Equal(t, yuan(300), r.Potential, "what it would be once the size is told")
	require.Zero(t, r.Legs.Subsidy)
}

func TestAFailedConditionIsNotUndecided(t *testing.T) {
	t.Parallel()
	f := facts(Line{Depth: "business", ListPrice: yuan(1000)})
	f.Enterprise.SizeClass = "large"
	r := quoted(t, compiled(t, sample()), f)
	require.False(t, r.Eligible)
	require.False(t, r.Undecided)
	require.Zero(t, r.Legs.Subsidy)
	require.Equal(t, yuan(1000), r.Legs.EnterpriseShare)
	require.Equal(t, "size is 大型", r.Eligibility[1].Reason.ZH)
	require.Equal(t, "size is large", r.Eligibility[1].Reason.EN)
}

func TestOutsideTheWindowNothingIsGranted(t *testing.T) {
	t.Parallel()
	for on, remedy := range map[kernel.Date]string{"2025-12-31": "2026-01-01", "2028-01-01": "新一批"} {
		f := facts(one(yuan(1000))...)
		f.On = on
		r := quoted(t, compiled(t, sample()), f)
		require.False(t, r.Eligible)
		require.Contains(t, r.Eligibility[0].Remedy.ZH, remedy)
		require.Zero(t, r.Legs.Subsidy)
	}
}

func TestPaymentBelowTheThresholdFailsToTheFen(t *testing.T) {
	t.Parallel()
	p := compiled(t, sample())
	f := facts(one(1001)...) // 90 % of 10.01 is 9.009: at least 9.01
	f.Paid = fen(901)
	require.True(t, quoted(t, p, f).Eligible)
	f.Paid = fen(900)
	r := quoted(t, p, f)
	require.False(t, r.Eligible)
	require.Zero(t, r.Legs.Subsidy)
	require.Contains(t, r.Eligibility[2].Remedy.EN, "¥0.01")
}

func TestBaseByPaymentAndWithoutTax(t *testing.T) {
	t.Parallel()
	d := sample()
	d.MinimumPaid, d.Clauses = nil, d.Clauses[:4]
	d.Base = Base{Clause: "2", Of: BaseOfPaid, VAT: VATExcluded, Excluded: []string{"infra.desktop"}}
	p := compiled(t, d)
	f := facts(
		Line{Category: "app.erp", Depth: "business", ListPrice: yuan(1060), Tax: yuan(60)},
		Line{Category: "infra.desktop", Depth: "business", ListPrice: yuan(1060), Tax: yuan(60)},
	)
	r := quoted(t, p, f)
	require.Equal(t, yuan(300), r.Legs.Subsidy, "30 % of 1000, the desktop excluded")

	f.Paid = fen(yuan(1060)) // half of both
	r = quoted(t, p, f)
	require.Equal(t, yuan(500), r.Lines[0].Base)
	require.Equal(t, yuan(150), r.Legs.Subsidy)
	require.Equal(t, yuan(150), r.Lines[0].Subsidy)
	require.Zero(t, r.Lines[1].Subsidy)
}

func TestQuantityMultipliesPriceDiscountAndTax(t *testing.T) {
	t.Parallel()
	r := quoted(t, compiled(t, sample()), facts(Line{Depth: "business", ListPrice: 1001, Discount: 1, Quantity: 12}))
	require.Equal(t, kernel.Fen(12_012), r.Legs.ListPrice)
	require.Equal(t, kernel.Fen(12), r.Legs.ProviderDiscount)
	require.Equal(t, kernel.Fen(3_600), r.Legs.Subsidy)
	require.Equal(t, "(¥10.01 − ¥0.01) × 12 = ¥120.00", r.Trace[0].Formula.ZH)
}

func TestNoCoveredLineIsToldAsAReason(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Rates = d.Rates[:1]
	r := quoted(t, compiled(t, d), facts(one(yuan(100))...))
	require.False(t, r.Eligible)
	require.False(t, r.Undecided)
	last := r.Eligibility[len(r.Eligibility)-1]
	require.False(t, last.Passed)
	require.Contains(t, last.Reason.ZH, "不在")
}

func TestPurchaseOnlyOnce(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Clauses = append(d.Clauses, clause("6", "first_purchase_only"))
	d.FirstPurchaseOnly = &Citation{Clause: "6"}
	p := compiled(t, d)
	f := facts(one(yuan(100))...)
	require.True(t, quoted(t, p, f).Eligible)
	f.Used.Purchases = 1
	require.Zero(t, quoted(t, p, f).Legs.Subsidy)
}

func TestUnsoundFactsAreAllNamed(t *testing.T) {
	t.Parallel()
	f := Facts{On: "2026-02-30", Enterprise: EnterpriseFacts{SizeClass: "tiny", Revenue: -1, FoundedOn: "x"},
		Lines: []Line{
			{Depth: "deep", ListPrice: -1, Quantity: -1},
			{ListPrice: 1, Discount: 2},
			{ListPrice: 10, Discount: 5, Tax: 6},
			{ListPrice: kernel.MaxFen, Quantity: 9_000_000_000_000_000},
		},
		Used: Used{ByCategory: map[string]kernel.Fen{"infra": -1}, Purchases: -1}, Paid: fen(-1)}
	_, err := compiled(t, sample()).Quote(f)
	require.Equal(t, map[string]string{
		"on": "date", "enterprise.size_class": "unknown_value", "enterprise.revenue_fen": "negative", "enterprise.founded_on": "date",
		"lines[0].depth": "unknown_value", "lines[0].list_price_fen": "negative", "lines[0].quantity": "negative",
		"lines[1].discount_fen": "above_list_price", "lines[2].tax_fen": "above_contract", "lines[3].list_price_fen": "too_large",
		"used.by_category_fen.infra": "negative", "used.purchases": "negative", "paid_fen": "negative",
	}, faultsOf(t, err))

	_, err = compiled(t, sample()).Quote(Facts{On: "2026-01-01"})
	require.Equal(t, map[string]string{"lines": "required"}, faultsOf(t, err))
	_, err = compiled(t, sample()).Quote(facts(make([]Line, MaxLines+1)...))
	require.Equal(t, map[string]string{"lines": "too_many"}, faultsOf(t, err))
	_, err = compiled(t, sample()).Quote(facts(one(kernel.MaxFen)[0], one(1)[0]))
	require.Equal(t, map[string]string{"lines[1].list_price_fen": "too_large"}, faultsOf(t, err))
}

func TestLargestAmountsDoNotOverflow(t *testing.T) {
	t.Parallel()
	r := quoted(t, compiled(t, sample()), facts(Line{Depth: "ecosystem", ListPrice: kernel.MaxFen}))
	require.Equal(t, yuan(200_000), r.Legs.Subsidy)
	require.Equal(t, kernel.MaxFen/2, r.Lines[0].Granted)
}

func BenchmarkQuote(b *testing.B) {
	p := compiled(b, sample())
	f := facts(Line{Category: "app.erp", Depth: "business", ListPrice: yuan(120_000), Discount: yuan(20_000)})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Quote(f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "quotes/s")
}
