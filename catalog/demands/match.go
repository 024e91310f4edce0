package demands

import (
	"context"
	"fmt"

	"yunhui/catalog"
	"yunhui/catalog/matching"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Matches ranks what is on sale for a demand of the actor's enterprise.
func (d *Desk) Matches(ctx context.Context, who kernel.Actor, id kernel.ID) (matching.Need, []matching.Ranked, error) {
	if err := who.Require(kernel.RoleEnterprise); err != nil {
		return matching.Need{}, nil, err
	}
	seen, err := d.Get(ctx, who, id)
	if err != nil {
		return matching.Need{}, nil, err
	}
	return d.matches(ctx, seen.Demand)
}

// Audience returns the providers that an open demand matches best, for telling
// them of it. Whether anyone may see it is not asked.
func (d *Desk) Audience(ctx context.Context, id kernel.ID, most int) ([]kernel.ID, error) {
	var demand catalog.Demand
	if err := d.DB.Read(ctx).Where("id = ? AND status = ?", id, catalog.DemandOpen).Take(&demand).Error; err != nil {
		return nil, database.Found(err, nil)
	}
	need, ranked, err := d.matches(ctx, demand)
	if err != nil {
		return nil, err
	}
	var out []kernel.ID
	for _, p := range matching.Providers(need, ranked) {
		covers, err := d.Shelf.CategoriesOf(ctx, p.Provider)
		if err != nil {
			return nil, err
		}
		if len(out) < most && sellsIn(covers, demand.Category) {
			out = append(out, p.Provider)
		}
	}
	return out, nil
}

// sellsIn is the condition under which a provider sees an open demand uninvited.
func sellsIn(covers []string, category string) bool {
	for _, c := range covers {
		if category == "" || c == category {
			return true
		}
	}
	return false
}

func (d *Desk) matches(ctx context.Context, demand catalog.Demand) (matching.Need, []matching.Ranked, error) {
	firms, err := d.Registry.Enterprises(ctx, demand.EnterpriseID)
	if err != nil {
		return matching.Need{}, nil, fmt.Errorf("enterprise of the demand: %w", err)
	}
	firm := firms[demand.EnterpriseID]
	need := matching.Need{
		ID: demand.ID, Text: demand.Title + "\n" + demand.Need, Category: demand.Category, Chains: firm.Chains, SizeClass: firm.SizeClass,
		District: demand.District, Budget: demand.Budget, Systems: demand.Systems,
	}
	ranked, err := d.Shelf.Matches(ctx, need)
	return need, ranked, err
}
