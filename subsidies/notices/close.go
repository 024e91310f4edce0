package notices

import (
	"context"
	"errors"
	"slices"
	"sync"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// page bounds what is read at once.
const page = 200

// CloseDue awards what is on notices whose last day has passed, some claims at a
// time, and closes the notices with nothing left to decide. A
// claim that cannot be awarded does not stop the others; the errors are joined.
// It returns how many claims were awarded. Repeating it changes nothing.
func (d *Desk) CloseDue(ctx context.Context) (awarded int, err error) {
	today := kernel.DayOf(d.DB.Clock().Now())
	var failures []error
	after := Notice{}
	for {
		var due []Notice
		err := d.DB.Read(ctx).Where("state = ? AND closes_on < ?", Open, today).
			Where("closes_on > ? OR (closes_on = ? AND id > ?)", after.ClosesOn, after.ClosesOn, after.ID).
			Order("closes_on, id").Limit(page).Find(&due).Error
		if err != nil || len(due) == 0 {
			return awarded, errors.Join(append(failures, err)...)
		}
		some, err := d.closeSome(ctx, due)
		awarded += some
		if err != nil {
			failures = append(failures, err)
		}
		if ctx.Err() != nil {
			return awarded, errors.Join(append(failures, ctx.Err())...)
		}
		after = due[len(due)-1]
	}
}

// atOnce is how many notices are closed at the same time: while the store writes
// for one, the next is prepared.
const atOnce = 2

func (d *Desk) closeSome(ctx context.Context, due []Notice) (awarded int, err error) {
	var (
		wait     sync.WaitGroup
		guard    sync.Mutex
		failures []error
		next     = make(chan Notice)
	)
	for range min(atOnce, len(due)) {
		wait.Go(func() {
			for n := range next {
				some, err := d.Close(ctx, n.ID)
				guard.Lock()
				awarded += some
				if err != nil {
					failures = append(failures, err)
				}
				guard.Unlock()
			}
		})
	}
	for _, n := range due {
		if ctx.Err() != nil {
			break
		}
		next <- n
	}
	close(next)
	wait.Wait()
	return awarded, errors.Join(failures...)
}

// Close does the work of CloseDue for one notice; before its time it does nothing.
func (d *Desk) Close(ctx context.Context, notice kernel.ID) (awarded int, err error) {
	var failures []error
	after := kernel.ID("")
	for {
		var ids []kernel.ID
		err := d.DB.Read(ctx).Model(&subsidies.Claim{}).Where("notice_id = ? AND state = ? AND id > ?", notice, subsidies.ClaimNoticed, after).
			Order("id").Limit(page).Pluck("id", &ids).Error
		if err != nil {
			return awarded, errors.Join(append(failures, err)...)
		}
		for some := range slices.Chunk(ids, together) {
			done, err := d.awardSome(ctx, some)
			awarded += done
			if err != nil {
				failures = append(failures, err)
			}
		}
		if len(ids) < page {
			break
		}
		after = ids[len(ids)-1]
	}
	return awarded, errors.Join(append(failures, d.shut(ctx, notice))...)
}

// conclude awards one claim if its notice is over, and closes the notice with it
// if it was the last.
func (d *Desk) conclude(ctx context.Context, notice, claim kernel.ID) error {
	if _, err := d.AwardOne(ctx, claim); err != nil {
		return err
	}
	return d.shut(ctx, notice)
}

// shut closes a notice that is over and has nothing left to decide.
func (d *Desk) shut(ctx context.Context, notice kernel.ID) error {
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	err := database.Run(ctx, d.DB, "notice.close", func(tx *database.Tx) error {
		closed := tx.Exec(`UPDATE notices SET state = ?, closed_at = ?, version = version + 1 WHERE id = ? AND state = ? AND closes_on < ?
			AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.notice_id = notices.id AND c.state IN ?)`,
			Closed, tx.Now, notice, Open, tx.Today(), []subsidies.ClaimState{subsidies.ClaimNoticed, subsidies.ClaimObjected})
		if err := database.Changed(closed, errNotYet); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "notice.close", ObjectKind: "notice", ObjectID: string(notice)})
	})
	if errors.Is(err, errNotYet) {
		return nil
	}
	return err
}

var errNotYet = errors.New("not to be closed yet, or closed already")
