package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

const (
	roundSize   = 250  // rows taken at once
	waitingMost = 1000 // deliveries that may wait in Redis: the rest waits in the outbox, where it does not grow old
)

// taken is a row that this runtime may deliver until its next_at.
type taken struct {
	ID         kernel.ID
	Kind       string
	Deliveries int64
}

func (r *Runtime) relayLoop(ctx context.Context) {
	tick := time.NewTicker(r.o.Poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := r.relayAll(ctx); err != nil && ctx.Err() == nil {
				r.meter.relayFailures.Inc()
				r.o.Log.WarnContext(ctx, "relay", "error", err)
			}
		}
	}
}

// relayAll runs rounds until nothing is due or Redis holds enough.
func (r *Runtime) relayAll(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := r.relay(ctx)
		if err != nil || n < roundSize {
			return err
		}
	}
	return nil
}

// relay runs one round and returns how many rows it delivered.
func (r *Runtime) relay(ctx context.Context) (int, error) {
	waiting, err := r.bus.waiting(ctx)
	if err != nil {
		return 0, fmt.Errorf("redis: %w", err)
	}
	room := min(roundSize, waitingMost-int(waiting))
	if room <= 0 {
		return 0, nil
	}
	rows, err := r.take(ctx, room)
	if err != nil {
		return 0, fmt.Errorf("take rows: %w", err)
	}
	for i, row := range rows {
		if err := r.bus.enqueue(ctx, row); err != nil {
			return i, fmt.Errorf("deliver %s: %w", row.ID, errors.Join(err, r.giveBack(ctx, rows[i:])))
		}
		r.meter.deliveries.Inc()
	}
	return len(rows), nil
}

// take makes this runtime the one that delivers the rows that are due. Rows are
// taken by an update that holds only while they are as they were seen, so two
// relays never take the same delivery, whatever the engine.
func (r *Runtime) take(ctx context.Context, most int) ([]taken, error) {
	seen, err := r.due(ctx, most)
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	owner := r.nextOwner()
	all := make([]kernel.ID, 0, len(seen))
	before := map[int64][]kernel.ID{}
	for _, s := range seen {
		all = append(all, s.ID)
		before[s.Deliveries] = append(before[s.Deliveries], s.ID)
	}
	return database.Do(ctx, r.db, "queue.take", func(tx *database.Tx) ([]taken, error) {
		for deliveries, ids := range before {
			if err := r.takeAlike(tx, owner, deliveries, ids); err != nil {
				return nil, err
			}
		}
		var mine []taken
		err := tx.Model(&row{}).Select("id", "kind", "deliveries").Where("id IN ? AND owner = ? AND state = ?", all, owner, stateOpen).
			Order("id").Find(&mine).Error
		return mine, err
	})
}

// takeAlike takes rows that have been delivered equally often; those at the
// limit are given up: nobody ever answered for them.
func (r *Runtime) takeAlike(tx *database.Tx, owner string, deliveries int64, ids []kernel.ID) error {
	change := map[string]any{"owner": owner, "deliveries": deliveries + 1, "next_at": tx.Now.Add(r.patience(deliveries))}
	if deliveries >= limit {
		change = map[string]any{"state": stateDead, "last_error": fmt.Sprintf("delivered %d times without an answer", deliveries)}
	}
	return tx.Model(&row{}).Where("id IN ? AND state = ? AND deliveries = ? AND next_at <= ?", ids, stateOpen, deliveries, tx.Now).Updates(change).Error
}

func (r *Runtime) due(ctx context.Context, most int) (rows []taken, err error) {
	err = r.db.Read(ctx).Model(&row{}).Select("id", "kind", "deliveries").
		Where("state = ? AND next_at <= ?", stateOpen, r.db.Clock().Now()).
		Order("next_at, id").Limit(most).Find(&rows).Error
	return rows, err
}

// patience is how long to wait for the answer to a delivery: each unanswered
// one doubles it, up to sixteen times.
func (r *Runtime) patience(deliveries int64) time.Duration {
	return r.o.Redelivery << min(deliveries, 4)
}

// giveBack lets rows that could not be handed to Redis be taken again at once.
func (r *Runtime) giveBack(ctx context.Context, rows []taken) error {
	ids := make([]kernel.ID, 0, len(rows))
	for _, t := range rows {
		ids = append(ids, t.ID)
	}
	return r.reopen(ctx, "id IN ? AND owner LIKE ?", ids, r.node+"/%")
}
