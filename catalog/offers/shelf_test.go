package offers_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

var words = []string{"库存", "进销存", "排产", "看板", "备份", "容灾", "云主机", "考勤", "财务", "发票", "客户", "质检", "追溯", "能耗", "采购", "门户"}

// fill writes a market of a size: every offer has two plans.
func fill(t testing.TB, db *database.DB, providers, count int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var leaves []string
	for _, c := range catalog.Categories() {
		if c.Leaf() {
			leaves = append(leaves, c.Code)
		}
	}
	word := func() string { return words[r.IntN(len(words))] }
	var sellers []catalog.Provider
	var all []catalog.Offer
	var plans []catalog.Plan
	var marks []catalog.PriceMark
	now := databasetest.Noon
	for i := range providers {
		sellers = append(sellers, catalog.Provider{ID: kernel.NewID(now), Status: catalog.ProviderAdmitted, Name: fmt.Sprintf("虚构服务商%03d", i), NameEN: "Fictional", District: "500103", Strengths: []string{}, Version: 1, CreatedAt: now, UpdatedAt: now})
	}
	for i := range count {
		at := now.Add(time.Duration(i) * time.Millisecond)
		o := catalog.Offer{
			ID: kernel.NewID(at), ProviderID: sellers[r.IntN(providers)].ID, Category: leaves[r.IntN(len(leaves))], Depth: catalog.Depths[r.IntN(4)],
			NameZH: word() + word() + fmt.Sprint(i), NameEN: "Offer", SummaryZH: "面向中小企业的" + word() + "与" + word() + "服务", SummaryEN: "For small firms",
			DescriptionZH: fmt.Sprintf("提供%s、%s和%s，按月计费，支持上门实施与远程升级，数据随时可以导出。第%d号。", word(), word(), word(), i), DescriptionEN: "Billed by the month.",
			Chains: []string{"motorcycles"}, Sizes: []string{"small", "micro"}, Integrates: []string{"主流财务软件"},
			Status: catalog.OfferListed, LowestPrice: kernel.Fen(100 + r.IntN(1_000_000)), Version: 1, ListedAt: &at, CreatedAt: at, UpdatedAt: at,
		}
		all = append(all, o)
		for n := range 2 {
			p := catalog.Plan{ID: kernel.NewID(at), OfferID: o.ID, Position: int64(n), NameZH: "标准版", Unit: "month", Price: o.LowestPrice + kernel.Fen(n*1000), Status: catalog.PlanActive, Version: 1}
			plans = append(plans, p)
			marks = append(marks, catalog.PriceMark{ID: kernel.NewID(at), PlanID: p.ID, Price: p.Price, FromAt: at})
		}
	}
	require.NoError(t, database.Run(t.Context(), db, "fill", func(tx *database.Tx) error {
		for _, rows := range []any{&sellers, &all, &plans, &marks} {
			if err := tx.CreateInBatches(rows, 500).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

func touch(t *testing.T, db *database.DB, id kernel.ID, set map[string]any) {
	t.Helper()
	require.NoError(t, database.Run(t.Context(), db, "touch", func(tx *database.Tx) error {
		set["updated_at"] = tx.Now
		return tx.Model(&catalog.Offer{}).Where("id = ?", id).Updates(set).Error
	}))
}

func TestTheShelfFollowsTheDatabase(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		fill(t, db, 5, 1200) // more than one page
		shelf := offers.NewShelf(db)
		require.False(t, shelf.Loaded())
		require.NoError(t, shelf.Refresh(t.Context()))
		require.True(t, shelf.Loaded())
		require.Equal(t, 1200, shelf.Size())
		found, err := shelf.Find(t.Context(), offers.Query{Sort: "price", Limit: 1})
		require.NoError(t, err)
		cheapest := found.Items[0]

		other := offers.NewShelf(db) // another node
		require.NoError(t, other.Load(t.Context()))
		clock.Advance(time.Hour)
		touch(t, db, cheapest.ID, map[string]any{"status": catalog.OfferWithdrawn, "version": 2})
		require.NoError(t, other.Refresh(t.Context()))
		require.Equal(t, 1199, other.Size())
		_, on := other.Brief(cheapest.ID)
		require.False(t, on)

		touch(t, db, cheapest.ID, map[string]any{"status": catalog.OfferListed, "name_zh": "改名之后的独一无二", "version": 3})
		require.NoError(t, other.Refresh(t.Context()))
		found, err = other.Find(t.Context(), offers.Query{Text: "独一无二"})
		require.NoError(t, err)
		require.Equal(t, 1, found.Total)
		require.Equal(t, "改名之后的独一无二", found.Items[0].NameZH)
	})
}

func TestAWriteThatCommitsLateIsSeen(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	fill(t, db, 1, 3)
	shelf := offers.NewShelf(db)
	require.NoError(t, shelf.Load(t.Context()))
	found, err := shelf.Find(t.Context(), offers.Query{})
	require.NoError(t, err)
	id := found.Items[0].ID
	began := clock.Now().Add(10 * time.Second)
	clock.Advance(time.Minute)
	require.NoError(t, shelf.Refresh(t.Context())) // looks after the write has begun and before it commits
	require.NoError(t, database.Run(t.Context(), db, "late", func(tx *database.Tx) error {
		return tx.Model(&catalog.Offer{}).Where("id = ?", id).Updates(map[string]any{"status": catalog.OfferWithdrawn, "version": 2, "updated_at": began}).Error
	}))
	clock.Advance(time.Second)
	require.NoError(t, shelf.Refresh(t.Context()))
	require.Equal(t, 2, shelf.Size())
}

func TestTamperedPricesAreFound(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		fill(t, db, 1, 3)
		breaches, err := offers.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, breaches)
		require.NoError(t, database.Run(t.Context(), db, "tamper", func(tx *database.Tx) error {
			return tx.Exec("UPDATE plans SET price_fen = price_fen - 1 WHERE position = 0").Error
		}))
		breaches, err = offers.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Len(t, breaches, 6, "three offers and three plans")
	})
}

func TestOnlyAPlanOnSaleIsSold(t *testing.T) {
	t.Parallel()
	db, _ := databasetest.SQLite(t)
	fill(t, db, 1, 2)
	desk := &offers.Desk{DB: db, Shelf: offers.NewShelf(db)}
	var plans []catalog.Plan
	require.NoError(t, db.Read(t.Context()).Order("offer_id, position").Find(&plans).Error)
	listed, err := desk.Plan(t.Context(), plans[0].OfferID, plans[0].ID)
	require.NoError(t, err)
	require.Equal(t, plans[0].Price, listed.Price)
	_, err = desk.Plan(t.Context(), plans[2].OfferID, plans[0].ID)
	require.True(t, kernel.IsCode(err, "not_found"), "a plan of another offer")
	touch(t, db, plans[0].OfferID, map[string]any{"status": catalog.OfferWithdrawn})
	_, err = desk.Plan(t.Context(), plans[0].OfferID, plans[0].ID)
	require.True(t, kernel.IsCode(err, "not_found"), "a withdrawn offer")
}

func BenchmarkLoad20000(b *testing.B) {
	db, _ := databasetest.SQLite(b)
	fill(b, db, 400, 20_000)
	for b.Loop() {
		if err := offers.NewShelf(db).Load(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
