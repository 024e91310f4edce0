package payments

import (
	"context"
	"slices"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

// Settle books results: what was paid is paid for good, what failed goes back to
// approved and may be ordered again. A result that is booked already changes
// nothing; one that contradicts what is booked is refused with all the others.
func (d *Desk) Settle(ctx context.Context, id kernel.ID, results []Result) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.settle", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, id, 0)
		if err != nil {
			return b, err
		}
		if b.State == Drafted || b.State == Abandoned {
			return b, kernel.Conflict("batch.not_closed", kernel.T("批次尚未封存，没有可导入的结果", "The batch is not closed yet; it has no results"))
		}
		fresh, err := examine(tx, b, results)
		if err != nil || len(fresh) == 0 {
			return b, err
		}
		err = book(tx, &b, fresh)
		return b, err
	})
}

// settled is a result that is not booked yet, with its line and its claim.
type settled struct {
	Result
	line  Line
	claim subsidies.Claim
}

// examine matches results to lines and names every row that cannot be booked.
func examine(tx *database.Tx, b Batch, results []Result) ([]settled, error) {
	var all []Numbered
	err := tx.Model(&Line{}).Select("batch_lines.*, c.number AS claim_number").Joins("JOIN claims c ON c.id = batch_lines.claim_id").
		Where("batch_lines.batch_id = ?", b.ID).Limit(MaxLines).Find(&all).Error
	if err != nil {
		return nil, err
	}
	byNumber := make(map[string]Line, len(all))
	for _, l := range all {
		byNumber[l.ClaimNumber] = l.Line
	}
	known, err := elsewhere(tx, results, byNumber)
	if err != nil {
		return nil, err
	}
	var f kernel.Faults
	var fresh []settled
	first := map[string]int{}
	ordered, today := kernel.DayOf(b.CreatedAt), tx.Today()
	for _, r := range results {
		if _, twice := first[r.ClaimNumber]; twice {
			f.Add(r.at("claim"), "result.repeated", r.says("申请编号重复出现", "this claim is there twice"))
			continue
		}
		first[r.ClaimNumber] = r.Row
		line, ok := byNumber[r.ClaimNumber]
		switch {
		case !ok && known[r.ClaimNumber]:
			f.Add(r.at("claim"), "claim.other_batch", r.says("该申请不在本批次", "this claim is not in the batch"))
			continue
		case !ok:
			f.Add(r.at("claim"), "claim.unknown", r.says("没有这个申请编号", "there is no claim of this number"))
			continue
		}
		f.Check(r.Amount == line.Amount, r.at("amount"), "result.amount", r.says("金额应为 "+line.Amount.Yuan()+" 元", "the amount should be ¥"+line.Amount.Yuan()))
		if line.State == Ordered {
			r.check(&f, ordered, today)
			fresh = append(fresh, settled{Result: r, line: line})
		} else {
			f.Check(r.repeats(line), r.at("result"), "result.contradicts", r.says("与已登记的结果不一致", "contradicts the result that is booked"))
		}
	}
	if err := attach(tx, fresh, &f); err != nil {
		return nil, err
	}
	return fresh, f.Err()
}

// repeats reports whether a result says what is booked for the line already.
func (r Result) repeats(l Line) bool {
	if r.State != l.State {
		return false
	}
	return r.State != Paid || (l.PaidOn != nil && *l.PaidOn == r.PaidOn && l.BankReference == r.Reference)
}

// elsewhere tells which numbers that are not in the batch are claims at all.
func elsewhere(tx *database.Tx, results []Result, here map[string]Line) (map[string]bool, error) {
	var others []string
	for _, r := range results {
		if _, ok := here[r.ClaimNumber]; !ok {
			others = append(others, r.ClaimNumber)
		}
	}
	known := map[string]bool{}
	for some := range slices.Chunk(others, together) {
		var found []string
		if err := tx.Model(&subsidies.Claim{}).Where("number IN ? AND state <> ?", some, subsidies.ClaimDraft).Pluck("number", &found).Error; err != nil {
			return nil, err
		}
		for _, n := range found {
			known[n] = true
		}
	}
	return known, nil
}

// attach reads the claims of fresh results, and names those that the caller has
// handled at another step (law 5).
func attach(tx *database.Tx, fresh []settled, f *kernel.Faults) error {
	for some := range slices.Chunk(fresh, together) {
		ids := make([]kernel.ID, len(some))
		for i, s := range some {
			ids[i] = s.line.ClaimID
		}
		var rows []subsidies.Claim
		if err := tx.Where("id IN ?", ids).Find(&rows).Error; err != nil {
			return err
		}
		handled, err := record.HandedBy(tx.Context(), tx.DB, tx.Call.Actor.Person, ids, subsidies.PartPayer)
		if err != nil {
			return err
		}
		byID := make(map[kernel.ID]subsidies.Claim, len(rows))
		for _, c := range rows {
			byID[c.ID] = c
		}
		for i := range some {
			some[i].claim = byID[ids[i]]
			if handled[ids[i]] {
				refusal := kernel.AsError(subsidies.FourEyes())
				f.Add(some[i].at("claim"), refusal.Code, some[i].says(refusal.Message.ZH, refusal.Message.EN))
			}
		}
	}
	return nil
}

// book writes the results: lines and claims first, the batch, and the money last.
func book(tx *database.Tx, b *Batch, fresh []settled) error {
	var paid []subsidies.Claim
	var money []budget.Payment
	failed := int64(0)
	for _, s := range fresh {
		if err := writeLine(tx, s); err != nil {
			return err
		}
		if s.State == Paid {
			paid = append(paid, s.claim)
			money = append(money, budget.Payment{
				Subject: budget.Subject{ID: s.claim.ID, Policy: s.claim.PolicyCode, District: s.claim.District},
				Portion: budget.Portion{Municipal: s.line.Municipal, District: s.line.DistrictPart},
			})
			continue
		}
		failed++
		if err := giveBack(tx, s); err != nil {
			return err
		}
	}
	if len(paid) > 0 {
		t, err := subsidies.ClaimMachine.Find(subsidies.ClaimBatched, subsidies.ClaimPay, tx.Call.Actor.Role)
		if err != nil {
			return err
		}
		if err := claims.AdvanceAll(tx, paid, t, claims.Move{Act: t.Act}); err != nil {
			return err
		}
	}
	set := map[string]any{"paid_count": b.PaidCount + int64(len(paid)), "failed_count": b.FailedCount + failed}
	if b.PaidCount+b.FailedCount+int64(len(fresh)) == b.LineCount {
		set["state"], set["settled_at"] = Settled, tx.Now
	}
	if err := change(tx, b, set); err != nil {
		return err
	}
	entry := audit.Entry{Action: "batch.results", ObjectKind: "batch", ObjectID: string(b.ID), Detail: map[string]any{"paid": len(paid), "failed": failed}}
	if err := audit.Record(tx, entry); err != nil {
		return err
	}
	return budget.PayAll(tx, money)
}

func writeLine(tx *database.Tx, s settled) error {
	set := map[string]any{"state": s.State, "bank_reference": s.Reference, "version": s.line.Version + 1}
	if s.State == Paid {
		set["paid_on"] = s.PaidOn
	} else {
		set["failure"], set["live_key"] = s.Failure, nil
	}
	done := tx.Model(&Line{}).Where("id = ? AND state = ? AND version = ?", s.line.ID, Ordered, s.line.Version).Updates(set)
	return database.Changed(done, database.Stale())
}

func giveBack(tx *database.Tx, s settled) error {
	c := s.claim
	t, err := subsidies.ClaimMachine.Find(c.State, subsidies.ClaimFailPayment, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	return claims.Advance(tx, &c, t, claims.Move{Act: t.Act, Reason: record.Reason{Code: "payment_failed", Note: s.Failure}, Columns: map[string]any{"batch_id": nil}})
}
