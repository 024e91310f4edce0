package main

import (
	"context"

	"yunhui/catalog"
	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// market shows the catalogue to the money side.
type market struct {
	shop    *offers.Desk
	demands *demands.Desk
}

// Plan implements subsidies.Market.
func (m market) Plan(ctx context.Context, offer, plan kernel.ID) (subsidies.Listed, error) {
	l, err := m.shop.Plan(ctx, offer, plan)
	return subsidies.Listed(l), err
}

// Proposal implements subsidies.Market.
func (m market) Proposal(ctx context.Context, enterprise, proposal kernel.ID) (subsidies.Proposed, error) {
	p, err := m.demands.Proposal(ctx, enterprise, proposal)
	return subsidies.Proposed{ID: p.ID, EnterpriseID: p.EnterpriseID, Listed: subsidies.Listed(p.Listed), Quantity: p.Quantity, ListPrice: p.ListPrice, Discount: p.Discount}, err
}

var _ catalog.Registry = register{}
