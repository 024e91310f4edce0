package payments

import (
	"context"
	"slices"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// MaxLines bounds the lines of one batch.
const MaxLines = 10_000

// together bounds the rows of one statement.
const together = 200

// Filter selects the approved claims of a policy: those named, or the longest
// waiting.
type Filter struct {
	Policy string
	Claims []kernel.ID
}

// LeftOut is a claim that is not in the batch, and why.
type LeftOut struct {
	ClaimID     kernel.ID   `json:"claim_id"`
	ClaimNumber string      `json:"claim_number"`
	Code        string      `json:"code"`
	Reason      kernel.Text `json:"reason"`
}

// Draft is a new batch and what was left out of it.
type Draft struct {
	Batch   Batch     `json:"batch"`
	LeftOut []LeftOut `json:"left_out"`
}

// Draft collects approved claims into a batch. The payee's account is that of
// this moment. A claim without an account, or handled before by the actor (law 5),
// is left out and said so; when nothing remains the batch is refused (batch.empty).
func (d *Desk) Draft(ctx context.Context, f Filter) (Draft, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Draft{}, err
	}
	if err := f.check(); err != nil {
		return Draft{}, err
	}
	draft := func() (Draft, error) {
		plan, err := d.plan(ctx, f)
		if err != nil {
			return Draft{}, err
		}
		return database.Do(ctx, d.DB, "batch.draft", func(tx *database.Tx) (Draft, error) { return d.write(tx, f.Policy, plan) })
	}
	out, err := draft()
	if kernel.IsCode(err, "stale") { // another batch took some of them: look again
		return draft()
	}
	return out, err
}

func (f Filter) check() error {
	var faults kernel.Faults
	faults.Check(f.Policy != "", "policy", "field.required", kernel.T("请选择政策", "Choose a policy"))
	faults.Check(len(f.Claims) <= MaxLines, "claim_ids", "list.too_long", kernel.T("每批最多 %d 份申请", "At most %d claims in a batch", MaxLines))
	return faults.Err()
}

// plan is what a batch is to be made of, read before the transaction.
type plan struct {
	claims []subsidies.Claim
	payees map[kernel.ID]kernel.ID // by claim
	firms  map[kernel.ID]subsidies.Firm
	banks  map[kernel.ID]subsidies.Account
	left   []LeftOut
}

func (d *Desk) plan(ctx context.Context, f Filter) (plan, error) {
	p := plan{payees: map[kernel.ID]kernel.ID{}}
	if err := d.candidates(ctx, f, &p); err != nil {
		return p, err
	}
	if err := d.withoutHandled(ctx, &p); err != nil {
		return p, err
	}
	var payees []kernel.ID
	for _, c := range p.claims {
		policy, err := d.Policies.Version(ctx, c.PolicyCode, c.PolicyVersion)
		if err != nil {
			return p, err
		}
		payee := payeeOf(c, policy.Document())
		p.payees[c.ID] = payee
		payees = append(payees, payee)
	}
	if len(payees) == 0 {
		return p, nil
	}
	slices.Sort(payees)
	payees = slices.Compact(payees)
	var err error
	if p.firms, err = d.Registry.Firms(ctx, payees...); err != nil {
		return p, err
	}
	if p.banks, err = d.Registry.Accounts(ctx, payees...); err != nil {
		return p, err
	}
	p.claims = slices.DeleteFunc(p.claims, func(c subsidies.Claim) bool {
		bank := p.banks[p.payees[c.ID]]
		if bank.Number != "" && bank.Bank != "" {
			return false
		}
		p.leave(c.ID, c.Number, "account.missing", kernel.T("收款单位未登记银行账户", "The payee has no bank account on record"))
		return true
	})
	return p, nil
}

func (p *plan) leave(id kernel.ID, number, code string, reason kernel.Text) {
	p.left = append(p.left, LeftOut{ClaimID: id, ClaimNumber: number, Code: code, Reason: reason})
}

func payeeOf(c subsidies.Claim, doc rules.Document) kernel.ID {
	if doc.Payee == rules.PayeeProvider {
		return c.ProviderID
	}
	return c.EnterpriseID
}

// candidates reads the claims asked for and leaves out those that are not due.
func (d *Desk) candidates(ctx context.Context, f Filter, p *plan) error {
	db := d.DB.Read(ctx)
	if len(f.Claims) == 0 {
		return db.Where("state = ? AND policy_code = ?", subsidies.ClaimApproved, f.Policy).Order("since, id").Limit(MaxLines).Find(&p.claims).Error
	}
	ids := slices.Compact(slices.Sorted(slices.Values(f.Claims)))
	for some := range slices.Chunk(ids, together) {
		var rows []subsidies.Claim
		if err := db.Where("id IN ?", some).Order("id").Find(&rows).Error; err != nil {
			return err
		}
		found := map[kernel.ID]bool{}
		for _, c := range rows {
			if !c.VisibleTo(kernel.CallFrom(ctx).Actor) {
				continue
			}
			found[c.ID] = true
			switch {
			case c.PolicyCode != f.Policy:
				p.leave(c.ID, c.Number, "claim.other_policy", kernel.T("不属于该政策", "Belongs to another policy"))
			case c.State != subsidies.ClaimApproved:
				p.leave(c.ID, c.Number, "state.act", kernel.T("当前状态（%[1]s）不能拨付", "In its present state (%[1]s) it cannot be paid", string(c.State)))
			default:
				p.claims = append(p.claims, c)
			}
		}
		for _, id := range some {
			if !found[id] {
				p.leave(id, "", "not_found", kernel.T("没有找到该申请", "No such claim"))
			}
		}
	}
	return nil
}

func (d *Desk) withoutHandled(ctx context.Context, p *plan) error {
	handled, err := handledBefore(ctx, d.DB, p.claims)
	p.claims = slices.DeleteFunc(p.claims, func(c subsidies.Claim) bool {
		if handled[c.ID] {
			p.leave(c.ID, c.Number, "four_eyes", kernel.AsError(subsidies.FourEyes()).Message)
		}
		return handled[c.ID]
	})
	return err
}

// handledBefore tells in which claims the caller has played another part than
// the payer's.
func handledBefore(ctx context.Context, db *database.DB, all []subsidies.Claim) (map[kernel.ID]bool, error) {
	out := map[kernel.ID]bool{}
	for some := range slices.Chunk(all, together) {
		ids := make([]kernel.ID, len(some))
		for i, c := range some {
			ids[i] = c.ID
		}
		handled, err := record.HandedBy(ctx, db.Read(ctx), kernel.CallFrom(ctx).Actor.Person, ids, subsidies.PartPayer)
		if err != nil {
			return nil, err
		}
		for id := range handled {
			out[id] = true
		}
	}
	return out, nil
}

// write makes the batch of the plan. A claim that moved since it was planned
// makes it stale.
func (d *Desk) write(tx *database.Tx, policy string, p plan) (Draft, error) {
	if len(p.claims) == 0 {
		return Draft{}, empty(p.left)
	}
	id := kernel.NewID(tx.Now)
	b := Batch{ID: id, Number: agreements.Number("B", id, tx.Today().Year()), State: Drafted, PolicyCode: policy, LineCount: int64(len(p.claims)), CreatedBy: tx.Call.Actor.Person, CreatedAt: tx.Now, Version: 1}
	lines := make([]Line, len(p.claims))
	for i, c := range p.claims {
		line, err := d.line(tx, b, i, c, p)
		if err != nil {
			return Draft{}, err
		}
		lines[i] = line
		b.Total += line.Amount
	}
	if err := tx.Create(&b).Error; err != nil {
		return Draft{}, err
	}
	t, err := subsidies.ClaimMachine.Find(subsidies.ClaimApproved, subsidies.ClaimBatch, tx.Call.Actor.Role)
	if err != nil {
		return Draft{}, err
	}
	moved := slices.Clone(p.claims) // the attempt may be repeated
	if err := claims.AdvanceAll(tx, moved, t, claims.Move{Act: t.Act, Columns: map[string]any{"batch_id": b.ID}}); err != nil {
		return Draft{}, err
	}
	if err := tx.CreateInBatches(&lines, together).Error; err != nil {
		if database.IsDuplicate(err) {
			return Draft{}, database.Stale()
		}
		return Draft{}, err
	}
	detail := map[string]any{"number": b.Number, "lines": b.LineCount, "total_fen": b.Total, "left_out": len(p.left)}
	return Draft{Batch: b, LeftOut: p.left}, audit.Record(tx, audit.Entry{Action: "batch.draft", ObjectKind: "batch", ObjectID: string(b.ID), Detail: detail})
}

func (d *Desk) line(tx *database.Tx, b Batch, i int, c subsidies.Claim, p plan) (Line, error) {
	payee := p.payees[c.ID]
	bank := p.banks[payee]
	name := bank.Holder
	if name == "" {
		name = p.firms[payee].Name
	}
	claim := c.ID
	l := Line{
		ID: kernel.NewID(tx.Now), BatchID: b.ID, LineNo: int64(i + 1), ClaimID: c.ID, LiveKey: &claim, District: c.District, PayeeOrgID: payee, PayeeName: name,
		BankName: bank.Bank, BankCode: bank.BankCode, Amount: c.Legs.Subsidy, Municipal: c.Legs.Municipal, DistrictPart: c.Legs.District, State: Ordered, Version: 1,
	}
	var err error
	l.AccountNumber, err = d.Cipher.Seal(l.place(), bank.Number)
	return l, err
}

func empty(left []LeftOut) error {
	e := kernel.Conflict("batch.empty", kernel.T("没有可拨付的申请", "There is no claim that can be paid"))
	for _, l := range left[:min(len(left), 100)] {
		e.Fields = append(e.Fields, kernel.Field{Path: "claim_ids", Code: l.Code, Message: kernel.Text{ZH: l.ClaimNumber + "：" + l.Reason.ZH, EN: l.ClaimNumber + ": " + l.Reason.EN}})
	}
	return e
}
