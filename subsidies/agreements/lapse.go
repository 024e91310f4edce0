package agreements

import (
	"context"
	"errors"
	"fmt"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// LapseDue releases the reservations that ran out unused before today and
// returns how many. Each is a transaction of its own; one that a claim holds or
// that moved meanwhile is left alone, and one that fails does not stop the
// others: the errors are joined.
func (d *Desk) LapseDue(ctx context.Context) (int, error) {
	today := kernel.DayOf(d.DB.Clock().Now())
	lapsed := 0
	var failures []error
	after := kernel.ID("")
	for {
		var ids []kernel.ID
		err := d.DB.Read(ctx).Model(&subsidies.Agreement{}).
			Where("state = ? AND reserve_until < ? AND id > ?", subsidies.AgreementAccepted, today, after).
			Where("NOT EXISTS (SELECT 1 FROM claims c WHERE c.live_key = agreements.id AND c.state <> ?)", subsidies.ClaimDraft).
			Order("id").Limit(200).Pluck("id", &ids).Error
		if err != nil || len(ids) == 0 {
			return lapsed, errors.Join(append(failures, err)...)
		}
		for _, id := range ids {
			err := d.Lapse(ctx, id)
			if ctx.Err() != nil {
				return lapsed, errors.Join(append(failures, ctx.Err())...)
			}
			if e := kernel.AsError(err); err == nil {
				lapsed++
			} else if e == nil || e.Kind != kernel.KindConflict {
				failures = append(failures, fmt.Errorf("lapse agreement %s: %w", id, err))
			}
		}
		after = ids[len(ids)-1]
	}
}

// Lapse releases one reservation whose time has run out. A claim that was begun
// and never handed in ends with it: by the policies a reservation is kept for
// those who claim in time.
func (d *Desk) Lapse(ctx context.Context, id kernel.ID) error {
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	return database.Run(ctx, d.DB, "agreement.lapse", func(tx *database.Tx) error {
		a, to, err := act(tx, id, 0, subsidies.AgreementLapse)
		if err != nil {
			return err
		}
		if !a.RunOut(tx.Today()) {
			return kernel.Conflict("agreement.in_time", kernel.T("额度占用尚未到期", "The reservation has not run out"))
		}
		return end(tx, d.Policies, &a, subsidies.AgreementLapse, to, record.Reason{Code: "lapsed"})
	})
}

// unclaimed refuses (agreement.claimed) to end an agreement with a living claim.
// A lapse takes a mere draft along.
func unclaimed(tx *database.Tx, a subsidies.Agreement, what subsidies.AgreementAct) error {
	var live []subsidies.Claim
	if err := tx.Where("live_key = ?", a.ID).Limit(1).Find(&live).Error; err != nil || len(live) == 0 {
		return err
	}
	if what == subsidies.AgreementLapse && live[0].State == subsidies.ClaimDraft {
		return drop(tx, live[0])
	}
	return kernel.Conflict("agreement.claimed", kernel.T("该协议已有进行中的兑付申请", "A claim on this agreement is under way"))
}

func drop(tx *database.Tx, c subsidies.Claim) error {
	t, err := subsidies.ClaimMachine.Find(c.State, subsidies.ClaimWithdraw, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	set := map[string]any{"state": t.To, "turn": subsidies.ClaimMachine.Turns[t.To], "since": tx.Now, "updated_at": tx.Now, "live_key": nil, "version": c.Version + 1}
	dropped := tx.Model(&subsidies.Claim{}).Where("id = ? AND version = ? AND state = ?", c.ID, c.Version, c.State).Updates(set)
	if err := database.Changed(dropped, database.Stale()); err != nil {
		return err
	}
	if err := record.Add(tx, record.Claim, c.ID, string(t.Act), string(c.State), string(t.To), record.Reason{Code: "lapsed"}); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: "claim." + string(t.Act), ObjectKind: "claim", ObjectID: string(c.ID), Detail: map[string]any{"from": c.State, "to": t.To, "reason": "lapsed"}})
}
