package offers

import (
	"time"

	"yunhui/catalog"
	"yunhui/services/kernel"
)

// OfferBrief is an offer in a list.
type OfferBrief struct {
	ID         kernel.ID    `json:"id"`
	Category   string       `json:"category"`
	Depth      string       `json:"depth" enum:"resource,business,capability,ecosystem"`
	Class      string       `json:"class"`
	NameZH     string       `json:"name_zh"`
	NameEN     string       `json:"name_en"`
	SummaryZH  string       `json:"summary_zh"`
	SummaryEN  string       `json:"summary_en"`
	Provider   ProviderName `json:"provider"`
	PriceFrom  kernel.Fen   `json:"price_from_fen" doc:"最低规格的目录价 · list price of the cheapest plan"`
	PriceUnit  string       `json:"price_from_unit" doc:"该价格的计价单位 · what that price is for"`
	Chains     []string     `json:"chains"`
	Sizes      []string     `json:"sizes"`
	Integrates []string     `json:"integrates"`
	ListedAt   *time.Time   `json:"listed_at,omitempty"`

	firstYear kernel.Fen // what the cheapest plan costs in its first year, one unit of it
	district  string     // of the provider
}

// ProviderName names a provider on a screen.
type ProviderName struct {
	ID     kernel.ID `json:"id"`
	Name   string    `json:"name"`
	NameEN string    `json:"name_en"`
}

// ProviderBrief is a provider in a list.
type ProviderBrief struct {
	catalog.Provider
	Offers int `json:"offers" doc:"在架服务数 · how many offers are listed"`
}

func newBrief(o catalog.Offer, p catalog.Provider, plans []catalog.Plan) *OfferBrief {
	b := &OfferBrief{
		ID: o.ID, Category: o.Category, Depth: o.Depth, Class: o.Class,
		NameZH: o.NameZH, NameEN: o.NameEN, SummaryZH: o.SummaryZH, SummaryEN: o.SummaryEN,
		Provider:  ProviderName{ID: p.ID, Name: p.Name, NameEN: p.NameEN},
		PriceFrom: plans[0].Price, PriceUnit: plans[0].Unit,
		Chains: filled(o.Chains), Sizes: filled(o.Sizes), Integrates: filled(o.Integrates), ListedAt: o.ListedAt,
		firstYear: firstYear(plans[0]), district: p.District,
	}
	for _, plan := range plans[1:] {
		if plan.Price < b.PriceFrom {
			b.PriceFrom, b.PriceUnit = plan.Price, plan.Unit
		}
		b.firstYear = min(b.firstYear, firstYear(plan))
	}
	return b
}

func firstYear(p catalog.Plan) kernel.Fen {
	cost, err := p.Price.Times(catalog.Periods(p.Unit))
	if err != nil {
		return kernel.MaxFen
	}
	return cost
}

// filled keeps null out of lists.
func filled(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
