package workers

import (
	"fmt"

	"yunhui/catalog"
	"yunhui/catalog/demands"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/notify"
	"yunhui/services/queue"
)

// audience bounds how many providers hear of one posted demand.
const audience = 30

// Market binds the work of the market: who hears of demands and proposals.
func (s *Shift) Market(people People, d *demands.Desk) {
	bind := func(kind string, readers func(tx *database.Tx, demand catalog.Demand, e demands.Event) ([]kernel.ID, error)) {
		s.Tasks(Task{Kind: kind, Do: demandChanged(people, kind, readers)})
	}
	bind(demands.Posted, func(tx *database.Tx, demand catalog.Demand, _ demands.Event) ([]kernel.ID, error) {
		return d.Audience(tx.Context(), demand.ID, audience)
	})
	bind(demands.Invited, func(_ *database.Tx, _ catalog.Demand, e demands.Event) ([]kernel.ID, error) { return e.Providers, nil })
	bind(demands.Closed, func(_ *database.Tx, _ catalog.Demand, e demands.Event) ([]kernel.ID, error) { return e.Providers, nil })
	bind(demands.Answered, func(_ *database.Tx, demand catalog.Demand, _ demands.Event) ([]kernel.ID, error) {
		return []kernel.ID{demand.EnterpriseID}, nil
	})
	bind(demands.Chosen, func(tx *database.Tx, _ catalog.Demand, e demands.Event) ([]kernel.ID, error) {
		var chosen catalog.Proposal
		err := tx.Where("id = ?", e.Proposal).Take(&chosen).Error
		return append([]kernel.ID{chosen.ProviderID}, e.Providers...), err
	})
}

func demandChanged(people People, kind string, readers func(*database.Tx, catalog.Demand, demands.Event) ([]kernel.ID, error)) queue.Handler {
	return func(tx *database.Tx, d queue.Delivery) error {
		var e demands.Event
		if err := d.Into(&e); err != nil {
			return err
		}
		var demand catalog.Demand
		if err := tx.Where("id = ?", d.Subject).Take(&demand).Error; err != nil {
			return fmt.Errorf("demand %s: %w", d.Subject, err)
		}
		orgs, err := readers(tx, demand, e)
		if err != nil {
			return err
		}
		to, err := membersOf(tx, people, orgs)
		if err != nil {
			return err
		}
		return tell(tx, d, to, notify.Notification{Kind: kind, Link: "/demands/" + string(demand.ID), Params: map[string]string{"title": demand.Title}})
	}
}
