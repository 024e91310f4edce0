package agreements

import (
	"context"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// LapseDue releases the reservations that ran out unused before today and
// returns how many. Each is a transaction of its own; one that a claim holds or
// that moved meanwhile is left alone.
func (d *Desk) LapseDue(ctx context.Context) (int, error) {
	today := kernel.DayOf(d.DB.Clock().Now())
	lapsed := 0
	after := kernel.ID("")
	for {
		var ids []kernel.ID
		err := d.DB.Read(ctx).Model(&subsidies.Agreement{}).
			Where("state = ? AND reserve_until < ? AND id > ?", subsidies.AgreementAccepted, today, after).
			Where("NOT EXISTS (SELECT 1 FROM claims c WHERE c.live_key = agreements.id)").
			Order("id").Limit(200).Pluck("id", &ids).Error
		if err != nil || len(ids) == 0 {
			return lapsed, err
		}
		for _, id := range ids {
			if err := d.Lapse(ctx, id); err == nil {
				lapsed++
			} else if e := kernel.AsError(err); e == nil || e.Kind != kernel.KindConflict {
				return lapsed, err
			}
		}
		after = ids[len(ids)-1]
	}
}

// Lapse releases one reservation whose time has run out.
func (d *Desk) Lapse(ctx context.Context, id kernel.ID) error {
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	return database.Run(ctx, d.DB, "agreement.lapse", func(tx *database.Tx) error {
		a, to, err := act(tx, id, subsidies.AgreementLapse)
		if err != nil {
			return err
		}
		if a.ReserveUntil == nil || *a.ReserveUntil >= tx.Today() {
			return kernel.Conflict("agreement.in_time", kernel.T("额度占用尚未到期", "The reservation has not run out"))
		}
		return end(tx, d.Policies, &a, subsidies.AgreementLapse, to, record.Reason{Code: "lapsed"})
	})
}
