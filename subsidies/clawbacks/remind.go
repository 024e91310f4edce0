package clawbacks

import (
	"context"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
)

// remindAtOnce bounds the reminders of one round.
const remindAtOnce = 100

// RemindDue leaves a message for every instalment that has passed its day unmet,
// once for each, and returns how many.
func (d *Desk) RemindDue(ctx context.Context) (int, error) {
	var late []subsidies.Clawback
	today := d.Today()
	err := d.DB.Read(ctx).Where("state IN ? AND next_due_on < ? AND (reminded_for IS NULL OR reminded_for <> next_due_on)", owed, today).
		Order("next_due_on, id").Limit(remindAtOnce).Find(&late).Error
	if err != nil {
		return 0, err
	}
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	for i, c := range late {
		err := database.Run(ctx, d.DB, "clawback.remind", func(tx *database.Tx) error {
			err := database.Guard(tx, errMoved, "UPDATE clawbacks SET reminded_for = next_due_on WHERE id = ? AND version = ? AND (reminded_for IS NULL OR reminded_for <> next_due_on)", c.ID, c.Version)
			if err != nil {
				return err
			}
			if err := audit.Record(tx, audit.Entry{Action: "clawback.remind", ObjectKind: "clawback", ObjectID: string(c.ID), Detail: map[string]any{"number": c.Number, "due_on": c.NextDueOn}}); err != nil {
				return err
			}
			return queue.Send(tx, queue.Message{Kind: Overdue, Subject: c.ID, Payload: Event{State: c.State}})
		})
		if err != nil && !kernel.IsCode(err, "stale") {
			return i, err
		}
	}
	return len(late), nil
}

// errMoved says that the clawback has moved since it was looked at; the next
// round looks again.
var errMoved = database.Stale()
