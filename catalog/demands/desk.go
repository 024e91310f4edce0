// Package demands is the life of what enterprises ask for: posted, answered by
// providers' proposals, and chosen, or closed with a reason.
package demands

import (
	"context"
	"maps"

	"gorm.io/gorm"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// The outbox kinds of this room; each message is about the demand.
const (
	Posted   = "demand.posted"   // those whose offers match may hear of it
	Invited  = "demand.invited"  // Event.Providers are asked to answer
	Answered = "demand.answered" // Event.Proposal was sent or revised
	Chosen   = "demand.chosen"   // Event.Proposal was chosen, Event.Providers were declined
	Closed   = "demand.closed"   // Event.Providers had answered
)

// Event is the payload of the room's messages.
type Event struct {
	Proposal  kernel.ID   `json:"proposal,omitempty"`
	Providers []kernel.ID `json:"providers,omitempty"`
}

// MostInvitations bounds how many providers one demand may be sent to.
const MostInvitations = 10

// Desk handles demands.
type Desk struct {
	DB       *database.DB
	Shelf    *offers.Shelf
	Registry catalog.Registry
}

// Seen is a demand as far as the reader may see it.
type Seen struct {
	Demand   catalog.Demand
	Invited  bool // the reader's provider was asked
	Named    bool // the reader may know which enterprise it is
	Proposed bool // the reader's provider has answered
}

// Get returns a demand that the actor may see, or not_found: its enterprise sees
// it always; a provider when it was invited, has answered, or sells in the
// category while the demand is open. Who asks is told to those only whom the
// enterprise invited or chose.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID) (Seen, error) {
	found, err := d.List(ctx, who, Filter{ID: id, Limit: 1})
	if err != nil {
		return Seen{}, err
	}
	if len(found) == 0 {
		return Seen{}, notFound()
	}
	return found[0], nil
}

// own loads a demand of the enterprise that acts.
func own(tx *database.Tx, id kernel.ID) (catalog.Demand, error) {
	var demand catalog.Demand
	err := tx.Where("id = ? AND enterprise_id = ?", id, tx.Call.Actor.Org).Take(&demand).Error
	return demand, database.Found(err, notFound())
}

// hold locks a demand for the rest of the transaction, provided that it is open.
// Answers and choices on one demand thereby come one after the other.
func hold(tx *database.Tx, id kernel.ID) error {
	held := tx.Model(&catalog.Demand{}).Where("id = ? AND status = ?", id, catalog.DemandOpen).Updates(map[string]any{"updated_at": tx.Now})
	return database.Changed(held, notOpen())
}

// leave ends the openness of a demand under its guard.
func leave(tx *database.Tx, demand catalog.Demand, to string, columns map[string]any) error {
	set := map[string]any{"status": to, "updated_at": tx.Now, "version": gorm.Expr("version + 1")}
	maps.Copy(set, columns)
	left := tx.Model(&catalog.Demand{}).Where("id = ? AND status = ?", demand.ID, catalog.DemandOpen).Updates(set)
	return database.Changed(left, notOpen())
}

// decline ends all proposals that still stand and returns their providers.
func decline(tx *database.Tx, demand kernel.ID) ([]kernel.ID, error) {
	standing := func() *gorm.DB {
		return tx.Model(&catalog.Proposal{}).Where("demand_id = ? AND status = ?", demand, catalog.ProposalSent)
	}
	var providers []kernel.ID
	if err := standing().Order("provider_id").Pluck("provider_id", &providers).Error; err != nil {
		return nil, err
	}
	return providers, standing().Updates(map[string]any{"status": catalog.ProposalDeclined, "updated_at": tx.Now, "version": gorm.Expr("version + 1")}).Error
}

func record(tx *database.Tx, action string, id kernel.ID, detail any) error {
	return audit.Record(tx, audit.Entry{Action: action, ObjectKind: "demand", ObjectID: string(id), Detail: detail})
}

func notFound() error { return kernel.NotFound(kernel.T("需求", "demand")) }

func notOpen() error {
	return kernel.Conflict("demand.not_open", kernel.T("该需求已选定方案或已关闭", "A proposal has been chosen for this demand, or it is closed"))
}
