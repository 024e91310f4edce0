package payments

import (
	"context"
	"slices"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/record"
)

// Close ends the drafting: the batch will not change any more and can be taken out.
// Lines of which everything is held back are paid with it.
func (d *Desk) Close(ctx context.Context, id kernel.ID, version int64) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.close", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, id, version)
		if err != nil {
			return b, err
		}
		if err := b.mayChange(Drafted); err != nil {
			return b, err
		}
		dropped, err := d.dropChanged(tx, &b)
		if err != nil {
			return b, err
		}
		if err := change(tx, &b, map[string]any{"state": Closed, "closed_at": tx.Now, "line_count": b.LineCount, "total_fen": b.Total}); err != nil {
			return b, err
		}
		if err := settleNetted(tx, &b); err != nil {
			return b, err
		}
		return b, audit.Record(tx, audit.Entry{Action: "batch.close", ObjectKind: "batch", ObjectID: string(b.ID), Detail: map[string]any{"lines": b.LineCount, "total_fen": b.Total, "dropped": dropped}})
	})
}

// dropChanged takes the lines out whose payee's account is about to change or has
// changed since they were written: a line keeps its account for ever, so it is
// the line that goes. Their claims can be batched anew.
func (d *Desk) dropChanged(tx *database.Tx, b *Batch) (int, error) {
	payees, err := d.Payees.ChangedSince(tx, b.CreatedAt)
	if err != nil {
		return 0, err
	}
	var lines []Line
	for some := range slices.Chunk(payees, together) {
		var found []Line
		if err := tx.Where("batch_id = ? AND payee_org_id IN ? AND state = ?", b.ID, some, Ordered).Order("line_no").Limit(d.stride() + 1 - len(lines)).Find(&found).Error; err != nil {
			return 0, err
		}
		lines = append(lines, found...)
	}
	switch {
	case len(lines) == 0:
		return 0, nil
	case len(lines) > d.stride() || int64(len(lines)) == b.LineCount:
		return 0, kernel.Conflict("batch.accounts_changed", kernel.T("批次生成后收款单位变更了账户，请作废本批次后重新生成", "Payees have changed their accounts since the batch was drafted; give it up and draft it anew"))
	}
	ids, paid, left := make([]kernel.ID, len(lines)), make([]kernel.ID, len(lines)), make([]LeftOut, len(lines))
	for i, l := range lines {
		ids[i], paid[i] = l.ID, l.ClaimID
		b.LineCount, b.Total = b.LineCount-1, b.Total-l.Amount
	}
	numbers, err := numbersOf(tx, paid)
	if err != nil {
		return 0, err
	}
	for i, l := range lines {
		left[i] = LeftOut{ClaimID: l.ClaimID, ClaimNumber: numbers[l.ClaimID], Code: heldBack, Reason: kernel.T("封存前收款单位的账户有变更，已移出本批次", "The payee's account was changing when the batch was closed; taken out of it")}
	}
	if err := clawbacks.Release(tx, ids...); err != nil {
		return 0, err
	}
	if err := giveBack(tx, paid, record.Reason{Code: "account_changed"}); err != nil {
		return 0, err
	}
	marks, args := database.In(ids)
	n, err := database.Exec(tx, "UPDATE batch_lines SET state = 'removed', live_key = NULL, version = version + 1 WHERE id IN "+marks+" AND state = 'ordered'", args...)
	if err == nil && n != int64(len(ids)) {
		err = database.Stale()
	}
	if err != nil {
		return 0, err
	}
	return len(lines), noteLeft(tx, b.ID, left)
}

func numbersOf(tx *database.Tx, claims []kernel.ID) (map[kernel.ID]string, error) {
	var rows []subsidies.Claim
	if err := tx.Select("id, number").Where("id IN ?", claims).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make(map[kernel.ID]string, len(rows))
	for _, c := range rows {
		out[c.ID] = c.Number
	}
	return out, nil
}

// abandoned is why a job ended whose batch was given up.
const abandoned = "batch.abandoned"

// Abandon gives a batch up that is not closed yet; its claims can be batched
// anew. A batch that is still gathering stops doing so.
func (d *Desk) Abandon(ctx context.Context, id kernel.ID, version int64) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.abandon", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, id, version)
		if err != nil {
			return b, err
		}
		if err := b.mayChange(Drafted, Gathering); err != nil {
			return b, err
		}
		if err := stopGathering(tx, b); err != nil {
			return b, err
		}
		j, err := newJob(tx, b.ID, Release, "")
		if err != nil {
			return b, err
		}
		j.Expected = b.LineCount
		more, err := d.release(tx, b, j)
		if err != nil {
			return b, err
		}
		state := Abandoned
		if more {
			state = Releasing
		}
		if err := change(tx, &b, map[string]any{"state": state}); err != nil {
			return b, err
		}
		return b, j.begin(tx, more)
	})
}

func stopGathering(tx *database.Tx, b Batch) error {
	if b.State != Gathering {
		return nil
	}
	j, err := running(tx.DB, b.ID)
	if err != nil {
		return err
	}
	if j == nil { // it was stopped before
		return supersede(tx, b.ID, Gather)
	}
	return j.stop(tx, abandoned)
}

// releaseOn does the next step of giving claims back.
func (d *Desk) releaseOn(tx *database.Tx, b *Batch, j *Job) (bool, error) {
	more, err := d.release(tx, *b, j)
	if err != nil {
		return false, err
	}
	if !more {
		if err := change(tx, b, map[string]any{"state": Abandoned}); err != nil {
			return false, err
		}
	}
	return more, j.goOn(tx, more)
}

// release gives the next claims of a batch back, and tells whether there are more.
func (d *Desk) release(tx *database.Tx, b Batch, j *Job) (more bool, err error) {
	upTo := min(j.Seen+int64(d.stride()), b.LineCount)
	var lines []Line
	err = tx.Select("id, claim_id").Where("batch_id = ? AND line_no > ? AND line_no <= ? AND state = ?", b.ID, j.Seen, upTo, Ordered).Order("line_no").Find(&lines).Error
	if err != nil {
		return false, err
	}
	ids, held := make([]kernel.ID, len(lines)), make([]kernel.ID, len(lines))
	for i, l := range lines {
		ids[i], held[i] = l.ClaimID, l.ID
	}
	if err := clawbacks.Release(tx, held...); err != nil {
		return false, err
	}
	if err := giveBack(tx, ids, record.Reason{Code: "batch_abandoned"}); err != nil {
		return false, err
	}
	_, err = database.Exec(tx, "UPDATE batch_lines SET state = ?, live_key = NULL, version = version + 1 WHERE batch_id = ? AND line_no > ? AND line_no <= ? AND state = ?", Removed, b.ID, j.Seen, upTo, Ordered)
	j.Seen, j.Taken = upTo, j.Taken+int64(len(ids))
	return upTo < b.LineCount, err
}

// giveBack makes claims of a batch approved again, for one reason.
func giveBack(tx *database.Tx, ids []kernel.ID, why record.Reason) error {
	if len(ids) == 0 {
		return nil
	}
	all, err := batched(tx, ids)
	if err != nil {
		return err
	}
	t, err := subsidies.ClaimMachine.Find(subsidies.ClaimBatched, subsidies.ClaimFailPayment, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	return claims.AdvanceAll(tx, all, t, claims.Move{Act: t.Act, Reason: why, Columns: map[string]any{"batch_id": nil}})
}

// batched reads claims that are in a batch; when one is not, somebody has moved it.
func batched(tx *database.Tx, ids []kernel.ID) ([]subsidies.Claim, error) {
	var all []subsidies.Claim
	if err := tx.Where("id IN ? AND state = ?", ids, subsidies.ClaimBatched).Order("id").Find(&all).Error; err != nil {
		return nil, err
	}
	if len(all) != len(ids) {
		return nil, database.Stale()
	}
	return all, nil
}

// mayChange tells whether the batch is in one of the states.
func (b Batch) mayChange(states ...State) error {
	if slices.Contains(states, b.State) {
		return nil
	}
	if b.State == Gathering || b.State == Releasing {
		return busy()
	}
	return kernel.Conflict("batch.closed", kernel.T("该批次已封存，不能再更改", "This batch is closed and cannot change any more"))
}
