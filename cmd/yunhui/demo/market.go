package demo

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/policies"
)

// policy is the one the demo city's claims are made under.
const policy = "chongqing-demo-2026"

// placed is an offer on the shelf.
type placed struct {
	offer catalog.Offer
	plans []catalog.Plan
	from  Offer
}

// legislate publishes the policies and votes the money: 60 % by the city and
// the rest by its districts, the larger ones more.
func (l *Loader) legislate(ctx context.Context) error {
	ctx = as(ctx, l.people["city-b"])
	for _, doc := range policies.All() {
		if err := database.Run(ctx, l.DB, "demo.publish", func(tx *database.Tx) error { return gazette.Publish(tx, doc) }); err != nil {
			return err
		}
	}
	return database.Run(ctx, l.DB, "demo.appropriate", func(tx *database.Tx) error {
		return l.vote(tx, "年初预算", 900_000_000, func(i int) kernel.Fen { return kernel.Fen(12_000_000 + i%5*3_000_000) })
	})
}

// stock puts the providers and their offers on the shelf.
func (l *Loader) stock(ctx context.Context) error {
	l.offers = map[string]placed{}
	err := database.Run(as(ctx, kernel.System()), l.DB, "demo.stock", func(tx *database.Tx) error {
		var providers []catalog.Provider
		var offers []catalog.Offer
		var plans []catalog.Plan
		var marks []catalog.PriceMark
		admitted := tx.Today()
		for _, p := range l.content.Providers {
			providers = append(providers, catalog.Provider{
				ID: l.sellers[p.Key], Status: catalog.ProviderAdmitted, Name: p.NameZH, NameEN: p.NameEN, District: p.District,
				IntroZH: p.Intro.ZH, IntroEN: p.Intro.EN, Strengths: p.Strengths, AdmittedOn: &admitted, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
			})
		}
		for _, o := range l.content.Offers {
			set := l.place(tx, o)
			l.offers[o.Key] = set
			offers = append(offers, set.offer)
			plans = append(plans, set.plans...)
			for _, p := range set.plans {
				marks = append(marks, catalog.PriceMark{ID: kernel.NewID(tx.Now), PlanID: p.ID, Price: p.Price, FromAt: tx.Now})
			}
		}
		for _, rows := range []any{providers, offers, plans, marks} {
			if err := tx.CreateInBatches(rows, 100).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.Shelf.Load(ctx)
}

func (l *Loader) place(tx *database.Tx, o Offer) placed {
	row := catalog.Offer{
		ID: kernel.NewID(tx.Now), ProviderID: l.sellers[o.Provider], Category: o.Category, Depth: o.Depth, Class: o.Class,
		NameZH: o.Name.ZH, NameEN: o.Name.EN, SummaryZH: o.Summary.ZH, SummaryEN: o.Summary.EN,
		DescriptionZH: o.Description.ZH, DescriptionEN: o.Description.EN, Chains: keysOfChains(o.Chains), Sizes: o.Sizes,
		Integrates: []string{}, DataReturnZH: o.DataReturn.ZH, DataReturnEN: o.DataReturn.EN, Status: catalog.OfferListed,
		Version: 1, ListedAt: &tx.Now, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	for _, s := range o.Systems {
		row.Integrates = append(row.Integrates, s.ZH)
	}
	set := placed{from: o}
	for i, p := range o.Plans {
		set.plans = append(set.plans, catalog.Plan{
			ID: kernel.NewID(tx.Now), OfferID: row.ID, Position: int64(i), NameZH: p.Name.ZH, NameEN: p.Name.EN, Unit: p.Unit, Price: p.Price,
			IncludesZH: p.Includes.ZH, IncludesEN: p.Includes.EN, Status: catalog.PlanActive, Version: 1,
		})
		if i == 0 || p.Price < row.LowestPrice {
			row.LowestPrice = p.Price
		}
	}
	set.offer = row
	return set
}

// ordered walks a map by its keys, so that the same content makes the same city.
func ordered[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
