package payments

import (
	"context"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

// Close ends the drafting: the batch will not change any more and can be taken out.
func (d *Desk) Close(ctx context.Context, id kernel.ID, version int64) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.close", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, id, version)
		if err != nil {
			return b, err
		}
		if b.State != Drafted {
			return b, notDrafted()
		}
		if err := change(tx, &b, map[string]any{"state": Closed, "closed_at": tx.Now}); err != nil {
			return b, err
		}
		return b, audit.Record(tx, audit.Entry{Action: "batch.close", ObjectKind: "batch", ObjectID: string(b.ID), Detail: map[string]any{"lines": b.LineCount, "total_fen": b.Total}})
	})
}

// Abandon gives a drafted batch up; its claims can be batched anew.
func (d *Desk) Abandon(ctx context.Context, id kernel.ID, version int64) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.abandon", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, id, version)
		if err != nil {
			return b, err
		}
		if b.State != Drafted {
			return b, notDrafted()
		}
		if err := change(tx, &b, map[string]any{"state": Abandoned}); err != nil {
			return b, err
		}
		var all []subsidies.Claim
		if err := tx.Where("batch_id = ? AND state = ?", b.ID, subsidies.ClaimBatched).Order("id").Find(&all).Error; err != nil {
			return b, err
		}
		t, err := subsidies.ClaimMachine.Find(subsidies.ClaimBatched, subsidies.ClaimFailPayment, tx.Call.Actor.Role)
		if err != nil {
			return b, err
		}
		why := record.Reason{Code: "batch_abandoned"}
		if err := claims.AdvanceAll(tx, all, t, claims.Move{Act: t.Act, Reason: why, Columns: map[string]any{"batch_id": nil}}); err != nil {
			return b, err
		}
		if err := tx.Exec("UPDATE batch_lines SET state = ?, live_key = NULL, version = version + 1 WHERE batch_id = ? AND state = ?", Removed, b.ID, Ordered).Error; err != nil {
			return b, err
		}
		return b, audit.Record(tx, audit.Entry{Action: "batch.abandon", ObjectKind: "batch", ObjectID: string(b.ID)})
	})
}

func notDrafted() error {
	return kernel.Conflict("batch.closed", kernel.T("该批次已封存，不能再更改", "This batch is closed and cannot change any more"))
}
