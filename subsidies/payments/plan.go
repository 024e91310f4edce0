package payments

import (
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// together bounds the rows of one statement.
const together = 200

// plan is what the next lines of a batch are to be made of.
type plan struct {
	claims []subsidies.Claim
	payees map[kernel.ID]kernel.ID // by claim
	firms  map[kernel.ID]subsidies.Firm
	banks  map[kernel.ID]subsidies.Account
	left   []LeftOut
}

// plan looks at the next claims of a job and tells how many it looked at.
func (d *Desk) plan(tx *database.Tx, b Batch, j *Job) (*plan, int, error) {
	p := &plan{payees: map[kernel.ID]kernel.ID{}}
	seen, err := p.candidates(tx, b, j, d.stride())
	if err != nil {
		return p, seen, err
	}
	if err := p.withoutHandled(tx); err != nil {
		return p, seen, err
	}
	payees, err := d.findPayees(tx, p)
	if err != nil || len(payees) == 0 {
		return p, seen, err
	}
	if p.firms, err = d.Registry.Firms(tx.Context(), payees...); err != nil {
		return p, seen, err
	}
	if p.banks, err = d.Payees.Order(tx, payees...); err != nil {
		return p, seen, err
	}
	p.claims = slices.DeleteFunc(p.claims, func(c subsidies.Claim) bool {
		switch bank := p.banks[p.payees[c.ID]]; {
		case bank.Held:
			p.leave(c.ID, c.Number, heldBack, kernel.T("收款单位的账户变更待确认，确认后再拨付", "A change of the payee's account is waiting to be confirmed; it is paid after that"))
		case bank.Number == "" || bank.Bank == "":
			p.leave(c.ID, c.Number, "account.missing", kernel.T("收款单位未登记银行账户", "The payee has no bank account on record"))
		default:
			return false
		}
		return true
	})
	return p, seen, nil
}

// heldBack is why somebody is not paid whose account is about to change.
const heldBack = "account.change_pending"

func (p *plan) leave(id kernel.ID, number, code string, reason kernel.Text) {
	p.left = append(p.left, LeftOut{ClaimID: id, ClaimNumber: number, Code: code, Reason: reason})
}

// findPayees notes who is paid for each claim, and returns each payee once.
func (d *Desk) findPayees(tx *database.Tx, p *plan) ([]kernel.ID, error) {
	var payees []kernel.ID
	for _, c := range p.claims {
		policy, err := d.Policies.Version(tx.Context(), c.PolicyCode, c.PolicyVersion)
		if err != nil {
			return nil, err
		}
		payee := payeeOf(c, policy.Document())
		p.payees[c.ID] = payee
		payees = append(payees, payee)
	}
	slices.Sort(payees)
	return slices.Compact(payees), nil
}

func payeeOf(c subsidies.Claim, doc rules.Document) kernel.ID {
	if doc.Payee == rules.PayeeProvider {
		return c.ProviderID
	}
	return c.EnterpriseID
}

// approved is what could be in the batch: approved when it was begun. What is
// approved, or given back by another batch, later than that waits for the next.
func approved(tx *database.Tx, b Batch) *gorm.DB {
	return tx.Model(&subsidies.Claim{}).Where("state = ? AND policy_code = ? AND since <= ?", subsidies.ClaimApproved, b.PolicyCode, b.CreatedAt)
}

// candidates reads the next claims of a job; it goes by the order of waiting,
// or through the claims that were named.
func (p *plan) candidates(tx *database.Tx, b Batch, j *Job, most int) (int, error) {
	if j.Source != "" {
		var ids []kernel.ID
		if err := json.Unmarshal([]byte(j.Source), &ids); err != nil {
			return 0, fmt.Errorf("claims of job %s: %w", j.ID, err)
		}
		ids = ids[min(int(j.Seen), len(ids)):]
		ids = ids[:min(most, len(ids))]
		return len(ids), p.named(tx, b, ids)
	}
	q := approved(tx, b)
	if j.AfterAt != nil {
		q = q.Where("since >= ? AND (since > ? OR id > ?)", *j.AfterAt, *j.AfterAt, j.AfterID)
	}
	if err := q.Order("since, id").Limit(most).Find(&p.claims).Error; err != nil || len(p.claims) == 0 {
		return 0, err
	}
	last := p.claims[len(p.claims)-1]
	j.AfterAt, j.AfterID = &last.Since, last.ID
	return len(p.claims), nil
}

// named reads claims by name and leaves out those that are not due.
func (p *plan) named(tx *database.Tx, b Batch, ids []kernel.ID) error {
	var rows []subsidies.Claim
	if err := tx.Where("id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return err
	}
	found := map[kernel.ID]bool{}
	for _, c := range rows {
		if !c.VisibleTo(tx.Call.Actor) {
			continue
		}
		found[c.ID] = true
		switch {
		case c.PolicyCode != b.PolicyCode:
			p.leave(c.ID, c.Number, "claim.other_policy", kernel.T("不属于该政策", "Belongs to another policy"))
		case c.State != subsidies.ClaimApproved:
			p.leave(c.ID, c.Number, "state.act", kernel.T("当前状态（%[1]s）不能拨付", "In its present state (%[1]s) it cannot be paid", string(c.State)))
		default:
			p.claims = append(p.claims, c)
		}
	}
	for _, id := range ids {
		if !found[id] {
			p.leave(id, "", "not_found", kernel.T("没有找到该申请", "No such claim"))
		}
	}
	return nil
}

// withoutHandled leaves out the claims in which the actor has played another
// part than the payer's.
func (p *plan) withoutHandled(tx *database.Tx) error {
	ids := make([]kernel.ID, len(p.claims))
	for i, c := range p.claims {
		ids[i] = c.ID
	}
	handled, err := record.HandedBy(tx.Context(), tx.DB, tx.Call.Actor.Person, ids, subsidies.PartPayer)
	if err != nil {
		return err
	}
	p.claims = slices.DeleteFunc(p.claims, func(c subsidies.Claim) bool {
		if handled[c.ID] {
			p.leave(c.ID, c.Number, "four_eyes", kernel.AsError(subsidies.FourEyes()).Message)
		}
		return handled[c.ID]
	})
	return nil
}

// write makes the lines of a plan and counts them into the batch. A claim that
// moved since it was planned makes it stale.
func (d *Desk) write(tx *database.Tx, b *Batch, p *plan) error {
	if len(p.claims) == 0 {
		return nil
	}
	lines := make([]Line, len(p.claims))
	for i, c := range p.claims {
		line, err := d.line(tx.Now, *b, c, p)
		if err != nil {
			return err
		}
		lines[i] = line
		b.LineCount++
	}
	if err := holdBack(tx, lines); err != nil {
		return err
	}
	for _, l := range lines {
		b.Total += l.Amount
	}
	t, err := subsidies.ClaimMachine.Find(subsidies.ClaimApproved, subsidies.ClaimBatch, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	if err := claims.AdvanceAll(tx, p.claims, t, claims.Move{Act: t.Act, Columns: map[string]any{"batch_id": b.ID}}); err != nil {
		return err
	}
	if err := database.Insert(tx, lines...); err != nil {
		if database.IsDuplicate(err) {
			return database.Stale()
		}
		return err
	}
	return nil
}
