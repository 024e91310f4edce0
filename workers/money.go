package workers

import (
	"context"
	"time"

	"yunhui/services/database"
	"yunhui/services/queue"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/payments"
)

// Money binds the work of the money side: checks of submitted claims, telling
// the parties, payment batches of many claims, closing notices, lapsing unused
// reservations and letting those who wait follow.
func (s *Shift) Money(people People, a *agreements.Desk, c *claims.Desk, n *notices.Desk, p *payments.Desk) {
	s.Tasks(
		Task{Kind: claims.Check, Do: func(tx *database.Tx, d queue.Delivery) error {
			var e claims.Event
			if err := d.Into(&e); err != nil {
				return err
			}
			return c.RunChecks(tx.Context(), tx, d.Subject, e.Round)
		}},
		Task{Kind: payments.Work, Do: p.Deliver},
		Task{Kind: claims.Changed, Do: claimChanged(people)},
		Task{Kind: agreements.Changed, Do: agreementChanged(people)},
		Task{Kind: agreements.Follow, Do: func(tx *database.Tx, d queue.Delivery) error {
			var e agreements.Freed
			if err := d.Into(&e); err != nil {
				return err
			}
			_, err := a.Follow(tx, e.Policy)
			return err
		}},
		Task{Kind: openings.Drawn, Do: drawn(people)},
	)
	s.Duties(
		Duty{Name: "notices.close", Every: 5 * time.Minute, Do: func(ctx context.Context) error {
			_, err := n.CloseDue(ctx)
			return err
		}},
		Duty{Name: "agreements.follow", Every: time.Minute, Do: func(ctx context.Context) error {
			_, err := a.FollowDue(ctx)
			return err
		}},
		Duty{Name: "agreements.lapse", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := a.LapseDue(ctx)
			return err
		}},
	)
}
