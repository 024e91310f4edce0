package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
)

// decisions measures the award of claims whose notice has passed: each one is
// one transaction of the real use case, with the guarded budgets of the city and
// of the district, the three legs in the ledger, the states, the steps, the
// audit entries and the message. First the claims spread over many budgets,
// then all of them meet on one.
func decisions(ctx context.Context, o Options, r *Report) (err error) {
	clock := kernel.NewManualClock(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	watch := &retries{}
	s, err := openStore(ctx, o, clock, watch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	r.Machine.Database = s.engine()
	c := newCity(s, clock)
	codes := make([]string, o.Budgets)
	for i := range codes {
		codes[i] = fmt.Sprintf("bench-%d", i+1)
	}
	o.say("  %d claims on public notice", 2*o.Decisions)
	spread, err := c.noticed(ctx, codes, o.Decisions)
	if err != nil {
		return err
	}
	hot, err := c.noticed(ctx, []string{"bench-hot"}, o.Decisions)
	if err != nil {
		return err
	}
	clock.Advance(20 * 24 * time.Hour)
	limit, err := newBareStore(ctx, s, o)
	if err != nil {
		return err
	}
	for _, reading := range []struct {
		name    string
		ids     []kernel.ID
		budgets int
	}{
		{fmt.Sprintf("decisions, %d budgets", o.Budgets), spread, o.Budgets},
		{"decisions, one hot budget", hot, 1},
	} {
		if err := c.race(ctx, o, r, watch, limit, reading.name, reading.ids, reading.budgets); err != nil {
			return err
		}
	}
	return c.verify(ctx, o, r, 2*o.Decisions)
}

// race measures one reading, round by round with its bare limit.
func (c *city) race(ctx context.Context, o Options, r *Report, watch *retries, limit *bareStore, name string, ids []kernel.ID, budgets int) error {
	var bare, house sample
	tried, cost := watch.n.Load(), newProcessor(ctx, c.store)
	for round := range o.Rounds {
		from, to := round*len(ids)/o.Rounds, (round+1)*len(ids)/o.Rounds
		some := ids[from:to]
		o.say("  %s, round %d", name, round+1)
		bare.add(drive(ctx, cost, repeated(o.Connections, func(ctx context.Context, n int) error { return limit.decide(ctx, n%budgets) }), counting(len(some))))
		house.add(drive(ctx, cost, repeated(o.Connections, func(ctx context.Context, n int) error { return c.award(ctx, some[n]) }), counting(len(some))))
	}
	ours := house.measure(name)
	ours.Retries = int(watch.n.Load() - tried)
	r.add(bare.measure("bare transactions of "+name), ours)
	return ctx.Err()
}

// award is the use case as the worker runs it.
func (c *city) award(ctx context.Context, id kernel.ID) error {
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	done, err := database.Do(ctx, c.store.DB, "notice.award", func(tx *database.Tx) (bool, error) { return c.notices.Award(tx, id) })
	if err == nil && !done {
		err = fmt.Errorf("claim %s was left alone", id)
	}
	return err
}

// noticed puts n claims on public notice, spread evenly over policies.
func (c *city) noticed(ctx context.Context, codes []string, n int) ([]kernel.ID, error) {
	moulds := make([]mould, len(codes))
	for i, code := range codes {
		if err := c.legislate(ctx, code); err != nil {
			return nil, err
		}
		c.clock.Advance(3 * time.Second) // the library may be as old as its freshness
		claim, err := c.notice(ctx, code)
		if err != nil {
			return nil, err
		}
		if moulds[i], err = c.mould(ctx, claim); err != nil {
			return nil, err
		}
	}
	ids := make([]kernel.ID, 0, n)
	for _, m := range moulds {
		ids = append(ids, m.claim.ID)
	}
	const together = 100
	for len(ids) < n {
		more, err := c.cast(ctx, moulds, len(ids), min(together, n-len(ids)))
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids[:n], nil
}

// cast adds claims to the store and raises the meters of their budgets.
func (c *city) cast(ctx context.Context, moulds []mould, from, n int) ([]kernel.ID, error) {
	pool, err := c.store.Writer()
	if err != nil {
		return nil, err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	sheets := map[string]*sheet{}
	ids := make([]kernel.ID, n)
	now := c.clock.Now()
	for i := range ids {
		m := moulds[(from+i)%len(moulds)]
		ids[i] = m.cast(sheets, now, int(c.serial.Add(1)))
		for scope, amount := range map[string]kernel.Fen{budget.City: m.agreement.Legs.Municipal, m.claim.District: m.agreement.Legs.District} {
			if _, err := tx.ExecContext(ctx, "UPDATE appropriations SET reserved_fen = reserved_fen + ? WHERE policy_code = ? AND scope = ?", int64(amount), m.claim.PolicyCode, scope); err != nil {
				return nil, err
			}
		}
	}
	for _, s := range sheets {
		if err := s.flush(ctx, tx); err != nil {
			return nil, err
		}
	}
	return ids, tx.Commit()
}

// verify holds what was written against the laws.
func (c *city) verify(ctx context.Context, o Options, r *Report, awarded int) error {
	o.say("  verifying")
	var n int64
	if err := c.store.Read(ctx).Model(&subsidies.Claim{}).Where("state = ?", subsidies.ClaimApproved).Count(&n).Error; err != nil {
		return err
	}
	if n != int64(awarded) {
		return fmt.Errorf("%d claims were to be awarded, %d are", awarded, n)
	}
	for _, check := range []func() ([]kernel.Breach, error){
		func() ([]kernel.Breach, error) { return budget.Verify(ctx, c.store.DB) },
		func() ([]kernel.Breach, error) { return claims.Verify(ctx, c.store.DB, c.policies) },
	} {
		breaches, err := check()
		if err != nil {
			return err
		}
		if len(breaches) > 0 {
			b := breaches[0]
			return fmt.Errorf("%d breaches of the laws, the first: %s: %s: %s", len(breaches), b.Law, b.Object, b.Detail)
		}
	}
	r.Checks = append(r.Checks, fmt.Sprintf("verified: %d claims awarded, ledger, budgets and claims keep the laws", awarded))
	return nil
}

// retries counts the attempts that a transaction took beyond the first.
type retries struct{ n atomic.Int64 }

func (r *retries) Transaction(_ string, attempts int, _ time.Duration, _ error) {
	r.n.Add(int64(attempts - 1))
}

func repeated(n int, call caller) []caller {
	all := make([]caller, n)
	for i := range all {
		all[i] = call
	}
	return all
}
