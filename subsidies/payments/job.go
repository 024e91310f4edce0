package payments

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
)

// Work is the outbox kind of the next step of what is done to a batch; its
// subject is the batch.
const Work = "batch.work"

// JobKind is what a job does to its batch. A transaction moves so many claims
// (Desk.Stride); where there are more, each step commits together with the place
// where the next begins, so that a process may die between any two.
type JobKind string

// The kinds of jobs.
const (
	Gather  JobKind = "gather"  // collects approved claims
	Release JobKind = "release" // gives them back
	Settle  JobKind = "settle"  // books the results of a file
)

// JobState is how far a job is.
type JobState string

// The states of a job.
const (
	Running JobState = "running"
	Done    JobState = "done"
	Stopped JobState = "stopped" // by somebody, or because it could not go on
)

// Job is one thing done to a batch by somebody, from its beginning to its end.
// LiveKey lets only one run on a batch.
type Job struct {
	ID        kernel.ID  `json:"id"`
	BatchID   kernel.ID  `json:"-"`
	LiveKey   *kernel.ID `json:"-"`
	Kind      JobKind    `json:"kind"`
	State     JobState   `json:"state"`
	Actor     string     `json:"-"` // who began it, and in whose name it goes on; JSON
	Source    string     `json:"-"` // gather: the claims that were named, JSON; settle: digest of the file
	Expected  int64      `json:"expected"`
	Seen      int64      `json:"seen"`
	Taken     int64      `json:"taken"`  // gather: lines; settle: paid; release: given back
	Missed    int64      `json:"missed"` // gather: left out; settle: failed
	AfterAt   *time.Time `json:"-"`
	AfterID   kernel.ID  `json:"-"`
	Trouble   string     `json:"trouble" doc:"停止的原因代码 · code of why it stopped"`
	By        string     `json:"by" gorm:"-"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Version   int64      `json:"-"`
}

// TableName names the table for the store.
func (Job) TableName() string { return "batch_jobs" }

// AfterFind says who began the job.
func (j *Job) AfterFind(*gorm.DB) error {
	who, err := j.who()
	j.By = who.Name
	return err
}

func (j *Job) who() (who kernel.Actor, err error) {
	if err = json.Unmarshal([]byte(j.Actor), &who); err != nil {
		err = fmt.Errorf("job %s: its actor: %w", j.ID, err)
	}
	return who, err
}

// newJob makes a job of the transaction's actor, without storing it.
func newJob(tx *database.Tx, b kernel.ID, kind JobKind, source string) (*Job, error) {
	who, err := json.Marshal(tx.Call.Actor)
	if err != nil {
		return nil, fmt.Errorf("actor of a job: %w", err)
	}
	return &Job{ID: kernel.NewID(tx.Now), BatchID: b, Kind: kind, State: Running, Actor: string(who), Source: source, CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1}, nil
}

// begin stores a job whose first step has been done, and asks for the next one
// where there is more.
func (j *Job) begin(tx *database.Tx, more bool) error {
	j.State, j.EndedAt = Done, &tx.Now
	if more {
		j.State, j.EndedAt, j.LiveKey = Running, nil, &j.BatchID
	}
	if err := tx.Create(j).Error; err != nil {
		if database.IsDuplicate(err) {
			return busy()
		}
		return err
	}
	if err := j.note(tx, ""); err != nil || !more {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Work, Subject: j.BatchID})
}

// goOn stores how far a step has come, if nobody else has done the same step.
func (j *Job) goOn(tx *database.Tx, more bool) error {
	set := map[string]any{"seen": j.Seen, "taken": j.Taken, "missed": j.Missed, "after_at": j.AfterAt, "after_id": j.AfterID, "updated_at": tx.Now, "version": j.Version + 1}
	if !more {
		set["state"], set["live_key"], set["ended_at"] = Done, nil, tx.Now
	}
	if err := database.Change(tx, "batch_jobs", set, "id = ? AND version = ? AND state = ?", []any{j.ID, j.Version, Running}, database.Stale()); err != nil {
		return err
	}
	if more {
		return queue.Send(tx, queue.Message{Kind: Work, Subject: j.BatchID})
	}
	return j.note(tx, ".done")
}

// actions are the words of the record for what jobs do.
var actions = map[JobKind]string{Gather: "batch.draft", Release: "batch.abandon", Settle: "batch.results"}

// note puts the job on record as it stands.
func (j *Job) note(tx *database.Tx, suffix string) error {
	detail := map[string]any{"job": j.ID, "expected": j.Expected, "seen": j.Seen, "taken": j.Taken, "missed": j.Missed}
	if j.Kind == Settle {
		detail["file"] = j.Source
	}
	return audit.Record(tx, audit.Entry{Action: actions[j.Kind] + suffix, ObjectKind: "batch", ObjectID: string(j.BatchID), Detail: detail})
}

// stop ends a job where it stands.
func (j *Job) stop(tx *database.Tx, trouble string) error {
	set := map[string]any{"state": Stopped, "live_key": nil, "trouble": trouble, "ended_at": tx.Now, "updated_at": tx.Now, "version": j.Version + 1}
	if err := database.Change(tx, "batch_jobs", set, "id = ? AND version = ? AND state = ?", []any{j.ID, j.Version, Running}, database.Stale()); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: "batch.stop", ObjectKind: "batch", ObjectID: string(j.BatchID), Detail: map[string]any{"job": j.ID, "kind": j.Kind, "seen": j.Seen, "trouble": trouble}})
}

// supersede gives stopped work up for good: what comes now takes its place.
func supersede(tx *database.Tx, batch kernel.ID, kind JobKind) error {
	if _, err := database.Exec(tx, "DELETE FROM batch_job_parts WHERE job_id IN (SELECT id FROM batch_jobs WHERE batch_id = ? AND kind = ? AND state = 'stopped')", batch, kind); err != nil {
		return err
	}
	_, err := database.Exec(tx, "UPDATE batch_jobs SET trouble = ?, version = version + 1 WHERE batch_id = ? AND kind = ? AND state = 'stopped'", abandoned, batch, kind)
	return err
}

// running finds the job that is under way on a batch; nil when there is none.
func running(db *gorm.DB, batch kernel.ID) (*Job, error) {
	var found []Job
	if err := db.Where("live_key = ?", batch).Limit(1).Find(&found).Error; err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func busy() error {
	return kernel.Conflict("batch.busy", kernel.T("该批次正在处理中，请等处理完成", "Work on this batch is under way; please wait until it is done"))
}

// tries is how often a step is delivered before its job is given up.
const tries = 8

// Deliver does the next step of the work on a batch for the queue, in the name
// of whoever began it. A step that fails again and again stops the job: what it
// has done stands, and a person decides.
func (d *Desk) Deliver(tx *database.Tx, m queue.Delivery) error {
	if m.Attempt <= tries {
		_, err := d.step(tx, m.Subject)
		return err
	}
	j, err := running(tx.DB, m.Subject)
	if err != nil || j == nil {
		return err
	}
	return j.stop(tx, "batch.work_failed")
}

// step does the next step of the work on a batch and tells whether there is more.
func (d *Desk) step(tx *database.Tx, id kernel.ID) (more bool, err error) {
	j, err := running(tx.DB, id)
	if err != nil || j == nil {
		return false, err
	}
	call := tx.Call
	defer func() { tx.Call = call }()
	if tx.Call.Actor, err = j.who(); err != nil {
		return false, err
	}
	b, err := find(tx, id, 0)
	if err != nil {
		return false, err
	}
	switch j.Kind {
	case Gather:
		more, err = d.gatherOn(tx, &b, j)
	case Release:
		more, err = d.releaseOn(tx, &b, j)
	case Settle:
		more, err = settleOn(tx, &b, j)
	}
	return more, err
}

// Finish does all the work that is under way on a batch, here and now, as the
// queue would do it. Whoever reads only may watch, not hasten.
func (d *Desk) Finish(ctx context.Context, id kernel.ID) (Batch, error) {
	call := kernel.CallFrom(ctx)
	if err := call.Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	call.IdempotencyKey = ""
	ctx = kernel.WithCall(ctx, call)
	for more, lost := true, 0; more; {
		var err error
		more, err = database.Do(ctx, d.DB, "batch.step", func(tx *database.Tx) (bool, error) { return d.step(tx, id) })
		switch {
		case err == nil:
			lost = 0
		case kernel.IsCode(err, "stale") && lost < tries: // somebody else has just done this step, or moved a claim of it
			more, lost = true, lost+1
		default:
			return Batch{}, err
		}
	}
	b, _, err := d.batch(ctx, id)
	return b, err
}

// Resume lets a job that was stopped by trouble go on from where it stands.
func (d *Desk) Resume(ctx context.Context, id kernel.ID) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.resume", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, id, 0)
		if err != nil {
			return b, err
		}
		var last []Job
		if err := tx.Where("batch_id = ?", id).Order("id DESC").Limit(1).Find(&last).Error; err != nil {
			return b, err
		}
		if len(last) == 0 || last[0].State != Stopped || last[0].Trouble == abandoned {
			return b, kernel.Conflict("batch.not_stopped", kernel.T("没有中断的处理", "There is no work that was stopped"))
		}
		j := last[0]
		set := map[string]any{"state": Running, "live_key": id, "trouble": "", "ended_at": nil, "updated_at": tx.Now, "version": j.Version + 1}
		if err := database.Change(tx, "batch_jobs", set, "id = ? AND version = ?", []any{j.ID, j.Version}, database.Stale()); err != nil {
			return b, err
		}
		if err := audit.Record(tx, audit.Entry{Action: "batch.resume", ObjectKind: "batch", ObjectID: string(id), Detail: map[string]any{"job": j.ID, "kind": j.Kind}}); err != nil {
			return b, err
		}
		return b, queue.Send(tx, queue.Message{Kind: Work, Subject: id})
	})
}

// Jobs lists what was done to a batch, the newest first.
func (d *Desk) Jobs(ctx context.Context, who kernel.Actor, id kernel.ID) ([]Job, error) {
	if err := who.Require(readers...); err != nil {
		return nil, err
	}
	out := []Job{}
	err := d.DB.Read(ctx).Where("batch_id = ?", id).Order("id DESC").Limit(50).Find(&out).Error
	return out, err
}
