package workers

import (
	"context"
	"time"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/queue"
)

// sealing is how often the sealer looks for entries that are not chained yet.
const sealing = 3 * time.Second

// Task is a kind of message and the use case that answers it.
type Task struct {
	Kind string
	Do   queue.Handler
}

// Duty is work that recurs: once in each interval on one of the nodes.
type Duty struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Shift is the background part of a process.
type Shift struct{ runtime *queue.Runtime }

// New takes on a runtime that has not been started. The sealer of the record is
// bound already; all else is bound before Start.
func New(db *database.DB, runtime *queue.Runtime) *Shift {
	s := &Shift{runtime: runtime}
	s.Duties(Duty{Name: "audit.seal", Every: sealing, Do: func(ctx context.Context) error {
		_, err := audit.Seal(ctx, db)
		return err
	}})
	return s
}

// Tasks binds tasks; a kind is bound once.
func (s *Shift) Tasks(tasks ...Task) {
	for _, t := range tasks {
		s.runtime.Handle(t.Kind, t.Do)
	}
}

// Duties binds duties; a name is bound once.
func (s *Shift) Duties(duties ...Duty) {
	for _, d := range duties {
		s.runtime.Every(d.Name, d.Every, d.Do)
	}
}

// Start begins to work; ctx bounds the start only.
func (s *Shift) Start(ctx context.Context) error { return s.runtime.Start(ctx) }

// Pause takes on nothing new.
func (s *Shift) Pause() { s.runtime.Pause() }

// Stop ends or hands back what is under way. The database may be closed then.
func (s *Shift) Stop(ctx context.Context) error { return s.runtime.Stop(ctx) }

// CatchUp does everything that is due, here and now and without Redis: the
// duties, then the messages, and what those lead to. It is for loading a demo
// city and for tests that move the clock.
func (s *Shift) CatchUp(ctx context.Context) error {
	if err := s.runtime.RunDue(ctx); err != nil {
		return err
	}
	return s.runtime.Drain(ctx)
}
