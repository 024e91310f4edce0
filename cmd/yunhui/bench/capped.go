package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunhui/services/kernel"
)

// capped measures awards where every kind of ceiling is in force and each claim
// is awarded less than was reserved, so that its award changes six counters
// besides the two appropriations: the firm's of the year, of the policy and of the
// category, the provider's of the year and of the policy, and the category's.
// Cold is the first award after the server's pages were dropped; warm is without
// that. The bare limit beside each is as cold or as warm.
func capped(ctx context.Context, o Options, r *Report) (err error) {
	clock := kernel.NewManualClock(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	watch := &retries{}
	s, err := openStore(ctx, o, clock, watch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	r.Machine.Database = s.engine()
	c := newCity(s, clock)
	c.capped = true
	codes := make([]string, o.Budgets)
	for i := range codes {
		codes[i] = fmt.Sprintf("capped-%d", i+1)
	}
	spread, err := c.moulds(ctx, codes)
	if err != nil {
		return err
	}
	hot, err := c.moulds(ctx, []string{"capped-hot"})
	if err != nil {
		return err
	}
	limit, err := newBareStore(ctx, s, o)
	if err != nil {
		return err
	}
	race := &race{city: c, o: o, r: r, watch: watch, limit: limit, cost: newProcessor(ctx, s)}
	for _, on := range []struct {
		name   string
		moulds []mould
		chill  bool
	}{
		{fmt.Sprintf("all ceilings, %d budgets, warm", o.Budgets), spread, false},
		{"all ceilings, one hot budget, warm", hot, false},
		{fmt.Sprintf("all ceilings, %d budgets, cold", o.Budgets), spread, true},
		{"all ceilings, one hot budget, cold", hot, true},
	} {
		race.chill = on.chill
		if err := race.alone(ctx, on.name, on.moulds, len(on.moulds)); err != nil {
			return err
		}
	}
	if race.unchilled != "" {
		r.Checks = append(r.Checks, "cold is no colder than warm: "+race.unchilled)
	}
	return c.verify(ctx, o, r, race.decided)
}
