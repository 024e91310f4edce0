package clawbacks

import (
	"context"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
)

// Decision is the second officer's answer to a proposal.
type Decision struct {
	Version   int64
	Act       subsidies.ClawbackAct // ClawbackOrder or ClawbackReject
	Reference string                // the number of the decision, when it has one
	Note      string                // must say why a proposal is rejected
}

func (n Decision) check() error {
	var f kernel.Faults
	switch n.Act {
	case subsidies.ClawbackOrder:
	case subsidies.ClawbackReject:
		f.Check(strings.TrimSpace(n.Note) != "", "note", "note.required", kernel.T("请写明不予追回的理由", "Say in words why it is rejected"))
	default:
		f.Add("outcome", "decision.unknown", kernel.T("未知的结论", "Unknown outcome"))
	}
	return f.Err()
}

// Decide orders or rejects a proposal. Who decides has neither proposed it nor had
// a hand in the claim. An order is due after the working days of the terms, until
// instalments are agreed.
func (d *Desk) Decide(ctx context.Context, id kernel.ID, n Decision) (subsidies.Clawback, error) {
	if err := n.check(); err != nil {
		return subsidies.Clawback{}, err
	}
	return database.Do(ctx, d.DB, "clawback."+string(n.Act), func(tx *database.Tx) (subsidies.Clawback, error) {
		c, t, err := find(tx, id, n.Version, n.Act)
		if err != nil {
			return c, err
		}
		if err := uninvolved(tx, c.ClaimID); err != nil {
			return c, err
		}
		m := move{why: record.Reason{Note: strings.TrimSpace(n.Note)}, amount: c.Amount}
		if n.Act == subsidies.ClawbackReject {
			err = d.drop(tx, &c, t, m)
			return c, err
		}
		today := tx.Today()
		due := d.Calendar.AddWorkdays(today, TermsOn(today).PayWithin)
		m.columns = map[string]any{"ordered_on": today, "order_reference": strings.TrimSpace(n.Reference), "next_due_on": due}
		if err := advance(tx, &c, t, m); err != nil {
			return c, err
		}
		if err := tx.Create(&Instalment{ClawbackID: c.ID, No: 1, DueOn: due, Amount: c.Amount}).Error; err != nil {
			return c, err
		}
		return c, bookOrder(tx, c)
	})
}

// Withdraw takes an undecided proposal back; only who proposed it can.
func (d *Desk) Withdraw(ctx context.Context, id kernel.ID, version int64, note string) (subsidies.Clawback, error) {
	return database.Do(ctx, d.DB, "clawback.withdraw", func(tx *database.Tx) (subsidies.Clawback, error) {
		c, t, err := find(tx, id, version, subsidies.ClawbackWithdraw)
		if err != nil {
			return c, err
		}
		if c.ProposedBy != tx.Call.Actor.Person {
			return c, kernel.Fail(kernel.KindForbidden, "clawback.not_proposer", kernel.T("只有提出人可以撤回", "Only the proposer can take it back"))
		}
		err = d.drop(tx, &c, t, move{why: record.Reason{Note: strings.TrimSpace(note)}, amount: c.Amount})
		return c, err
	})
}

// drop ends a proposal without an order: the claim may be claimed back anew.
func (d *Desk) drop(tx *database.Tx, c *subsidies.Clawback, t transition, m move) error {
	m.columns = map[string]any{"open_municipal_fen": 0, "open_district_fen": 0, "closed_at": tx.Now}
	if err := advance(tx, c, t, m); err != nil {
		return err
	}
	return back(tx, c.ClaimID, budget.Portion{Municipal: -c.Municipal, District: -c.DistrictPart})
}
