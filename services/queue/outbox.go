package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// kept is how long rows that are done stay in the outbox.
const kept = 30 * 24 * time.Hour

// Backlog is what the outbox holds.
type Backlog struct {
	Open   int64      // not done yet, those for a later time included
	Dead   int64      // given up
	Oldest *time.Time // when the oldest row that should be done was sent
}

// ReadBacklog counts the outbox.
func ReadBacklog(ctx context.Context, db *database.DB) (Backlog, error) {
	var b Backlog
	open := func() error { return db.Read(ctx).Model(&row{}).Where("state = ?", stateOpen).Count(&b.Open).Error }
	dead := func() error { return db.Read(ctx).Model(&row{}).Where("state = ?", stateDead).Count(&b.Dead).Error }
	oldest := func() error {
		var first []row
		err := db.Read(ctx).Select("created_at").Where("state = ? AND (deliveries > 0 OR next_at <= ?)", stateOpen, db.Clock().Now()).
			Order("created_at").Limit(1).Find(&first).Error
		if len(first) == 1 {
			b.Oldest = &first[0].CreatedAt
		}
		return err
	}
	for _, read := range []func() error{open, dead, oldest} {
		if err := read(); err != nil {
			return Backlog{}, fmt.Errorf("backlog: %w", err)
		}
	}
	return b, nil
}

// Dead is a message that was given up.
type Dead struct {
	ID        kernel.ID `json:"id"`
	Kind      string    `json:"kind"`
	Subject   kernel.ID `json:"subject"`
	LastError string    `json:"last_error"`
	CreatedAt time.Time `json:"created_at"`
}

// ListDead returns up to a hundred given-up messages, oldest first.
func ListDead(ctx context.Context, db *database.DB) (dead []Dead, err error) {
	err = db.Read(ctx).Model(&row{}).Where("state = ?", stateDead).Order("id").Limit(100).Find(&dead).Error
	return dead, err
}

// Revive puts a given-up message back, as if it had just been sent.
func Revive(tx *database.Tx, id kernel.ID) error {
	again := tx.Model(&row{}).Where("id = ? AND state = ?", id, stateDead).
		Updates(map[string]any{"state": stateOpen, "deliveries": 0, "next_at": tx.Now, "owner": ""})
	return database.Changed(again, kernel.NotFound(kernel.T("失败的任务", "failed task")))
}

// Drain handles everything that is due, and what that leads to, here and now,
// without Redis. It returns the failures; failed rows are due again later.
func (r *Runtime) Drain(ctx context.Context) error {
	ctx = asSystem(ctx)
	var failures []error
	for {
		rows, err := r.take(ctx, roundSize)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		if len(rows) == 0 {
			return errors.Join(failures...)
		}
		for _, t := range rows {
			if err := r.drainOne(ctx, t.ID); err != nil {
				failures = append(failures, fmt.Errorf("%s %s: %w", t.Kind, t.ID, err))
			}
		}
	}
}

func (r *Runtime) drainOne(ctx context.Context, id kernel.ID) error {
	if err := r.settle(ctx, id); err != nil {
		return err
	}
	var left []row
	if err := r.db.Read(ctx).Where("id = ? AND state <> ?", id, stateDone).Limit(1).Find(&left).Error; err != nil || len(left) == 0 {
		return err
	}
	return errors.New(left[0].LastError)
}

// reopen makes this runtime's rows due at once. A shutdown does not stop it.
func (r *Runtime) reopen(ctx context.Context, where string, args ...any) error {
	ctx, cancel := context.WithTimeout(asSystem(context.WithoutCancel(ctx)), 10*time.Second)
	defer cancel()
	return database.Run(ctx, r.db, "queue.reopen", func(tx *database.Tx) error {
		return tx.Model(&row{}).Where("state = ?", stateOpen).Where(where, args...).
			Updates(map[string]any{"next_at": tx.Now, "owner": ""}).Error
	})
}

// sweep removes rows that have long been done, a thousand at a time.
func (r *Runtime) sweep(ctx context.Context) error {
	before := r.db.Clock().Now().Add(-kept)
	for {
		var ids []kernel.ID
		err := r.db.Read(ctx).Model(&row{}).Where("state = ? AND next_at < ? AND done_at < ?", stateDone, before, before).
			Order("next_at, id").Limit(1000).Pluck("id", &ids).Error
		if err != nil || len(ids) == 0 {
			return err
		}
		err = database.Run(ctx, r.db, "queue.sweep", func(tx *database.Tx) error {
			return tx.Where("id IN ? AND state = ?", ids, stateDone).Delete(&row{}).Error
		})
		if err != nil {
			return err
		}
	}
}
