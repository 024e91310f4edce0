package workers

import (
	"context"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/notify"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/clawbacks"
)

// Clawbacks binds what follows from clawbacks: telling the parties, and reminding
// debtors of what is overdue.
func (s *Shift) Clawbacks(people People, c *clawbacks.Desk) {
	s.Tasks(
		Task{Kind: clawbacks.Changed, Do: clawbackMoved(people)},
		Task{Kind: clawbacks.Overdue, Do: clawbackOverdue(people)},
	)
	s.Duties(Duty{Name: "clawbacks.remind", Every: time.Hour, Do: func(ctx context.Context) error {
		_, err := c.RemindDue(ctx)
		return err
	}})
}

// clawbackMoved tells whoever an act concerns: the city what waits for its
// decision, the debtor everything about its money, finance what it is to receive.
func clawbackMoved(people People) queue.Handler {
	return func(tx *database.Tx, d queue.Delivery) error {
		var e clawbacks.Event
		if err := d.Into(&e); err != nil {
			return err
		}
		c, err := clawbackOf(tx, d)
		if err != nil {
			return err
		}
		to, err := clawbackReaders(tx, people, c, e.Act)
		if err != nil {
			return err
		}
		return tellOfClawback(tx, d, to, c, string(e.Act))
	}
}

func clawbackOverdue(people People) queue.Handler {
	return func(tx *database.Tx, d queue.Delivery) error {
		c, err := clawbackOf(tx, d)
		if err != nil {
			return err
		}
		to, err := membersOf(tx, people, []kernel.ID{c.DebtorID})
		if err != nil {
			return err
		}
		return tellOfClawback(tx, d, to, c, "overdue")
	}
}

func clawbackOf(tx *database.Tx, d queue.Delivery) (subsidies.Clawback, error) {
	var c subsidies.Clawback
	if err := tx.Where("id = ?", d.Subject).Take(&c).Error; err != nil {
		return c, fmt.Errorf("clawback %s: %w", d.Subject, err)
	}
	return c, nil
}

func tellOfClawback(tx *database.Tx, d queue.Delivery, to []kernel.ID, c subsidies.Clawback, what string) error {
	params := map[string]string{"number": c.Number, "amount_fen": fmt.Sprint(int64(c.Amount)), "open_fen": fmt.Sprint(int64(c.Open()))}
	if c.NextDueOn != nil {
		params["due_on"] = string(*c.NextDueOn)
	}
	return tell(tx, d, to, notify.Notification{Kind: "clawback." + what, Link: "/clawbacks/" + string(c.ID), Params: params})
}

func clawbackReaders(tx *database.Tx, people People, c subsidies.Clawback, act subsidies.ClawbackAct) ([]kernel.ID, error) {
	switch act {
	case subsidies.ClawbackPropose, subsidies.ClawbackRequestWriteOff:
		return people.Officers(tx, kernel.RoleCityOfficer, "")
	case subsidies.ClawbackReject, subsidies.ClawbackDeclineWriteOff:
		return people.Officers(tx, kernel.RoleDistrictOfficer, c.District)
	case subsidies.ClawbackOrder:
		debtor, err := membersOf(tx, people, []kernel.ID{c.DebtorID})
		if err != nil {
			return nil, err
		}
		finance, err := people.Officers(tx, kernel.RoleFinance, "")
		return append(debtor, finance...), err
	case subsidies.ClawbackPlan, subsidies.ClawbackReceive, subsidies.ClawbackNet, subsidies.ClawbackSettle, subsidies.ClawbackWriteOff:
		return membersOf(tx, people, []kernel.ID{c.DebtorID})
	case subsidies.ClawbackWithdraw, subsidies.ClawbackHold, subsidies.ClawbackRelease:
		return nil, nil
	default:
		return nil, nil
	}
}
