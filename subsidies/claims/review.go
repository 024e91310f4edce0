package claims

import (
	"context"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// Decision is a reviewer's answer: approve, return (with a reason) or refuse
// (with a coded reason and a text).
type Decision struct {
	Version int64
	Act     subsidies.ClaimAct
	Reason  record.Reason
}

func (n Decision) check() error {
	var f kernel.Faults
	switch n.Act {
	case subsidies.ClaimApproveReview, subsidies.ClaimConfirm:
		f.Check(n.Reason.Code == "" || subsidies.KnownReason(n.Reason.Code), "reason_code", "reason.unknown", kernel.T("未知的原因代码", "Unknown reason"))
	case subsidies.ClaimReturn, subsidies.ClaimRefuse, subsidies.ClaimDispute:
		f.Check(subsidies.KnownReason(n.Reason.Code), "reason_code", "reason.unknown", kernel.T("请选择原因", "Choose a reason"))
		f.Check(strings.TrimSpace(n.Reason.Note) != "", "note", "note.required", kernel.T("请写明具体说明，便于企业修改", "Say in words what to mend"))
	default:
		f.Add("outcome", "decision.unknown", kernel.T("未知的审核结论", "Unknown outcome"))
	}
	return f.Err()
}

// Decide carries a review out, in one transaction: the hand, the state, the
// step, the audit entry and the message. It serves the district, the city and
// the provider's confirmation; which one it is follows from the claim's state
// and the actor's role.
func (d *Desk) Decide(ctx context.Context, id kernel.ID, n Decision) (subsidies.Claim, error) {
	if err := n.check(); err != nil {
		return subsidies.Claim{}, err
	}
	return database.Do(ctx, d.DB, "claim."+string(n.Act), func(tx *database.Tx) (subsidies.Claim, error) {
		c, t, err := Find(tx, id, n.Version, n.Act)
		if err != nil {
			return c, err
		}
		m := Move{Act: n.Act, Reason: n.Reason}
		if t.To != subsidies.ClaimRefused {
			err = Advance(tx, &c, t, m)
			return c, err
		}
		objected := c.State == subsidies.ClaimObjected
		if err := shut(tx, &c, t, m); err != nil || !objected {
			return c, err
		}
		return c, uphold(tx, c.ID, n.Reason.Note)
	})
}

// uphold answers the open objections to a claim that is refused for them.
func uphold(tx *database.Tx, claim kernel.ID, answer string) error {
	return tx.Exec("UPDATE objections SET state = 'upheld', decided_by = ?, decided_at = ?, answer = ? WHERE claim_id = ? AND state = 'open'", tx.Call.Actor.Person, tx.Now, answer, claim).Error
}

// Withdraw is the enterprise's retreat before the city's review.
func (d *Desk) Withdraw(ctx context.Context, id kernel.ID, version int64, note string) (subsidies.Claim, error) {
	return database.Do(ctx, d.DB, "claim.withdraw", func(tx *database.Tx) (subsidies.Claim, error) {
		c, t, err := Find(tx, id, version, subsidies.ClaimWithdraw)
		if err != nil {
			return c, err
		}
		err = shut(tx, &c, t, Move{Act: subsidies.ClaimWithdraw, Reason: record.Reason{Note: note}})
		return c, err
	})
}

// shut ends a claim unpaid: its invoices and its contract are free again, and
// its agreement may be claimed anew while the reservation lasts.
func shut(tx *database.Tx, c *subsidies.Claim, t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], m Move) error {
	m.Columns = map[string]any{"live_key": nil, "contract_key": nil}
	if err := Advance(tx, c, t, m); err != nil {
		return err
	}
	return tx.Where("claim_id = ?", c.ID).Delete(&invoiceUse{}).Error
}
