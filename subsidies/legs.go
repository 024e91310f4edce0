// Package subsidies is the money: policies, quotes, agreements, claims, reviews,
// notices and payment batches. This package holds the pure vocabulary and the
// state machines; rules, budget, store and rest are its rooms.
package subsidies

import (
	"fmt"

	"yunhui/services/kernel"
)

// Legs is the three-way split 三方分担 of one price: what the provider gives
// away, what the government pays and what the enterprise pays itself.
// All amounts are whole fen and never negative.
type Legs struct {
	ListPrice        kernel.Fen `json:"list_price_fen" gorm:"column:list_price_fen"`
	ProviderDiscount kernel.Fen `json:"provider_discount_fen" gorm:"column:discount_fen"`
	Subsidy          kernel.Fen `json:"government_subsidy_fen" gorm:"column:subsidy_fen"`
	Municipal        kernel.Fen `json:"municipal_fen" gorm:"column:municipal_fen"`
	District         kernel.Fen `json:"district_fen" gorm:"column:district_fen"`
	EnterpriseShare  kernel.Fen `json:"enterprise_share_fen" gorm:"column:enterprise_fen"`
}

// Contract is what the enterprise owes the provider: list price less discount.
func (l Legs) Contract() kernel.Fen { return l.ListPrice - l.ProviderDiscount }

// Conserved checks law 1: the legs add up to the list price, the two levels of
// government to the subsidy, and no leg is negative.
func (l Legs) Conserved() error {
	for name, v := range map[string]kernel.Fen{"list price": l.ListPrice, "discount": l.ProviderDiscount, "subsidy": l.Subsidy, "municipal": l.Municipal, "district": l.District, "enterprise share": l.EnterpriseShare} {
		if v < 0 || v > kernel.MaxFen {
			return fmt.Errorf("%s of %d fen is out of range", name, v)
		}
	}
	if l.ProviderDiscount+l.Subsidy+l.EnterpriseShare != l.ListPrice {
		return fmt.Errorf("legs %d+%d+%d do not add up to the list price %d", l.ProviderDiscount, l.Subsidy, l.EnterpriseShare, l.ListPrice)
	}
	if l.Municipal+l.District != l.Subsidy {
		return fmt.Errorf("municipal %d and district %d do not add up to the subsidy %d", l.Municipal, l.District, l.Subsidy)
	}
	return nil
}
