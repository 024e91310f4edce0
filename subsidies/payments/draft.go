package payments

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
)

// MaxNamed bounds how many claims one draft may name. A draft of all that is
// approved has no such bound.
const MaxNamed = 10_000

// Filter selects the approved claims of a policy: those named, or all that are
// approved now, the longest waiting first.
type Filter struct {
	Policy string
	Claims []kernel.ID
}

// LeftOut is a claim that is not in the batch, and why.
type LeftOut struct {
	ClaimID     kernel.ID   `json:"claim_id"`
	ClaimNumber string      `json:"claim_number"`
	Code        string      `json:"code"`
	Reason      kernel.Text `json:"reason" gorm:"embedded;embeddedPrefix:reason_"`
}

// Draft is a new batch and what was left out of it so far.
type Draft struct {
	Batch   Batch     `json:"batch"`
	LeftOut []LeftOut `json:"left_out"`
}

// Draft collects approved claims into a batch. The payee's account is that of
// this moment. A claim without an account, or handled before by the actor (law 5),
// is left out and said so; when nothing remains the batch is refused (batch.empty).
//
// As many as one transaction moves are collected at once. Where there are more
// the batch is gathering, and the queue goes on with it: nobody can close it
// before it is complete.
func (d *Desk) Draft(ctx context.Context, f Filter) (Draft, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Draft{}, err
	}
	if err := f.check(); err != nil {
		return Draft{}, err
	}
	draft := func() (Draft, error) {
		return database.Do(ctx, d.DB, "batch.draft", func(tx *database.Tx) (Draft, error) { return d.start(tx, f) })
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
	faults.Check(len(f.Claims) <= MaxNamed, "claim_ids", "list.too_long", kernel.T("每次最多指定 %d 份申请", "At most %d claims can be named", MaxNamed))
	return faults.Err()
}

// start makes the batch with its first step.
func (d *Desk) start(tx *database.Tx, f Filter) (Draft, error) {
	id := kernel.NewID(tx.Now)
	b := Batch{ID: id, Number: agreements.Number("B", id, tx.Today().Year()), State: Drafted, PolicyCode: f.Policy, CreatedBy: tx.Call.Actor.Person, CreatedAt: tx.Now, Version: 1}
	j, err := newGather(tx, b, f)
	if err != nil {
		return Draft{}, err
	}
	p, more, err := d.gather(tx, &b, j)
	if err != nil {
		return Draft{}, err
	}
	if more {
		b.State = Gathering
	} else if b.LineCount == 0 {
		return Draft{}, empty(p.left)
	}
	if err := tx.Create(&b).Error; err != nil {
		return Draft{}, err
	}
	return Draft{Batch: b, LeftOut: p.left}, j.begin(tx, more)
}

// newGather is the job of collecting what the filter selects.
func newGather(tx *database.Tx, b Batch, f Filter) (*Job, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(f.Claims)))
	named, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("named claims: %w", err)
	}
	j, err := newJob(tx, b.ID, Gather, string(named))
	if err != nil {
		return nil, err
	}
	j.Expected = int64(len(ids))
	if len(ids) == 0 {
		j.Source = ""
		err = approved(tx, b).Count(&j.Expected).Error
	}
	return j, err
}

// gatherOn does the next step of gathering.
func (d *Desk) gatherOn(tx *database.Tx, b *Batch, j *Job) (bool, error) {
	if b.State != Gathering {
		return false, database.Stale()
	}
	before := *b
	_, more, err := d.gather(tx, b, j)
	if err != nil {
		return false, err
	}
	set := map[string]any{"line_count": b.LineCount, "total_fen": b.Total}
	switch {
	case !more && b.LineCount == 0:
		set["state"] = Abandoned // nothing that was found can be paid
	case !more:
		set["state"] = Drafted
	}
	*b = before
	if err := change(tx, b, set); err != nil {
		return false, err
	}
	return more, j.goOn(tx, more)
}

// gather plans the next claims and writes their lines; it advances the batch's
// sums and the job in memory.
func (d *Desk) gather(tx *database.Tx, b *Batch, j *Job) (*plan, bool, error) {
	p, seen, err := d.plan(tx, *b, j)
	if err != nil {
		return p, false, err
	}
	j.Seen, j.Taken, j.Missed = j.Seen+int64(seen), j.Taken+int64(len(p.claims)), j.Missed+int64(len(p.left))
	more := seen == d.stride()
	if j.Source != "" {
		more = j.Seen < j.Expected
	}
	if err := noteLeft(tx, b.ID, p.left); err != nil {
		return p, false, err
	}
	return p, more, d.write(tx, b, p)
}

type leftRow struct {
	BatchID kernel.ID
	LeftOut
}

func (leftRow) TableName() string { return "batch_left_out" }

// noteLeft keeps what was left out of a batch, beside it. A made-up name that
// no claim can have is only told; a claim that was given back by another batch
// meanwhile may be met twice.
func noteLeft(tx *database.Tx, batch kernel.ID, left []LeftOut) error {
	var ids []kernel.ID
	for _, l := range left {
		ids = append(ids, l.ClaimID)
	}
	var noted []kernel.ID
	if len(ids) > 0 {
		if err := tx.Model(&leftRow{}).Where("batch_id = ? AND claim_id IN ?", batch, ids).Pluck("claim_id", &noted).Error; err != nil {
			return err
		}
	}
	var rows []leftRow
	for _, l := range left {
		if len(l.ClaimID) <= 36 && !slices.Contains(noted, l.ClaimID) {
			rows = append(rows, leftRow{batch, l})
		}
	}
	err := database.Insert(tx, rows...)
	if database.IsDuplicate(err) {
		return database.Stale() // another worker has just done this step
	}
	return err
}

// LeftOut lists what was left out of a batch, a page after a claim.
func (d *Desk) LeftOut(ctx context.Context, who kernel.Actor, id, after kernel.ID, limit int) ([]LeftOut, error) {
	if err := who.Require(readers...); err != nil {
		return nil, err
	}
	var rows []leftRow
	err := d.DB.Read(ctx).Where("batch_id = ? AND claim_id > ?", id, after).Order("claim_id").Limit(min(max(limit, 1), 101)).Find(&rows).Error
	out := make([]LeftOut, len(rows))
	for i, r := range rows {
		out[i] = r.LeftOut
	}
	return out, err
}

// line is the payment of one claim, to the account of this moment.
func (d *Desk) line(now time.Time, b Batch, c subsidies.Claim, p *plan) (Line, error) {
	payee := p.payees[c.ID]
	bank := p.banks[payee]
	name := bank.Holder
	if name == "" {
		name = p.firms[payee].Name
	}
	claim := c.ID
	l := Line{
		ID: kernel.NewID(now), BatchID: b.ID, LineNo: b.LineCount + 1, ClaimID: c.ID, LiveKey: &claim, District: c.District, PayeeOrgID: payee, PayeeName: name,
		BankName: bank.Bank, BankCode: bank.BankCode, State: Ordered, Version: 1,
	}
	l.Amount, l.Municipal, l.DistrictPart = due(c)
	var err error
	l.AccountNumber, err = d.Cipher.Seal(l.place(), bank.Number)
	return l, err
}

// due is what is paid for a claim: the whole, and whose money it is.
func due(c subsidies.Claim) (amount, municipal, district kernel.Fen) {
	return c.Legs.Subsidy, c.Legs.Municipal, c.Legs.District
}

func empty(left []LeftOut) error {
	e := kernel.Conflict("batch.empty", kernel.T("没有可拨付的申请", "There is no claim that can be paid"))
	for _, l := range left[:min(len(left), 100)] {
		e.Fields = append(e.Fields, kernel.Field{Path: "claim_ids", Code: l.Code, Message: kernel.Text{ZH: l.ClaimNumber + "：" + l.Reason.ZH, EN: l.ClaimNumber + ": " + l.Reason.EN}})
	}
	return e
}
