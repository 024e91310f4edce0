package demands

import (
	"context"

	"gorm.io/gorm"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
)

// Choose takes one proposal of an own demand under the version that was seen, so
// that a revision in between is not chosen blindly. All others are declined.
// It returns the demand.
func (d *Desk) Choose(ctx context.Context, proposal kernel.ID, version int64) (kernel.ID, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(kernel.RoleEnterprise); err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, "demand.choose", func(tx *database.Tx) (kernel.ID, error) {
		p, demand, err := chosen(tx, proposal)
		if err != nil {
			return "", err
		}
		if err := leave(tx, demand, catalog.DemandChosen, map[string]any{"chosen_proposal_id": p.ID}); err != nil {
			return "", err
		}
		if err := take(tx, p.ID, version); err != nil {
			return "", err
		}
		declined, err := decline(tx, demand.ID)
		if err != nil {
			return "", err
		}
		if err := record(tx, "demand.choose", demand.ID, map[string]any{"proposal": p.ID, "provider": p.ProviderID, "declined": declined}); err != nil {
			return "", err
		}
		return demand.ID, queue.Send(tx, queue.Message{Kind: Chosen, Subject: demand.ID, Payload: Event{Proposal: p.ID, Providers: declined}})
	})
}

func chosen(tx *database.Tx, proposal kernel.ID) (catalog.Proposal, catalog.Demand, error) {
	var p catalog.Proposal
	if err := tx.Where("id = ?", proposal).Take(&p).Error; err != nil {
		return p, catalog.Demand{}, database.Found(err, proposalNotFound())
	}
	demand, err := own(tx, p.DemandID)
	if e := kernel.AsError(err); e != nil && e.Kind == kernel.KindNotFound {
		err = proposalNotFound()
	}
	return p, demand, err
}

// take marks the proposal. It reads it anew: the demand is held only now.
func take(tx *database.Tx, id kernel.ID, version int64) error {
	var p catalog.Proposal
	if err := tx.Where("id = ?", id).Take(&p).Error; err != nil {
		return err
	}
	switch {
	case p.Version != version:
		return database.Stale()
	case p.ValidUntil < tx.Today():
		return kernel.Conflict("proposal.expired", kernel.T("该方案已过有效期，请联系服务商更新", "This proposal is no longer valid; ask the provider to renew it"))
	}
	taken := tx.Model(&catalog.Proposal{}).Where("id = ? AND version = ? AND status = ?", id, version, catalog.ProposalSent).
		Updates(map[string]any{"status": catalog.ProposalChosen, "updated_at": tx.Now, "version": gorm.Expr("version + 1")})
	return database.Changed(taken, database.Stale())
}

// Proposal returns the chosen proposal of an enterprise's demand, for an
// agreement to be drafted from, or not_found.
func (d *Desk) Proposal(ctx context.Context, enterprise, proposal kernel.ID) (catalog.Proposed, error) {
	db := d.DB.Read(ctx)
	var p catalog.Proposal
	err := db.Where("id = ? AND status = ? AND demand_id IN (?)", proposal, catalog.ProposalChosen,
		db.Model(&catalog.Demand{}).Where("enterprise_id = ?", enterprise).Select("id")).Take(&p).Error
	if err != nil {
		return catalog.Proposed{}, database.Found(err, proposalNotFound())
	}
	named, err := offers.Named(db, []kernel.ID{p.PlanID})
	return catalog.Proposed{ID: p.ID, EnterpriseID: enterprise, Listed: named[p.PlanID], Quantity: p.Quantity, ListPrice: p.ListPrice, Discount: p.Discount}, err
}

func proposalNotFound() error { return kernel.NotFound(kernel.T("方案", "proposal")) }
