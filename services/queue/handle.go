package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Delivery is a message on its way to its handler.
type Delivery struct {
	ID      kernel.ID
	Kind    string
	Subject kernel.ID
	Payload json.RawMessage
	Attempt int       // 1 for the first
	SentAt  time.Time // when the message was committed
}

// Into reads the payload.
func (d Delivery) Into(v any) error {
	if err := json.Unmarshal(d.Payload, v); err != nil {
		return fmt.Errorf("payload of %s: %w", d.Kind, err)
	}
	return nil
}

// Handler does the work of one message in one transaction, in which the message
// is also marked as done: the effect and the mark exist together or not at all.
// It acts as kernel.System. What it must do outside the database, it sends on.
type Handler func(tx *database.Tx, d Delivery) error

// Handle names the handler of a kind. Each kind has one.
func (r *Runtime) Handle(kind string, h Handler) {
	if _, taken := r.handlers[kind]; taken {
		panic("queue: two handlers for " + kind)
	}
	r.handlers[kind] = h
}

// errSettled says that the effect has happened already.
var errSettled = errors.New("done already")

// process answers for one delivery out of Redis. Failures are the outbox's to
// repeat, so asynq hears only of those that the outbox could not note.
func (r *Runtime) process(ctx context.Context, id kernel.ID) error {
	r.handles.Add(1)
	defer r.handles.Done()
	return r.settle(ctx, id)
}

func (r *Runtime) settle(ctx context.Context, id kernel.ID) error {
	var found []row
	if err := r.db.Read(ctx).Where("id = ? AND state = ?", id, stateOpen).Limit(1).Find(&found).Error; err != nil {
		return fmt.Errorf("load %s: %w", id, err)
	}
	if len(found) == 0 {
		r.meter.tasks.WithLabelValues("unknown", "repeated").Inc()
		return nil
	}
	m := found[0]
	err := r.run(withHeaders(ctx, m), m)
	switch {
	case err == nil:
		r.meter.tasks.WithLabelValues(m.Kind, "done").Inc()
		return nil
	case errors.Is(err, errSettled):
		r.meter.tasks.WithLabelValues(m.Kind, "repeated").Inc()
		return nil
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.Canceled):
		return err // shutting down: not the handler's failure
	default:
		r.meter.tasks.WithLabelValues(m.Kind, "failed").Inc()
		r.o.Log.WarnContext(ctx, "task failed", "kind", m.Kind, "id", m.ID, "delivery", m.Deliveries, "error", err)
		return r.fail(m, err)
	}
}

// run marks the row first: of two deliveries at the same time the second waits
// for the first and then finds nothing to mark.
func (r *Runtime) run(ctx context.Context, m row) (err error) {
	h, known := r.handlers[m.Kind]
	if !known {
		return fmt.Errorf("no handler for %q", m.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return database.Run(ctx, r.db, "task."+m.Kind, func(tx *database.Tx) error {
		mark := tx.Model(&row{}).Where("id = ? AND state = ?", m.ID, stateOpen).
			Updates(map[string]any{"state": stateDone, "done_at": tx.Now, "last_error": ""})
		if err := database.Changed(mark, errSettled); err != nil {
			return err
		}
		return h(tx, Delivery{ID: m.ID, Kind: m.Kind, Subject: m.Subject, Payload: json.RawMessage(m.Payload), Attempt: int(max(1, m.Deliveries)), SentAt: m.CreatedAt})
	})
}

// fail notes why the row is still open and when it is tried again. It must not
// depend on the delivery's context, which may be what ended.
func (r *Runtime) fail(m row, cause error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return database.Run(ctx, r.db, "queue.fail", func(tx *database.Tx) error {
		change := map[string]any{"last_error": clip(cause.Error()), "owner": "", "next_at": tx.Now.Add(backoff(m.Deliveries))}
		if m.Deliveries >= limit {
			change["state"] = stateDead
		}
		return tx.Model(&row{}).Where("id = ? AND state = ? AND deliveries = ?", m.ID, stateOpen, m.Deliveries).Updates(change).Error
	})
}

// backoff is the pause after a failure: 2 s, 4 s, … up to an hour.
func backoff(deliveries int64) time.Duration {
	return min(time.Hour, time.Second<<min(deliveries, 12))
}

func clip(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 4000)])
}

func withHeaders(ctx context.Context, m row) context.Context {
	var h headers
	_ = json.Unmarshal([]byte(m.Headers), &h) // a lost request id must not stop the work
	return kernel.WithCall(ctx, kernel.Call{Actor: kernel.System(), RequestID: h.RequestID, Language: h.Language})
}
