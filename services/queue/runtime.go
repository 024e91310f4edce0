package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Options set up a Runtime. Zero values are good.
type Options struct {
	Redis      string        // redis://, rediss:// or redis-sentinel://; empty: embedded
	Name       string        // queue in Redis; default "yunhui"
	Workers    int           // handlers at the same time; default 8
	Poll       time.Duration // how often the outbox is looked at; default 200 ms
	Redelivery time.Duration // how long a delivery may take before the next; default 60 s
	Log        *slog.Logger  // default: discard
}

// limit is how many deliveries a row gets before it is given up.
const limit = 20

// Runtime moves work: it relays the outbox to Redis, handles what comes back,
// and runs the recurring duties. Several runtimes may share one database, with
// one Redis or each with its own.
type Runtime struct {
	db       *database.DB
	o        Options
	node     string // unique to this process and start
	handlers map[string]Handler
	duties   []*duty
	meter    *meter
	rounds   atomic.Int64

	mu      sync.Mutex
	bus     *bus
	loops   sync.WaitGroup // relay and duties
	handles sync.WaitGroup // handlers, which may outlive asynq's patience
	pause   context.CancelFunc
	abandon context.CancelFunc
}

// New makes a runtime that is at rest. Handlers and duties are named before Start.
func New(db *database.DB, o Options) *Runtime {
	if o.Name == "" {
		o.Name = "yunhui"
	}
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.Poll <= 0 {
		o.Poll = 200 * time.Millisecond
	}
	if o.Redelivery <= 0 {
		o.Redelivery = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Runtime{db: db, o: o, node: nodeName(), handlers: map[string]Handler{}}
	r.meter = newMeter(r)
	r.Every("queue.sweep", time.Hour, r.sweep)
	return r
}

// nodeName tells this start of this process from all others. It leaves room in
// an owner's column for the number of a round.
func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return host[:min(len(host), 24)] + "/" + rand.Text()
}

// nextOwner names one act of taking; no two are alike.
func (r *Runtime) nextOwner() string { return fmt.Sprintf("%s/%d", r.node, r.rounds.Add(1)) }

// asSystem leaves the caller's identity and idempotency key behind.
func asSystem(ctx context.Context) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
}

// Start connects and begins to work. ctx bounds the start only: work goes on
// until Stop.
func (r *Runtime) Start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bus != nil {
		return errors.New("the queue has been started already")
	}
	working, abandon := context.WithCancel(asSystem(context.WithoutCancel(ctx)))
	b, err := connect(ctx, working, r.o)
	if err != nil {
		abandon()
		return fmt.Errorf("queue: %w", err)
	}
	if err := b.serve(r.process); err != nil {
		abandon()
		return errors.Join(fmt.Errorf("queue: %w", err), b.close())
	}
	r.bus, r.abandon = b, abandon
	looping, pause := context.WithCancel(working)
	r.pause = pause
	r.loops.Go(func() { r.relayLoop(looping) })
	r.loops.Go(func() { r.dutyLoop(looping) })
	return nil
}

// Pause takes no more rows from the outbox and lets go of the duties; what is
// in Redis is still handled. It is the first step of a shutdown.
func (r *Runtime) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bus != nil {
		r.pause()
		r.loops.Wait()
	}
}

// Stop finishes or hands back what is under way, waits until no handler runs,
// and disconnects. The database may be closed afterwards. Stop is idempotent.
func (r *Runtime) Stop(ctx context.Context) error {
	r.Pause()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bus == nil {
		return nil
	}
	r.bus.shutdown()
	r.abandon()
	r.handles.Wait()
	err := r.bus.close()
	if r.bus.embedded != nil {
		err = errors.Join(err, r.reopen(ctx, "owner LIKE ?", r.node+"/%"))
	}
	r.bus = nil
	return err
}

// Ping checks that Redis answers.
func (r *Runtime) Ping(ctx context.Context) error {
	r.mu.Lock()
	b := r.bus
	r.mu.Unlock()
	if b == nil {
		return errors.New("the queue is not running")
	}
	_, err := b.waiting(ctx)
	return err
}
