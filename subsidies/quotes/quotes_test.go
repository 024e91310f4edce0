package quotes_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

func desk(city *subsidiestest.City) *quotes.Desk {
	return &quotes.Desk{DB: city.DB, Policies: city.Policies, Registry: city.Registry, Market: city.Market}
}

func fields(err error) []string {
	if e := kernel.AsError(err); e != nil {
		return subsidiestest.Fields(e)
	}
	return nil
}

func TestAVisitorsQuoteReadsAndNeverWrites(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		_, draft := city.Listing(subsidiestest.Deal{Price: 1_000_000})
		city.Unmoved(t, func() {
			a, err := desk(city).Ask(t.Context(), quotes.Question{
				Policy: subsidiestest.Policy, Facts: rules.EnterpriseFacts{District: subsidiestest.District, SizeClass: "small"},
				Items: []quotes.Item{{Offer: draft.Offer, Plan: draft.Plan, Quantity: 2, Discount: 500_000}},
			})
			require.NoError(t, err)
			require.NoError(t, a.Result.Legs.Conserved())
			require.EqualValues(t, 2_000_000, a.Result.Legs.ListPrice)
			require.EqualValues(t, 450_000, a.Result.Potential, "30 % of what remains after the discount")
		})
	})
}

func TestAFirmsQuoteKnowsWhatItHasBeenGranted(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		var firms []subsidies.Firm
		for range 12 { // org-firm-1 and org-firm-10 to org-firm-12 among them
			firms = append(firms, city.Registry.NewFirm(subsidiestest.District))
		}
		for _, f := range firms[9:] {
			city.AgreementIn(t, subsidiestest.Deal{Firm: f, Price: 50_000_000}, subsidies.AgreementAccepted)
		}
		ask := func(f subsidies.Firm) subsidies.Legs {
			a, err := desk(city).Ask(t.Context(), quotes.Question{Policy: subsidiestest.Policy, Enterprise: f.ID, Items: []quotes.Item{{Category: "saas.erp", Depth: "business", Price: 50_000_000}}})
			require.NoError(t, err)
			return a.Result.Legs
		}
		require.EqualValues(t, 15_000_000, ask(firms[0]).Subsidy, "others' grants are not this firm's")
		require.EqualValues(t, 5_000_000, ask(firms[9]).Subsidy, "¥200,000 a year less ¥150,000")
		_, err := desk(city).Ask(t.Context(), quotes.Question{Policy: subsidiestest.Policy, Enterprise: "none", Items: []quotes.Item{{Depth: "business", Price: 1}}})
		require.True(t, kernel.IsCode(err, "not_found"))
	})
}

func TestABadLineIsNamed(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	_, draft := city.Listing(subsidiestest.Deal{})
	_, err := desk(city).Ask(t.Context(), quotes.Question{Policy: subsidiestest.Policy, Items: []quotes.Item{
		{Offer: draft.Offer, Plan: draft.Plan, Quantity: 1},
		{Offer: "gone", Plan: draft.Plan},
		{Depth: "business", Price: kernel.MaxFen, Quantity: 2},
		{Depth: "business", Price: 9_000_000_000_000_000_000, Quantity: 9},
		{Depth: "business", Price: -1},
		{Depth: "business", Price: 5, Discount: -1},
		{Depth: "business", Price: 5, Discount: 6},
	}})
	require.ElementsMatch(t, []string{
		"lines[1].plan_id plan.unknown", "lines[2].price_fen price.range", "lines[3].price_fen price.range",
		"lines[4].price_fen price.range", "lines[5].price_fen price.range", "lines[6].discount_fen discount.range",
	}, fields(err))
	_, err = desk(city).Ask(t.Context(), quotes.Question{Policy: "none", Items: []quotes.Item{{Price: 1}}})
	require.True(t, kernel.IsCode(err, "not_found"))
	_, err = desk(city).Ask(t.Context(), quotes.Question{Policy: subsidiestest.Policy, Version: 99, Items: []quotes.Item{{Price: 1}}})
	require.True(t, kernel.IsCode(err, "not_found"))
}

type closedMarket struct{}

var errClosed = errors.New("the market does not answer")

func (closedMarket) Plan(context.Context, kernel.ID, kernel.ID) (subsidies.Listed, error) {
	return subsidies.Listed{}, errClosed
}

func (closedMarket) Proposal(context.Context, kernel.ID, kernel.ID) (subsidies.Proposed, error) {
	return subsidies.Proposed{}, errClosed
}

func TestAMarketThatFailsIsNotABadLine(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	d := desk(subsidiestest.New(t, db, clock))
	d.Market = closedMarket{}
	_, err := d.Ask(t.Context(), quotes.Question{Policy: subsidiestest.Policy, Items: []quotes.Item{{Offer: "o", Plan: "p"}}})
	require.ErrorIs(t, err, errClosed)
}

// TestEveryQuoteIsConserved: whatever is asked, the answer is a fault or legs
// that add up, and the same question has the same answer.
func TestEveryQuoteIsConserved(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	d := desk(subsidiestest.New(t, db, clock))
	rapid.Check(t, func(t *rapid.T) {
		fen := func(label string) kernel.Fen {
			return kernel.Fen(rapid.OneOf(rapid.Int64Range(-5, 2_000_000_000), rapid.Int64Range(int64(kernel.MaxFen)-5, int64(kernel.MaxFen)+5), rapid.Int64()).Draw(t, label))
		}
		q := quotes.Question{
			Policy: subsidiestest.Policy, On: kernel.Date(rapid.SampledFrom([]string{"", "2026-11-23", "2025-01-01", "2030-01-01", "0001-01-01", "9999-12-31"}).Draw(t, "on")),
			Facts:   rules.EnterpriseFacts{SizeClass: rapid.SampledFrom([]string{"", "small", "large"}).Draw(t, "size"), Revenue: max(fen("revenue"), 0)},
			Granted: max(fen("granted"), 0), Purchases: rapid.IntRange(0, 1000).Draw(t, "purchases"),
		}
		for range rapid.IntRange(1, 4).Draw(t, "lines") {
			q.Items = append(q.Items, quotes.Item{
				Depth: rapid.SampledFrom([]string{"", "business", "ecosystem"}).Draw(t, "depth"), Price: fen("price"), Discount: fen("discount"), Quantity: rapid.Int64Range(0, 100_000).Draw(t, "quantity"),
			})
		}
		if rapid.Bool().Draw(t, "paid") {
			paid := fen("paid amount")
			q.Paid = &paid
		}
		a, err := d.Ask(context.Background(), q)
		if err != nil {
			if kernel.AsError(err) == nil {
				t.Fatalf("%+v: %v", q, err)
			}
			return
		}
		if err := a.Result.Legs.Conserved(); err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		again, err := d.Ask(context.Background(), q)
		if err != nil || again.Result.Legs != a.Result.Legs {
			t.Fatalf("%+v: %+v, then %+v (%v)", q, a.Result.Legs, again.Result.Legs, err)
		}
	})
}
