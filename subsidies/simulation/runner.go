package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/rules"
)

// slots is how many runs a node works on at once; each uses all of its cores.
const slots = 2

// beat is how often a node tells how far a run is.
const beat = 300 * time.Millisecond

// Runner works on runs in the process of the workers. A run takes seconds, so it
// is not done in the transaction of its message: that only takes it over.
type Runner struct {
	db       *database.DB
	registry subsidies.Registry
	log      *slog.Logger
	node     string
	slots    chan struct{}
	ctx      context.Context //nolint:containedctx // the runner's own life, which no caller's context bounds
	stop     context.CancelFunc
	under    sync.WaitGroup
}

// NewRunner makes the runner of a node; Stop ends it.
func NewRunner(db *database.DB, registry subsidies.Registry, log *slog.Logger) *Runner {
	ctx, stop := context.WithCancel(kernel.WithCall(context.Background(), kernel.Call{Actor: kernel.System()}))
	return &Runner{db: db, registry: registry, log: log, node: string(kernel.NewID(db.Clock().Now())), slots: make(chan struct{}, slots), ctx: ctx, stop: stop}
}

// Stop interrupts what is under way, which is then seen to have failed, and waits.
func (r *Runner) Stop() {
	r.stop()
	r.under.Wait()
}

// Wait returns when nothing is under way here.
func (r *Runner) Wait() { r.under.Wait() }

// Take answers RunDue: it takes the run over and begins once that is committed.
// When all slots are taken it asks again a little later.
func (r *Runner) Take(tx *database.Tx, d queue.Delivery) error {
	if len(r.slots) == cap(r.slots) {
		return queue.Send(tx, queue.Message{Kind: RunDue, Subject: d.Subject, At: tx.Now.Add(time.Second)})
	}
	n, err := database.Exec(tx, "UPDATE simulations SET state = ?, owner = ?, beat_at = ? WHERE id = ? AND state = ?", Running, r.node, tx.Now, d.Subject, Queued)
	if err != nil || n == 0 { // cancelled, or taken by another delivery
		return err
	}
	tx.AfterCommit(func() { r.begin(d.Subject) })
	return nil
}

func (r *Runner) begin(id kernel.ID) {
	if r.ctx.Err() != nil {
		return // it is seen to be lost
	}
	r.under.Go(func() {
		ctx, cancel := context.WithCancelCause(r.ctx)
		defer cancel(nil)
		p := &pulse{}
		ended := make(chan struct{})
		var telling sync.WaitGroup
		telling.Go(func() { r.tell(ctx, cancel, id, p, ended) })
		result, took, err := r.work(ctx, id, p)
		close(ended)
		telling.Wait()
		if err := r.conclude(context.WithoutCancel(ctx), id, p, result, took, err); err != nil {
			r.log.WarnContext(ctx, "simulation", "id", id, "error", err)
		}
	})
}

// pulse is how far a run is.
type pulse struct{ done, total atomic.Int64 }

// errTaken says that the run is no longer this node's to work on.
var errTaken = errors.New("the run was cancelled")

// tell writes down how far a run is, and ends it when it was cancelled.
func (r *Runner) tell(ctx context.Context, cancel context.CancelCauseFunc, id kernel.ID, p *pulse, ended <-chan struct{}) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := database.Run(ctx, r.db, "simulation.beat", func(tx *database.Tx) error {
			return database.Guard(tx, errTaken, "UPDATE simulations SET done = ?, total = ?, beat_at = ? WHERE id = ? AND state = ? AND owner = ?", p.done.Load(), p.total.Load(), tx.Now, id, Running, r.node)
		})
		switch {
		case errors.Is(err, errTaken):
			cancel(errTaken)
			return
		case err != nil && ctx.Err() == nil:
			r.log.WarnContext(ctx, "simulation", "id", id, "error", err) // the next beat tells
		}
	}
}

func (r *Runner) work(ctx context.Context, id kernel.ID, p *pulse) (result *Result, took time.Duration, err error) {
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("simulation: %v", why)
		}
	}()
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, 0, context.Cause(ctx)
	}
	began := time.Now() //nolint:forbidigo // measures how long it takes
	var run Run
	if err := r.db.Read(ctx).Where("id = ?", id).Take(&run).Error; err != nil {
		return nil, 0, err
	}
	var a asked
	if err := json.Unmarshal([]byte(run.Question), &a); err != nil {
		return nil, 0, fmt.Errorf("simulation %s: %w", id, err)
	}
	result, err = r.reckon(ctx, run.PolicyCode, a, p)
	return result, time.Since(began), err //nolint:forbidigo // see above
}

func (r *Runner) reckon(ctx context.Context, code string, a asked, p *pulse) (*Result, error) {
	sources, first, err := r.sources(ctx, code, a, p)
	if err != nil {
		return nil, err
	}
	lanes, err := lanesFor(a, first)
	if err != nil {
		return nil, err
	}
	sum, err := replay(ctx, lanes, sources, func(n int) { p.done.Add(int64(n)) })
	if err != nil {
		return nil, err
	}
	money, err := r.budget(ctx, code, a.Document)
	if err != nil {
		return nil, err
	}
	result := sum.conclude(money)
	if a.Vary != nil {
		result.Sensitivity = &Sensitivity{Path: a.Vary.Path, Points: sum.points}
		for i, value := range a.Vary.Values {
			result.Sensitivity.Points[i].Value = value
		}
	}
	return &result, r.name(ctx, result.Winners.Top, result.Losers.Top)
}

// sources are the claims asked for, and the day of the first past one.
func (r *Runner) sources(ctx context.Context, code string, a asked, p *pulse) (all []source, first kernel.Date, err error) {
	if a.Claims != nil {
		own := &past{db: r.db, code: code, span: *a.Claims}
		if a.Before == nil {
			own.code = "" // a new policy has no claims of its own: those of the city stand in
		}
		n, err := own.count(ctx)
		if err != nil {
			return nil, "", err
		}
		if first, err = own.first(ctx); err != nil {
			return nil, "", err
		}
		p.total.Add(n)
		all = append(all, own)
	}
	if a.Synthetic != nil {
		from := a.Document.HoldsFrom()
		if from == "" {
			from = kernel.DayOf(r.db.Clock().Now())[:4] + "-01-01"
		}
		p.total.Add(int64(a.Synthetic.Count))
		all = append(all, newSynthetic(a.Synthetic.Count, uint64(a.Synthetic.Seed), from))
	}
	return all, first, nil
}

// lanesFor are the draft, what is in force, and the variants of the draft.
func lanesFor(a asked, first kernel.Date) ([]lane, error) {
	docs := []rules.Document{a.Document}
	if a.Vary != nil {
		for _, value := range a.Vary.Values {
			doc, err := vary(a.Document, a.Vary.Path, value)
			if err != nil {
				return nil, err
			}
			docs = append(docs, doc)
		}
	}
	lanes := make([]lane, 0, len(docs)+1)
	for i, doc := range docs {
		l, err := newLane(doc)
		if err != nil {
			return nil, err
		}
		l.years = yearsUntil(first, a.Document.HoldsFrom())
		if lanes = append(lanes, l); i > 0 {
			continue
		}
		before := lane{}
		if a.Before != nil {
			if before, err = newLane(*a.Before); err != nil {
				return nil, err
			}
			before.years = yearsUntil(first, a.Before.HoldsFrom())
		}
		lanes = append(lanes, before)
	}
	return lanes, nil
}

// budget is what has been appropriated for the policy, or else what it plans.
func (r *Runner) budget(ctx context.Context, code string, doc rules.Document) (kernel.Fen, error) {
	meters, err := budget.Meter(ctx, r.db, code)
	var sum kernel.Fen
	for _, m := range meters[code] {
		if m.Current {
			sum += m.Amount
		}
	}
	if sum == 0 && doc.Budget != nil {
		sum = doc.Budget.Total
	}
	return sum, err
}

// name gives the firms of past claims their names.
func (r *Runner) name(ctx context.Context, lists ...[]Moved) error {
	var ids []kernel.ID
	for _, list := range lists {
		for _, m := range list {
			if m.Name == "" {
				ids = append(ids, kernel.ID(m.firm))
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	firms, err := r.registry.Firms(ctx, ids...)
	for _, list := range lists {
		for i := range list {
			if list[i].Name == "" {
				list[i].Name = firms[kernel.ID(list[i].firm)].Name
			}
		}
	}
	return err
}

// conclude writes the end of a run down, unless it was cancelled meanwhile.
func (r *Runner) conclude(ctx context.Context, id kernel.ID, p *pulse, result *Result, took time.Duration, failed error) error {
	if errors.Is(failed, errTaken) {
		return nil
	}
	set := map[string]any{"state": Done, "done": p.done.Load(), "total": p.total.Load(), "elapsed_ms": took.Milliseconds()}
	switch {
	case failed != nil && r.ctx.Err() != nil:
		set["state"], set["failure"] = Failed, "simulation.interrupted"
	case failed != nil:
		r.log.WarnContext(ctx, "simulation failed", "id", id, "error", failed)
		set["state"], set["failure"] = Failed, "simulation.failed"
	default:
		text, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("result: %w", err)
		}
		set["result"] = string(text)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return database.Run(ctx, r.db, "simulation.conclude", func(tx *database.Tx) error {
		set["beat_at"] = tx.Now
		return database.Change(tx, "simulations", set, "id = ? AND state = ? AND owner = ?", []any{id, Running, r.node}, nil)
	})
}
