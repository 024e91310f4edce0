package database

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"

	"yunhui/services/kernel"
)

// attempts bounds how often a transaction is tried in all.
const attempts = 8

// Tx is one attempt at one write. It embeds the gorm handle of the transaction.
type Tx struct {
	*gorm.DB
	Now   time.Time   // the instant of this attempt, from the Clock
	Call  kernel.Call // who acts, from where
	after []func()
	later []pile
}

// Today returns the day of the city at the instant of the attempt.
func (tx *Tx) Today() kernel.Date { return kernel.DayOf(tx.Now) }

// Context returns the context the transaction runs under. What is read with it
// (DB.Read) is read through the transaction.
func (tx *Tx) Context() context.Context { return tx.Statement.Context }

// AfterCommit registers something to do once the transaction has committed. It
// may be lost in a crash, so it must only hasten what would happen anyway.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Do runs one use case in one transaction and returns its result.
//
// name identifies the use case in metrics and in the idempotency table. When the
// call in ctx carries an idempotency key, the key, the request's fingerprint and
// the result (as JSON, so T must survive a round trip) are stored in the same
// transaction; a repetition returns the stored result without running fn, and
// the same key with another request is a conflict "idempotency.reused".
func Do[T any](ctx context.Context, d *DB, name string, fn func(tx *Tx) (T, error)) (T, error) {
	var result T
	began := time.Now() //nolint:forbidigo // measures how long it takes
	tried := 0
	err := d.retry(ctx, func() error {
		tried++
		var err error
		result, err = attempt(ctx, d, name, fn)
		return err
	})
	if d.observe != nil {
		d.observe.Transaction(name, tried, time.Since(began), err) //nolint:forbidigo // see above
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return result, nil
}

// Run is Do for use cases without a result.
func Run(ctx context.Context, d *DB, name string, fn func(tx *Tx) error) error {
	_, err := Do(ctx, d, name, func(tx *Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

func attempt[T any](ctx context.Context, d *DB, name string, fn func(tx *Tx) (T, error)) (result T, err error) {
	inside := &underway{of: d}
	handle := d.write.WithContext(context.WithValue(ctx, underwayKey{}, inside)).Begin()
	if handle.Error != nil {
		return result, handle.Error
	}
	inside.handle = handle
	done := false
	defer func() {
		inside.handle = nil
		if !done {
			handle.Rollback()
		}
	}()
	tx := &Tx{DB: handle, Now: d.clock.Now(), Call: kernel.CallFrom(ctx)}
	if tx.Call.IdempotencyKey != "" {
		var replayed bool
		if result, replayed, err = once(tx, name, fn); err != nil || replayed {
			return result, err
		}
	} else if result, err = fn(tx); err != nil {
		return result, err
	}
	if err := tx.Flush(); err != nil {
		return result, fmt.Errorf("%s: %w", name, err)
	}
	done = true
	if err := handle.Commit().Error; err != nil {
		return result, fmt.Errorf("commit %s: %w", name, err)
	}
	inside.handle = nil
	for _, f := range tx.after {
		f()
	}
	return result, nil
}

// underway is the transaction that a context belongs to, while it lasts.
type underway struct {
	of     *DB
	handle *gorm.DB
}

type underwayKey struct{}

type receipt struct {
	Actor       string
	IdemKey     string
	Command     string
	Fingerprint string
	Result      string
	CreatedAt   time.Time
}

func (receipt) TableName() string { return "idempotency_keys" }

// once claims the key before the work, so that of two concurrent repetitions the
// second waits for the first and then finds the key taken.
func once[T any](tx *Tx, name string, fn func(tx *Tx) (T, error)) (result T, replayed bool, err error) {
	key := receipt{Actor: string(tx.Call.Actor.Person), IdemKey: tx.Call.IdempotencyKey, Command: name, Fingerprint: tx.Call.Fingerprint, CreatedAt: tx.Now}
	same := tx.Where("actor = ? AND idem_key = ? AND command = ?", key.Actor, key.IdemKey, key.Command).Session(&gorm.Session{})
	var earlier []receipt
	if err := same.Limit(1).Find(&earlier).Error; err != nil {
		return result, false, err
	}
	if len(earlier) == 1 {
		if earlier[0].Fingerprint != key.Fingerprint {
			return result, false, kernel.Conflict("idempotency.reused", kernel.T("此 Idempotency-Key 已用于另一请求", "This Idempotency-Key was used for a different request"))
		}
		err := json.Unmarshal([]byte(earlier[0].Result), &result)
		return result, true, err
	}
	if err := tx.Create(&key).Error; err != nil {
		if IsDuplicate(err) {
			return result, false, errAgain
		}
		return result, false, err
	}
	if result, err = fn(tx); err != nil {
		return result, false, err
	}
	stored, err := json.Marshal(result)
	if err != nil {
		return result, false, fmt.Errorf("result of %s: %w", name, err)
	}
	return result, false, same.Model(&receipt{}).Update("result", string(stored)).Error
}

// errAgain asks for one more attempt: a concurrent repetition has just committed.
var errAgain = errors.New("a concurrent request holds the same idempotency key")

func (d *DB) retry(ctx context.Context, work func() error) error {
	for n := 1; ; n++ {
		err := work()
		if err == nil || (!Retryable(err) && !errors.Is(err, errAgain)) {
			return err
		}
		if n == attempts {
			return kernel.Fail(kernel.KindUnavailable, "busy", kernel.T("系统繁忙，请稍后重试", "The system is busy; please try again shortly")).Because(err)
		}
		pause := time.Duration(1+rand.IntN(1<<n)) * 2 * time.Millisecond //nolint:gosec // jitter is no secret
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), err)
		case <-timer.C:
		}
	}
}
