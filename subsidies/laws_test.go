package subsidies_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

const (
	commands = 2000
	hands    = 16
	deals    = 60
)

// seedVariable sets the seed, to play a run again.
const seedVariable = "YUNHUI_TEST_SEED"

func seed(t *testing.T) uint64 {
	t.Helper()
	s := uint64(20261123)
	if text := os.Getenv(seedVariable); text != "" {
		var err error
		s, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("%s=%d", seedVariable, s)
	return s
}

// TestTwoThousandConcurrentCommands lets sixteen hands do whatever comes to their
// minds to sixty agreements and their claims: in any order, at the same time,
// repeated, under the same idempotency key, by people who may and people who may
// not, while messages are delivered again and again and days pass. Whatever they
// did, the laws hold.
func TestTwoThousandConcurrentCommands(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		first := seed(t)
		w := newWorld(t, db, clock)
		var wg sync.WaitGroup
		var next atomic.Int64
		look := make(chan int64, 4)
		for hand := range hands {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(first, uint64(hand)))
				for n := next.Add(1); n <= commands; n = next.Add(1) {
					if n%(commands/4) == 0 {
						look <- n
					}
					w.one(r, n)
				}
			})
		}
		var watching sync.WaitGroup
		watching.Go(func() {
			for n := range look {
				w.inspect(n)
			}
		})
		wg.Wait()
		close(look)
		watching.Wait()
		w.settle(t)
		require.Empty(t, w.wrong, "errors that nobody outside should see")
		t.Logf("answers: %v", w.answers)
		t.Logf("claims: %v", w.states(t, "claims"))
		t.Logf("agreements: %v", w.states(t, "agreements"))
		t.Logf("clawbacks: %v", w.states(t, "clawbacks"))
		require.Empty(t, breaches(t, w.city))
		for _, code := range []string{"ok", "stale", "four_eyes", "forbidden", "not_found", "state.act", "invalid_input"} {
			require.Positive(t, w.answers[code], "the play never met %q", code)
		}
		states := w.states(t, "claims")
		require.Positive(t, states["paid"])
		require.Positive(t, states["refused"]+states["withdrawn"])
		back := w.states(t, "clawbacks")
		require.Positive(t, back["closed"]+back["ordered"])
		require.Positive(t, w.city.Count(t, "clawback_entries", "state = 'booked'"), "nothing ever came back")
		require.Positive(t, w.city.Count(t, "steps", "act = 'wait'"), "the money was short")
		require.Positive(t, w.city.Count(t, "steps", "act = 'promote'"), "and what was freed went to those who waited")
	})
}

// world is a city that many people act on at once.
type world struct {
	city    *subsidiestest.City
	runtime *queue.Runtime
	policy  string
	drafts  []agreements.Draft
	buyers  []kernel.ID

	mu      sync.Mutex
	answers map[string]int
	wrong   []string
}

func newWorld(t *testing.T, db *database.DB, clock *kernel.ManualClock) *world {
	t.Helper()
	w := &world{city: subsidiestest.New(t, db, clock), policy: "fought-for", answers: map[string]int{}}
	doc := subsidiestest.Document(t, w.policy)
	require.NoError(t, run(db, func(tx *database.Tx) error {
		if err := gazette.Publish(tx, doc); err != nil {
			return err
		}
		for scope, amount := range map[string]kernel.Fen{budget.City: 8_000_000, subsidiestest.District: 3_000_000, subsidiestest.OtherDistrict: 4_000_000} {
			if err := budget.Appropriate(tx, "test", doc.Code, scope, amount); err != nil { // for about forty of the sixty
				return err
			}
		}
		return nil
	}))
	clock.Advance(3 * time.Second)
	for n := range deals {
		d := subsidiestest.Deal{Policy: w.policy, Price: kernel.Fen(900_000 + 10_007*n)}
		if n%2 == 1 {
			d.District, d.Provider = subsidiestest.OtherDistrict, subsidiestest.OtherProvider
		}
		if n >= deals/2 { // every firm buys twice
			firms, err := w.city.Registry.Firms(t.Context(), w.buyers[n-deals/2])
			require.NoError(t, err)
			d.Firm = firms[w.buyers[n-deals/2]]
		}
		deal, draft := w.city.Listing(d)
		w.drafts, w.buyers = append(w.drafts, draft), append(w.buyers, deal.Firm.ID)
	}
	w.runtime = queue.New(db, queue.Options{})
	w.city.Payments.Stride = 2
	w.runtime.Handle(payments.Work, w.city.Payments.Deliver)
	w.runtime.Handle(claims.Check, func(tx *database.Tx, d queue.Delivery) error {
		var e claims.Event
		if err := d.Into(&e); err != nil {
			return err
		}
		return w.city.Claims.RunChecks(tx.Context(), tx, d.Subject, e.Round)
	})
	w.runtime.Handle(agreements.Follow, func(tx *database.Tx, d queue.Delivery) error {
		var e agreements.Freed
		if err := d.Into(&e); err != nil {
			return err
		}
		_, err := w.city.Agreements.Follow(tx, e.Policy)
		return err
	})
	for _, kind := range []string{claims.Changed, agreements.Changed, clawbacks.Changed, clawbacks.Overdue} {
		w.runtime.Handle(kind, func(*database.Tx, queue.Delivery) error { return nil })
	}
	return w
}

// inspect verifies the city while it works: at every moment the laws hold.
func (w *world) inspect(n int64) {
	if _, err := audit.Seal(context.Background(), w.city.DB); err != nil {
		w.wrongly(n, err)
	}
	found, err := verify(context.Background(), w.city)
	if err != nil {
		w.wrongly(n, err)
	}
	for _, b := range found {
		w.wrongly(n, fmt.Errorf("%s: %s: %s", b.Law, b.Object, b.Detail))
	}
}

// act is a command that somebody thought of.
type act func(ctx context.Context) (any, error)

// one thinks of a command and gives it, perhaps several times at once.
func (w *world) one(r *rand.Rand, n int64) {
	who, do := w.think(r)
	if do == nil {
		return
	}
	call := kernel.Call{Actor: who, Address: "192.0.2.1", RequestID: fmt.Sprint("r", n)}
	if r.IntN(3) == 0 {
		call.IdempotencyKey, call.Fingerprint = fmt.Sprint("key-", n), fmt.Sprint("print-", n)
	}
	times := 1
	if r.IntN(4) == 0 {
		times = 2 + r.IntN(2)
	}
	results := make([]string, times)
	var wg sync.WaitGroup
	for i := range times {
		wg.Go(func() {
			result, err := do(kernel.WithCall(context.Background(), call))
			w.note(n, err)
			if err == nil {
				told, _ := json.Marshal(result)
				results[i] = string(told)
			}
		})
	}
	wg.Wait()
	if call.IdempotencyKey == "" {
		return
	}
	results = slices.DeleteFunc(results, func(s string) bool { return s == "" || s == "null" })
	if slices.Sort(results); len(slices.Compact(results)) > 1 {
		w.wrongly(n, errors.New("one key, several answers"))
	}
}

func (w *world) note(n int64, err error) {
	code := "ok"
	if err != nil {
		e := kernel.AsError(err)
		if e == nil {
			w.wrongly(n, err)
			return
		}
		code = e.Code
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[code]++
}

func (w *world) wrongly(n int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.wrong) < 20 {
		w.wrong = append(w.wrong, fmt.Sprintf("command %d: %v", n, err))
	}
}

// settle lets the night shift finish what is under way, and seals the record.
func (w *world) settle(t *testing.T) {
	t.Helper()
	for range 6 {
		w.city.Clock.Advance(2 * time.Hour) // past every pause before a repetition
		require.NoError(t, w.runtime.Drain(context.Background()))
	}
	backlog, err := queue.ReadBacklog(t.Context(), w.city.DB)
	require.NoError(t, err)
	require.Zero(t, backlog.Open, "nothing waits")
	require.Zero(t, backlog.Dead, "nothing was given up")
	require.Zero(t, w.city.Count(t, "claims", "state = 'submitted'"), "every submission was checked")
	_, err = audit.Seal(t.Context(), w.city.DB)
	require.NoError(t, err)
}

func (w *world) states(t *testing.T, table string) map[string]int64 {
	t.Helper()
	var rows []struct {
		State string
		N     int64
	}
	require.NoError(t, w.city.DB.Read(t.Context()).Table(table).Select("state, COUNT(*) AS n").Group("state").Scan(&rows).Error)
	out := map[string]int64{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return maps.Clone(out)
}
