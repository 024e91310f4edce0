package demands

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"yunhui/catalog"
	"yunhui/services/kernel"
)

// Filter selects demands among those the actor may see.
type Filter struct {
	ID      kernel.ID
	Status  string
	Invited bool // only those the provider was invited to
	After   kernel.ID
	Limit   int
}

// List returns the demands that the actor may see, the newest first.
func (d *Desk) List(ctx context.Context, who kernel.Actor, f Filter) ([]Seen, error) {
	q, err := d.visible(ctx, who, f.Invited)
	if err != nil {
		return nil, err
	}
	if f.ID != "" {
		q = q.Where("id = ?", f.ID)
	}
	if f.Status != "" {
		q = q.Where("status = ?", f.Status)
	}
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	var rows []catalog.Demand
	if err := q.Order("id DESC").Limit(f.Limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("demands: %w", err)
	}
	if who.Role == kernel.RoleEnterprise {
		out := make([]Seen, len(rows))
		for i, row := range rows {
			out[i] = Seen{Demand: row, Named: true}
		}
		return out, nil
	}
	return d.asProvider(ctx, who.Org, rows)
}

// visible narrows a query to what the actor may see.
func (d *Desk) visible(ctx context.Context, who kernel.Actor, invitedOnly bool) (*gorm.DB, error) {
	db := d.DB.Read(ctx)
	if who.Role == kernel.RoleEnterprise {
		return db.Where("enterprise_id = ?", who.Org), nil
	}
	if err := who.Require(kernel.RoleProvider); err != nil {
		return nil, err
	}
	invited := db.Model(&catalog.Invitation{}).Where("provider_id = ?", who.Org).Select("demand_id")
	if invitedOnly {
		return db.Where("id IN (?)", invited), nil
	}
	answered := db.Model(&catalog.Proposal{}).Where("provider_id = ?", who.Org).Select("demand_id")
	sells, err := d.Shelf.CategoriesOf(ctx, who.Org)
	if err != nil {
		return nil, err
	}
	if len(sells) == 0 {
		return db.Where("id IN (?) OR id IN (?)", invited, answered), nil
	}
	return db.Where("id IN (?) OR id IN (?) OR (status = ? AND (category = '' OR category IN ?))", invited, answered, catalog.DemandOpen, sells), nil
}

// asProvider notes what lies between a provider and the demands of a page, and
// takes out what it may not know.
func (d *Desk) asProvider(ctx context.Context, provider kernel.ID, rows []catalog.Demand) ([]Seen, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]kernel.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	var invited []kernel.ID
	if err := d.DB.Read(ctx).Model(&catalog.Invitation{}).Where("provider_id = ? AND demand_id IN ?", provider, ids).Pluck("demand_id", &invited).Error; err != nil {
		return nil, fmt.Errorf("invitations: %w", err)
	}
	var answers []catalog.Proposal
	if err := d.DB.Read(ctx).Select("id", "demand_id", "status").Where("provider_id = ? AND demand_id IN ?", provider, ids).Find(&answers).Error; err != nil {
		return nil, fmt.Errorf("proposals: %w", err)
	}
	seen := make(map[kernel.ID]*Seen, len(rows))
	out := make([]Seen, len(rows))
	for i, row := range rows {
		out[i].Demand = row
		seen[row.ID] = &out[i]
	}
	for _, id := range invited {
		seen[id].Invited, seen[id].Named = true, true
	}
	for _, p := range answers {
		s := seen[p.DemandID]
		s.Proposed = true
		s.Named = s.Named || p.Status == catalog.ProposalChosen
	}
	for i := range out {
		out[i].veil(answers)
	}
	return out, nil
}

// veil hides who asks, who asked on their behalf, and whose answer was chosen
// when it is not the reader's.
func (s *Seen) veil(answers []catalog.Proposal) {
	if !s.Named {
		s.Demand.EnterpriseID = ""
	}
	s.Demand.CreatedBy = ""
	if chosen := s.Demand.ChosenProposalID; chosen != nil {
		for _, p := range answers {
			if p.ID == *chosen {
				return
			}
		}
		s.Demand.ChosenProposalID = nil
	}
}

// InvitedBy returns the providers that were asked to answer a demand.
func (d *Desk) InvitedBy(ctx context.Context, demand kernel.ID) ([]kernel.ID, error) {
	var out []kernel.ID
	err := d.DB.Read(ctx).Model(&catalog.Invitation{}).Where("demand_id = ?", demand).Order("created_at, provider_id").Pluck("provider_id", &out).Error
	return out, err
}

// Proposals returns the answers to a demand: all to its enterprise, its own to a
// provider. The caller has seen to it that the actor may see the demand.
func (d *Desk) Proposals(ctx context.Context, who kernel.Actor, demand kernel.ID) ([]catalog.Proposal, error) {
	q := d.DB.Read(ctx).Where("demand_id = ?", demand)
	if who.Role != kernel.RoleEnterprise {
		q = q.Where("provider_id = ?", who.Org)
	}
	var out []catalog.Proposal
	err := q.Order("id").Limit(500).Find(&out).Error
	return out, err
}

// Answers counts the proposals of each demand.
func (d *Desk) Answers(ctx context.Context, demands []kernel.ID) (map[kernel.ID]int, error) {
	out := make(map[kernel.ID]int, len(demands))
	if len(demands) == 0 {
		return out, nil
	}
	var rows []struct {
		DemandID kernel.ID
		N        int
	}
	err := d.DB.Read(ctx).Model(&catalog.Proposal{}).Where("demand_id IN ?", demands).Group("demand_id").Select("demand_id, COUNT(*) AS n").Scan(&rows).Error
	for _, r := range rows {
		out[r.DemandID] = r.N
	}
	return out, err
}
