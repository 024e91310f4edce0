package budget_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
)

const district = "500103"

type books struct {
	db     *database.DB
	policy string
}

func (b books) do(act func(tx *database.Tx) error) error {
	ctx := kernel.WithCall(context.Background(), kernel.Call{Actor: kernel.System()})
	return database.Run(ctx, b.db, "test.budget", act)
}

func (b books) vote(t require.TestingT, scope string, amount kernel.Fen, act string) {
	require.NoError(t, b.do(func(tx *database.Tx) error { return budget.Appropriate(tx, act, b.policy, scope, amount) }))
}

func (b books) of(id kernel.ID) budget.Subject {
	return budget.Subject{ID: id, Policy: b.policy, District: district}
}

func (b books) reserve(id kernel.ID, p budget.Portion) error {
	return b.do(func(tx *database.Tx) error { return budget.Reserve(tx, b.of(id), p) })
}

func (b books) release(id kernel.ID, p budget.Portion) error {
	return b.do(func(tx *database.Tx) error { return budget.Release(tx, "lapse", b.of(id), p) })
}

func (b books) award(id kernel.ID, reserved budget.Portion, l subsidies.Legs) error {
	return b.do(func(tx *database.Tx) error { return budget.Award(tx, b.of(id), reserved, l) })
}

func (b books) pay(id kernel.ID, p budget.Portion) error {
	return b.do(func(tx *database.Tx) error { return budget.Pay(tx, b.of(id), p) })
}

func (b books) row(t require.TestingT, scope string) budget.Appropriation {
	all, err := budget.Meter(context.Background(), b.db, b.policy)
	require.NoError(t, err)
	for _, r := range all[b.policy] {
		if r.Scope == scope {
			return r
		}
	}
	return budget.Appropriation{}
}

func (b books) posted(t require.TestingT, scope string, account budget.Account) kernel.Fen {
	var sum kernel.Fen
	require.NoError(t, b.db.Read(context.Background()).Raw("SELECT COALESCE(SUM(amount_fen), 0) FROM postings WHERE policy_code = ? AND scope = ? AND account = ?", b.policy, scope, account).Scan(&sum).Error)
	return sum
}

// reconcile compares the maintained totals with the postings they stand for.
func (b books) reconcile(t require.TestingT) {
	for _, scope := range []string{budget.City, district} {
		r := b.row(t, scope)
		require.GreaterOrEqual(t, r.Free(), kernel.Fen(0), "%s is overspent", scope)
		for account, kept := range map[budget.Account]kernel.Fen{budget.Available: r.Free(), budget.Reserved: r.Reserved, budget.Awarded: r.Awarded, budget.Paid: r.Paid, budget.Appropriated: -r.Amount} {
			require.Equal(t, kept, b.posted(t, scope, account), "%s of %s", account, scope)
		}
	}
}

// legsOf makes the legs of an award of a public portion.
func legsOf(p budget.Portion) subsidies.Legs {
	return subsidies.Legs{ListPrice: p.Total()*3 + 7, ProviderDiscount: 7, Subsidy: p.Total(), Municipal: p.Municipal, District: p.District, EnterpriseShare: p.Total() * 2}
}

// entry is a subject in the model of the books.
type entry struct {
	id    kernel.ID
	p     budget.Portion
	state string // reserved, awarded, paid, released
}

// TestTheBooksFollowTheirModel drives random movements, possible or not, and
// compares every answer and every total with a model in memory.
func TestTheBooksFollowTheirModel(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		var runs atomic.Int64
		rapid.Check(t, func(t *rapid.T) {
			b := books{db, fmt.Sprintf("policy-%d", runs.Add(1))}
			amount := map[string]kernel.Fen{budget.City: 1000, district: 600}
			for scope, voted := range amount {
				b.vote(t, scope, voted, "first")
			}
			used := func(scope string, all []*entry) kernel.Fen {
				var sum kernel.Fen
				for _, e := range all {
					if e.state == "released" {
						continue
					}
					sum += map[bool]kernel.Fen{true: e.p.Municipal, false: e.p.District}[scope == budget.City]
				}
				return sum
			}
			var all []*entry
			for n := range rapid.IntRange(1, 12).Draw(t, "movements") {
				draw := func(most int64, label string) kernel.Fen { return kernel.Fen(rapid.Int64Range(0, most).Draw(t, label)) }
				var chosen *entry
				if len(all) > 0 {
					chosen = all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
				}
				switch act := rapid.SampledFrom([]string{"reserve", "reserve", "release", "award", "pay", "again", "supplement"}).Draw(t, "act"); {
				case act == "reserve":
					e := &entry{id: kernel.ID(fmt.Sprintf("%s-%d", b.policy, n)), p: budget.Portion{Municipal: draw(500, "municipal"), District: draw(400, "district")}, state: "reserved"}
					err := b.reserve(e.id, e.p)
					if used(budget.City, all)+e.p.Municipal <= amount[budget.City] && used(district, all)+e.p.District <= amount[district] {
						require.NoError(t, err)
						all = append(all, e)
					} else {
						require.True(t, kernel.IsCode(err, "budget.exhausted"), "%v", err)
					}
				case act == "supplement":
					b.vote(t, budget.City, 100, fmt.Sprint(n))
					amount[budget.City] += 100
				case chosen == nil:
				case act == "again":
					require.Error(t, b.reserve(chosen.id, budget.Portion{Municipal: 1}), "a subject reserves once")
				case act == "release" && chosen.state == "reserved":
					require.NoError(t, b.release(chosen.id, chosen.p))
					chosen.state = "released"
				case act == "award" && chosen.state == "reserved":
					owed := budget.Portion{Municipal: draw(int64(chosen.p.Municipal), "owed by the city"), District: draw(int64(chosen.p.District), "owed by the district")}
					require.NoError(t, b.award(chosen.id, chosen.p, legsOf(owed)))
					chosen.p, chosen.state = owed, "awarded"
				case act == "pay" && chosen.state == "awarded":
					require.NoError(t, b.pay(chosen.id, chosen.p))
					chosen.state = "paid"
				case act == "release" && chosen.state == "released", act == "award" && chosen.state != "released", act == "pay" && chosen.state == "paid":
					err := map[string]func() error{
						"release": func() error { return b.release(chosen.id, chosen.p) },
						"award":   func() error { return b.award(chosen.id, chosen.p, legsOf(chosen.p)) },
						"pay":     func() error { return b.pay(chosen.id, chosen.p) },
					}[act]()
					require.Error(t, err, "%s of what is %s", act, chosen.state)
				}
			}
			b.reconcile(t)
		})
		found, err := budget.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}

// TestConcurrentMovementsNeverOverspend: sixteen hands at two appropriations.
func TestConcurrentMovementsNeverOverspend(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		b := books{db, "hot"}
		b.vote(t, budget.City, 10_000, "first")
		b.vote(t, district, 7_000, "first")
		var reserved, refused atomic.Int64
		var wg sync.WaitGroup
		for hand := range 16 {
			wg.Go(func() {
				for n := range 12 {
					id, p := kernel.ID(fmt.Sprintf("s-%d-%d", hand, n)), budget.Portion{Municipal: kernel.Fen(100 + 7*n), District: kernel.Fen(60 + hand)}
					if err := b.reserve(id, p); err != nil {
						if !kernel.IsCode(err, "budget.exhausted") {
							t.Errorf("reserve: %v", err)
						}
						refused.Add(1)
						continue
					}
					reserved.Add(1)
					var err error
					switch (hand + n) % 4 {
					case 0:
						err = b.release(id, p)
					case 1:
						err = b.award(id, p, legsOf(budget.Portion{Municipal: p.Municipal / 2, District: p.District}))
					case 2:
						if err = b.award(id, p, legsOf(p)); err == nil {
							err = b.pay(id, p)
						}
					}
					if err != nil {
						t.Errorf("after a reservation: %v", err)
					}
				}
			})
		}
		wg.Wait()
		require.Positive(t, refused.Load(), "the money was fought for")
		require.Positive(t, reserved.Load())
		b.reconcile(t)
		found, err := budget.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}

func TestACeilingHoldsUnderAnyOrderAndGivesBack(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		b := books{db, "capped"}
		ceiling := func(subject string, limit kernel.Fen) budget.Ceiling {
			return budget.Ceiling{PolicyCode: "capped", Kind: budget.EnterpriseYear, Subject: subject, Period: "2026", Limit: limit}
		}
		take := func(c budget.Ceiling, amount kernel.Fen) error {
			return b.do(func(tx *database.Tx) error { return budget.Draw(tx, c, amount) })
		}
		drawn := func(c budget.Ceiling) kernel.Fen {
			n, err := budget.Drawn(db.Read(context.Background()), c)
			require.NoError(t, err)
			return n
		}
		t.Run("by its model", func(t *testing.T) {
			var runs atomic.Int64
			rapid.Check(t, func(t *rapid.T) {
				c := ceiling(fmt.Sprintf("firm-%d", runs.Add(1)), 100)
				var used kernel.Fen
				for range rapid.IntRange(1, 10).Draw(t, "draws") {
					amount := kernel.Fen(rapid.Int64Range(-60, 60).Draw(t, "amount"))
					fits := used+amount >= 0 && (amount <= 0 || used+amount <= 100)
					err := take(c, amount)
					if !fits {
						require.True(t, kernel.IsCode(err, "ceiling.reached"), "%d on %d: %v", amount, used, err)
						continue
					}
					require.NoError(t, err, "%d on %d", amount, used)
					used += amount
				}
				require.Equal(t, used, drawn(c))
			})
		})
		t.Run("under concurrency", func(t *testing.T) {
			c := ceiling("one", 100)
			var ok atomic.Int64
			var wg sync.WaitGroup
			for range 24 {
				wg.Go(func() {
					switch err := take(c, 9); {
					case err == nil:
						ok.Add(1)
					case !kernel.IsCode(err, "ceiling.reached"):
						t.Errorf("%v", err)
					}
				})
			}
			wg.Wait()
			require.EqualValues(t, 11, ok.Load())
			require.EqualValues(t, 99, drawn(c))
		})
		t.Run("lowered by a later version of the policy", func(t *testing.T) {
			require.NoError(t, take(ceiling("two", 50), 50), "under the new version")
			require.NoError(t, take(ceiling("two", 200), 150), "under the old one")
			require.NoError(t, take(ceiling("two", 50), -50), "what the new one granted comes back")
			found, err := budget.Verify(t.Context(), db)
			require.NoError(t, err)
			require.Empty(t, found, "a lower limit binds what is drawn under it, not what was drawn before")
			require.True(t, kernel.IsCode(take(ceiling("two", 50), 1), "ceiling.reached"))
		})
		t.Run("without a limit it counts", func(t *testing.T) {
			require.NoError(t, take(ceiling("three", 0), kernel.MaxFen))
			require.True(t, kernel.IsCode(take(ceiling("three", 0), 1), "ceiling.reached"))
		})
	})
}

func TestMoneyIsVotedOnceAnAct(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		b := books{db, "voted"}
		vote := func(act string, amount kernel.Fen) error {
			return b.do(func(tx *database.Tx) error { return budget.Appropriate(tx, act, "voted", budget.City, amount) })
		}
		for _, bad := range []kernel.Fen{0, -1, kernel.MaxFen + 1} {
			require.True(t, kernel.IsCode(vote("bad", bad), "budget.amount"))
		}
		require.Zero(t, b.row(t, budget.City).Amount)
		var ok atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if vote("2026", 100) == nil {
					ok.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, ok.Load())
		require.NoError(t, vote("supplement", 50))
		require.EqualValues(t, 150, b.row(t, budget.City).Amount)
		require.EqualValues(t, -150, b.posted(t, budget.City, budget.Appropriated))
		require.Error(t, b.reserve("x", budget.Portion{District: 1}), "a district that voted nothing has nothing")
	})
}

func TestAnAwardBeyondTheLawsIsNotBooked(t *testing.T) {
	t.Parallel()
	db, _ := databasetest.SQLite(t)
	b := books{db, "p"}
	b.vote(t, budget.City, 1000, "first")
	b.vote(t, district, 1000, "first")
	reserved := budget.Portion{Municipal: 60, District: 40}
	require.NoError(t, b.reserve("a", reserved))
	good := legsOf(reserved)
	for name, spoil := range map[string]func(*subsidies.Legs){
		"legs that do not add up": func(l *subsidies.Legs) { l.EnterpriseShare++ },
		"levels that do not":      func(l *subsidies.Legs) { l.Municipal++ },
		"a negative leg":          func(l *subsidies.Legs) { l.ProviderDiscount, l.EnterpriseShare = -7, l.EnterpriseShare+14 },
	} {
		l := good
		spoil(&l)
		require.Error(t, b.award("a", reserved, l), name)
	}
	b.reconcile(t)
	require.EqualValues(t, 60, b.row(t, budget.City).Reserved)
	require.NoError(t, b.award("a", reserved, good))
}
