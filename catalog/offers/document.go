package offers

import (
	"strings"

	"yunhui/catalog"
	"yunhui/services/registry"
	"yunhui/services/search"
)

// The columns of the index.
const (
	columnCategory = "category"
	columnDepth    = "depth"
	columnProvider = "provider"
	columnChain    = "chain"
	columnSize     = "size"
	columnPrice    = "price_fen"
	columnListed   = "listed_at"
)

// document is an offer as it can be found. A word in its name counts most; what
// the category covers helps those who do not know the trade's name for a thing.
func document(o catalog.Offer, b *OfferBrief, plans []catalog.Plan) search.Document {
	d := search.Document{
		ID: string(o.ID),
		Fields: []search.Field{
			{Name: "name", Text: both(o.NameZH, o.NameEN), Weight: 8},
			{Name: "provider", Text: both(b.Provider.Name, b.Provider.NameEN), Weight: 4},
			{Name: "category", Text: categoryText(o.Category), Weight: 3},
			{Name: "summary", Text: both(o.SummaryZH, o.SummaryEN), Weight: 3},
			{Name: "systems", Text: strings.Join(o.Integrates, "\n"), Weight: 2},
			{Name: "plans", Text: planText(plans), Weight: 1},
			{Name: "chains", Text: chainText(o.Chains), Weight: 1},
			{Name: "description", Text: both(o.DescriptionZH, o.DescriptionEN), Weight: 1},
		},
		Keywords: map[string][]string{
			columnCategory: {o.Category}, columnDepth: {o.Depth}, columnProvider: {string(o.ProviderID)},
			columnChain: o.Chains, columnSize: o.Sizes,
		},
		Numbers: map[string]int64{columnPrice: int64(b.PriceFrom)},
	}
	if o.ListedAt != nil {
		d.Numbers[columnListed] = o.ListedAt.UnixMicro()
	}
	return d
}

func both(zh, en string) string { return zh + "\n" + en }

func categoryText(code string) string {
	c, ok := catalog.FindCategory(code)
	if !ok {
		return ""
	}
	return both(c.Name.ZH, c.Name.EN) + "\n" + c.Covers
}

func planText(plans []catalog.Plan) string {
	var b strings.Builder
	for _, p := range plans {
		b.WriteString(both(p.NameZH, p.NameEN) + "\n" + both(p.IncludesZH, p.IncludesEN) + "\n")
	}
	return b.String()
}

func chainText(keys []string) string {
	var b strings.Builder
	for _, key := range keys {
		if c, ok := registry.FindChain(key); ok {
			b.WriteString(both(c.Name.ZH, c.Name.EN) + "\n")
		}
	}
	return b.String()
}
