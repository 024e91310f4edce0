package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// State is where a run is.
type State string

// The states. A run is queued until a worker takes it.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
)

// Run is one simulation, kept so that every node can show it.
type Run struct {
	ID         kernel.ID
	PolicyCode string
	TitleZH    string `gorm:"column:title_zh"`
	TitleEN    string `gorm:"column:title_en"`
	Question   string
	State      State
	Done       int64
	Total      int64
	Result     string
	Failure    string // a code, when it has failed
	ElapsedMS  int64  `gorm:"column:elapsed_ms"`
	AuthorID   kernel.ID
	AuthorName string
	Owner      string // the node that runs it
	BeatAt     time.Time
	CreatedAt  time.Time
}

// TableName names the table for the store.
func (Run) TableName() string { return "simulations" }

// Question is what is asked. Exactly one of Draft, Document and Version says
// which document; claims and made-up claims may be asked for together, and past
// claims are meant when neither is said.
type Question struct {
	Draft     kernel.ID
	Document  json.RawMessage
	Version   int
	Against   int // a published version; 0: the one in force today, if there is any
	Claims    *Span
	Synthetic *Made
	Vary      *Varying
}

// Made asks for made-up claims.
type Made struct {
	Count int   `json:"count"`
	Seed  int64 `json:"seed"`
}

// Varying asks for the cost at several values of one figure.
type Varying struct {
	Path   string  `json:"path"`
	Values []int64 `json:"values"`
}

// The limits of a question.
const (
	MaxMade   = 200_000
	MaxValues = 9
)

// waiting bounds how many runs may be under way or wait at once.
const waiting = 8

// RunDue is the outbox kind that asks a worker to take a run.
const RunDue = "simulation.run"

// Desk takes questions and shows results.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Drafts   *drafts.Desk
}

// asked is a question as it is stored: the documents themselves, so that the
// result stays that of the day it was asked.
type asked struct {
	Document  rules.Document  `json:"document"`
	Before    *rules.Document `json:"before,omitempty"` // nil: the policy is new, and nobody has anything by it
	Claims    *Span           `json:"claims,omitempty"`
	Synthetic *Made           `json:"synthetic,omitempty"`
	Vary      *Varying        `json:"vary,omitempty"`
}

var (
	askers  = []kernel.Role{kernel.RoleCityOfficer}
	readers = []kernel.Role{kernel.RoleCityOfficer, kernel.RoleAuditor}
)

// Start takes a question about a policy and answers with the run that works on
// it. A document with faults is refused as when it is submitted, a figure that
// cannot be varied by its path, and everything while too many runs wait
// (simulation.busy).
func (d *Desk) Start(ctx context.Context, who kernel.Actor, code string, q Question) (kernel.ID, error) {
	if err := who.Require(askers...); err != nil {
		return "", err
	}
	if err := q.check(); err != nil {
		return "", err
	}
	a, err := d.ask(ctx, who, code, q)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("simulation of %s: %w", code, err)
	}
	return database.Do(ctx, d.DB, "simulation.start", func(tx *database.Tx) (kernel.ID, error) {
		var busy int64
		if err := tx.Model(&Run{}).Where("state IN ? AND beat_at > ?", []State{Queued, Running}, tx.Now.Add(-silence)).Count(&busy).Error; err != nil {
			return "", err
		}
		if busy >= waiting {
			return "", kernel.Fail(kernel.KindThrottled, "simulation.busy", kernel.T("正在进行的测算较多，请稍后再试", "Many simulations are under way; try again shortly"))
		}
		run := Run{
			ID: kernel.NewID(tx.Now), PolicyCode: code, TitleZH: clip(a.Document.Title.ZH, 200), TitleEN: clip(a.Document.Title.EN, 200), Question: string(text), State: Queued,
			AuthorID: who.Person, AuthorName: clip(who.Name, 100), BeatAt: tx.Now, CreatedAt: tx.Now,
		}
		if err := tx.Create(&run).Error; err != nil {
			return "", err
		}
		if err := audit.Record(tx, audit.Entry{Action: "simulation.start", ObjectKind: "simulation", ObjectID: string(run.ID), Detail: map[string]any{"policy": code, "version": a.Document.Version}}); err != nil {
			return "", err
		}
		return run.ID, queue.Send(tx, queue.Message{Kind: RunDue, Subject: run.ID})
	})
}

func (q Question) check() error {
	var f kernel.Faults
	said := 0
	for _, given := range []bool{q.Draft != "", len(q.Document) > 0, q.Version > 0} {
		if given {
			said++
		}
	}
	f.Check(said == 1, "draft_id", "simulation.document", kernel.T("请给出草案、文档、已发布版本三者之一", "Give exactly one of a draft, a document and a published version"))
	if q.Claims != nil {
		for path, day := range map[string]kernel.Date{"claims.from": q.Claims.From, "claims.to": q.Claims.To} {
			f.Check(day == "" || day.Valid(), path, "date.invalid", kernel.T("没有这一天", "There is no such day"))
		}
		f.Check(q.Claims.From == "" || q.Claims.To == "" || q.Claims.From <= q.Claims.To, "claims.to", "date.order", kernel.T("结束日期早于开始日期", "The end lies before the beginning"))
	}
	if q.Synthetic != nil {
		f.Check(q.Synthetic.Count >= 1 && q.Synthetic.Count <= MaxMade, "synthetic.count", "field.range", kernel.T("数量应为 1 至 200000", "Between 1 and 200,000 claims can be made up"))
	}
	if q.Vary != nil {
		f.Check(len(q.Vary.Values) >= 1 && len(q.Vary.Values) <= MaxValues, "sensitivity.values", "field.range", kernel.T("请给出 1 至 9 个取值", "Give 1 to 9 values"))
	}
	return f.Err()
}

func (d *Desk) ask(ctx context.Context, who kernel.Actor, code string, q Question) (asked, error) {
	a := asked{Claims: q.Claims, Synthetic: q.Synthetic, Vary: q.Vary}
	if a.Claims == nil && a.Synthetic == nil {
		a.Claims = &Span{}
	}
	var err error
	if a.Document, err = d.document(ctx, who, code, q); err != nil {
		return a, err
	}
	if a.Document.Code != code {
		var f kernel.Faults
		f.Add("code", "simulation.code", kernel.T("文档的政策代码与所选政策不同", "The document is of another policy"))
		return a, f.Err()
	}
	if a.Vary != nil {
		for _, value := range a.Vary.Values {
			if _, err := vary(a.Document, a.Vary.Path, value); err != nil {
				return a, err
			}
		}
	}
	before, err := d.before(ctx, code, q.Against)
	if err != nil || before == nil {
		return a, err
	}
	doc := before.Document()
	a.Before = &doc
	return a, nil
}

func (d *Desk) document(ctx context.Context, who kernel.Actor, code string, q Question) (rules.Document, error) {
	switch {
	case q.Version > 0:
		p, err := d.Policies.Version(ctx, code, q.Version)
		if err != nil {
			return rules.Document{}, err
		}
		return p.Document(), nil
	case q.Draft != "":
		s, err := d.Drafts.Get(ctx, who, q.Draft)
		if err != nil {
			return rules.Document{}, err
		}
		return rules.Parse([]byte(s.Document))
	default:
		return rules.Parse(q.Document)
	}
}

func (d *Desk) before(ctx context.Context, code string, version int) (*rules.Policy, error) {
	if version > 0 {
		return d.Policies.Version(ctx, code, version)
	}
	p, err := d.Policies.Current(ctx, code, kernel.DayOf(d.DB.Clock().Now()))
	if kernel.IsCode(err, "not_found") {
		return nil, nil //nolint:nilnil // a new policy has none before it
	}
	return p, err
}

// Get returns a run, or not_found. One whose node has fallen silent has failed,
// whoever notices first.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID) (Run, error) {
	if err := who.Require(readers...); err != nil {
		return Run{}, err
	}
	var run Run
	if err := d.DB.Read(ctx).Where("id = ?", id).Take(&run).Error; err != nil {
		return run, database.Found(err, kernel.NotFound(kernel.T("测算", "simulation")))
	}
	d.judge(&run)
	return run, nil
}

// List returns runs without questions and results, the newest first; code "" means
// all policies.
func (d *Desk) List(ctx context.Context, who kernel.Actor, code string, after kernel.ID, limit int) ([]Run, error) {
	if err := who.Require(readers...); err != nil {
		return nil, err
	}
	q := d.DB.Read(ctx).Omit("question", "result").Order("id DESC").Limit(min(max(limit, 1), 101))
	if code != "" {
		q = q.Where("policy_code = ?", code)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	var runs []Run
	err := q.Find(&runs).Error
	for i := range runs {
		d.judge(&runs[i])
	}
	return runs, err
}

// judge sees a run as failed whose node is gone.
func (d *Desk) judge(run *Run) {
	if run.live() && d.DB.Clock().Now().Sub(run.BeatAt) > run.patience() {
		run.State, run.Failure = Failed, "simulation.lost"
	}
}

func (r Run) live() bool { return r.State == Queued || r.State == Running }

// silence is how long a node may be silent about a run, and queueing how long a
// run may wait for one.
const (
	silence  = time.Minute
	queueing = 15 * time.Minute
)

func (r Run) patience() time.Duration {
	if r.State == Queued {
		return queueing
	}
	return silence
}

// Cancel ends a run that has not ended; its node notices within a second. To
// cancel what has ended is no change.
func (d *Desk) Cancel(ctx context.Context, who kernel.Actor, id kernel.ID) error {
	if err := who.Require(askers...); err != nil {
		return err
	}
	return database.Run(ctx, d.DB, "simulation.cancel", func(tx *database.Tx) error {
		var run Run
		if err := tx.Select("id", "state").Where("id = ?", id).Take(&run).Error; err != nil {
			return database.Found(err, kernel.NotFound(kernel.T("测算", "simulation")))
		}
		n, err := database.Exec(tx, "UPDATE simulations SET state = ?, beat_at = ? WHERE id = ? AND state IN (?, ?)", Cancelled, tx.Now, id, Queued, Running)
		if err != nil || n == 0 {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "simulation.cancel", ObjectKind: "simulation", ObjectID: string(id)})
	})
}

// kept is how long runs are kept.
const kept = 30 * 24 * time.Hour

// Sweep marks runs whose node is gone as failed and deletes those that are old.
func (d *Desk) Sweep(ctx context.Context) error {
	return database.Run(ctx, d.DB, "simulation.sweep", func(tx *database.Tx) error {
		for state, patience := range map[State]time.Duration{Running: silence, Queued: queueing} {
			if _, err := database.Exec(tx, "UPDATE simulations SET state = ?, failure = ? WHERE state = ? AND beat_at < ?", Failed, "simulation.lost", state, tx.Now.Add(-patience)); err != nil {
				return err
			}
		}
		_, err := database.Exec(tx, "DELETE FROM simulations WHERE beat_at < ? AND state IN (?, ?, ?)", tx.Now.Add(-kept), Done, Cancelled, Failed)
		return err
	})
}

// Answer reads the result of a run that is done.
func (r Run) Answer() (*Result, error) {
	if r.State != Done {
		return nil, nil //nolint:nilnil // there is none yet
	}
	var result Result
	if err := json.Unmarshal([]byte(r.Result), &result); err != nil {
		return nil, fmt.Errorf("simulation %s: %w", r.ID, err)
	}
	return &result, nil
}

func clip(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}
