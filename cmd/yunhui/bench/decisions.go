package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/notices"
)

// decisions measures the award of claims whose notice has passed, with the
// guarded budgets of the city and of the district, the three legs in the ledger,
// the states, the steps, the audit entries and the messages of each: callers that
// each award one claim, spread over many budgets, and meeting on one.
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
	spread, err := c.moulds(ctx, codes)
	if err != nil {
		return err
	}
	hot, err := c.moulds(ctx, []string{"bench-hot"})
	if err != nil {
		return err
	}
	limit, err := newBareStore(ctx, s, o)
	if err != nil {
		return err
	}
	race := &race{city: c, o: o, r: r, watch: watch, limit: limit, cost: newProcessor(ctx, s)}
	if err := race.alone(ctx, fmt.Sprintf("decisions, %d budgets", o.Budgets), spread, o.Budgets); err != nil {
		return err
	}
	if err := race.alone(ctx, "decisions, one hot budget", hot, 1); err != nil {
		return err
	}
	return c.verify(ctx, o, r, race.decided)
}

// race takes the readings of decisions.
type race struct {
	city    *city
	o       Options
	r       *Report
	watch   *retries
	limit   *bareStore
	cost    processor
	decided int

	chill     bool   // before every reading
	unchilled string // why that could not be
}

// alone measures awards of one claim each.
func (x *race) alone(ctx context.Context, name string, from []mould, budgets int) error {
	x.o.say("  %s: %d claims on notice", name, x.o.Decisions)
	all, err := x.city.publish(ctx, from, max(x.o.Decisions/notices.MaxItems, len(from)), x.o.Decisions)
	if err != nil {
		return err
	}
	x.city.clock.Set(x.city.clock.Now().Add(20 * 24 * time.Hour))
	ids := inTurn(all)
	return x.run(ctx, name, budgets, len(ids), func(ctx context.Context, n int) error { return x.city.award(ctx, ids[n]) })
}

// run measures calls, round by round with the bare limit.
func (x *race) run(ctx context.Context, name string, budgets, calls int, call caller) error {
	if err := x.settle(ctx); err != nil {
		return err
	}
	var bare, house sample
	tried := x.watch.n.Load()
	for round := range x.o.Rounds {
		from, to := round*calls/x.o.Rounds, (round+1)*calls/x.o.Rounds
		x.o.say("  %s, round %d", name, round+1)
		if err := x.cool(ctx); err != nil {
			return err
		}
		bare.add(x.bare(ctx, to-from, budgets))
		if err := x.cool(ctx); err != nil {
			return err
		}
		house.add(drive(ctx, x.cost, repeated(x.o.Connections, func(ctx context.Context, n int) error { return call(ctx, from+n) }), counting(to-from)))
	}
	x.decided += calls
	ours := house.measure(name)
	ours.Retries = int(x.watch.n.Load() - tried)
	x.r.add(bare.measure("bare transactions beside "+name), ours)
	return ctx.Err()
}

// settle lets the server finish with what was put into the store beforehand, so
// that the limit, which is read first, does not bear it.
func (x *race) settle(ctx context.Context) error {
	return x.bare(ctx, x.o.Decisions/x.o.Rounds, 1).failed
}

// bare makes so many decisions in bare SQL, one in a transaction.
func (x *race) bare(ctx context.Context, decisions, budgets int) sample {
	return drive(ctx, x.cost, repeated(x.o.Connections, func(ctx context.Context, n int) error { return x.limit.decide(ctx, n%budgets) }), counting(decisions))
}

// inTurn lists claims so that neighbours draw on different budgets.
func inTurn(all []onNotice) []kernel.ID {
	var ids []kernel.ID
	for i := range notices.MaxItems {
		for _, n := range all {
			if i < len(n.claims) {
				ids = append(ids, n.claims[i])
			}
		}
	}
	return ids
}

// award is the use case as it runs for one claim.
func (c *city) award(ctx context.Context, id kernel.ID) error {
	done, err := c.notices.AwardOne(ctx, id)
	if err == nil && !done {
		err = fmt.Errorf("claim %s was left alone", id)
	}
	return err
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
