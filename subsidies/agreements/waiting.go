package agreements

import (
	"context"
	"errors"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// Follow is the outbox kind that lets those who wait follow: money was freed.
const Follow = "agreement.follow"

// Freed is the payload of Follow.
type Freed struct {
	Policy string `json:"policy"`
}

// promotions bounds how many follow in one transaction.
const promotions = 50

// enter gives an agreement its place once both parties have confirmed.
func (d *Desk) enter(tx *database.Tx, a subsidies.Agreement) error {
	return openings.Enter(tx, d.Policies, a, func() (rules.Facts, error) {
		firms, err := d.Registry.Firms(tx.Context(), a.EnterpriseID, a.ProviderID)
		if err != nil {
			return rules.Facts{}, err
		}
		policy, err := d.Policies.Version(tx.Context(), a.PolicyCode, a.PolicyVersion)
		if err != nil {
			return rules.Facts{}, err
		}
		return factsOf(tx, tx.Today(), policy.Document(), firms[a.EnterpriseID], firms[a.ProviderID], a)
	})
}

// wait puts an agreement that the district accepts on the waiting list.
func wait(tx *database.Tx, a *subsidies.Agreement) error {
	t, err := subsidies.AgreementMachine.Find(a.State, subsidies.AgreementWait, kernel.RoleSystem)
	if err != nil {
		return err
	}
	if err := advance(tx, a, t.Act, t.To, legColumns(*a), record.Reason{}); err != nil {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Changed, Subject: a.ID, Payload: Event{State: a.State}})
}

// freed wakes those who wait for a policy's money. What is freed elsewhere —
// by an award for less, a supplement — FollowDue finds.
func freed(tx *database.Tx, policy string) error {
	waits, err := openings.Waits(tx.DB, policy)
	if err != nil || !waits {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Follow, Payload: Freed{Policy: policy}})
}

// FollowDue lets those who wait follow wherever there is money for them, and
// returns how many did. A policy that fails does not stop the others.
func (d *Desk) FollowDue(ctx context.Context) (int, error) {
	codes, err := openings.Waiting(d.DB.Read(ctx))
	if err != nil {
		return 0, err
	}
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	moved := 0
	var failures []error
	for _, code := range codes {
		n, err := database.Do(ctx, d.DB, "agreement.follow", func(tx *database.Tx) (int, error) { return d.Follow(tx, code) })
		if err != nil {
			failures = append(failures, fmt.Errorf("waiting list of %s: %w", code, err))
		}
		moved += n
	}
	return moved, errors.Join(failures...)
}

// Follow gives a policy's free money to those who wait, in order, and returns how
// many have moved. The amounts are computed anew, under the rules of the day of
// application and with the facts of today: for whom they come to nothing is
// declined, and the next one follows. A firm that is not verified at the moment
// is passed over and keeps its place.
func (d *Desk) Follow(tx *database.Tx, policy string) (int, error) {
	year, err := budget.YearFor(tx, policy)
	if err != nil {
		return 0, err
	}
	line, err := openings.Lock(tx, policy, year)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, asker := range line.Askers {
		if !line.Open(asker.District, asker.Need()) {
			continue
		}
		if !asker.Turn() {
			line.Take(asker.District, asker.Need())
			continue
		}
		if moved == promotions {
			return moved, queue.Send(tx, queue.Message{Kind: Follow, Payload: Freed{Policy: policy}})
		}
		followed, err := d.promote(tx, line, asker)
		if err != nil {
			return moved, err
		}
		if followed {
			moved++
		}
	}
	return moved, nil
}

func (d *Desk) promote(tx *database.Tx, line *openings.Line, asker openings.Asker) (bool, error) {
	a, to, err := act(tx, asker.ID, 0, subsidies.AgreementPromote)
	if err != nil {
		return false, err
	}
	firms, err := d.Registry.Firms(tx.Context(), a.EnterpriseID, a.ProviderID)
	if err != nil || !firms[a.EnterpriseID].Verified {
		return false, err
	}
	policy, err := d.Policies.Version(tx.Context(), a.PolicyCode, a.PolicyVersion)
	if err != nil {
		return false, err
	}
	applied := kernel.DayOf(a.Since)
	if asker.EnteredAt != nil {
		applied = kernel.DayOf(*asker.EnteredAt)
	}
	computed, err := reckon(tx, applied, policy, firms[a.EnterpriseID], firms[a.ProviderID], &a)
	if err != nil {
		return false, err
	}
	if a.Legs.Subsidy > 0 && !line.Take(a.District, budget.PortionOf(a.Legs)) {
		return false, nil
	}
	if err := record.Explain(tx, record.Agreement, a.ID, computed); err != nil {
		return false, err
	}
	if a.Legs.Subsidy == 0 {
		return true, pass(tx, &a)
	}
	return true, reserve(tx, policy.Document(), drawOf(a, firms[a.ProviderID], applied), &a, subsidies.AgreementPromote, to)
}

// pass declines an agreement for which nothing can be granted when its turn comes.
func pass(tx *database.Tx, a *subsidies.Agreement) error {
	t, err := subsidies.AgreementMachine.Find(a.State, subsidies.AgreementDecline, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	if err := advance(tx, a, t.Act, t.To, legColumns(*a), record.Reason{Code: "not_eligible", Note: "轮候到位时按当时条件测算，补贴为零 · when its turn came, the subsidy computed was zero"}); err != nil {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Changed, Subject: a.ID, Payload: Event{State: a.State}})
}
