package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunhui/services/kernel"
	"yunhui/subsidies/notices"
)

// bulk measures the approval of many clean claims at once: full notices under one
// policy are over, and the worker closes them. Each claim has its own audit entry
// and its own balanced postings. Beside it stand bare transactions of one decision
// each, and bare transactions that decide a hundred with statements of many rows,
// which is what SQL allows where nothing but the fewest rows is written.
func bulk(ctx context.Context, o Options, r *Report) (err error) {
	clock := kernel.NewManualClock(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	watch := &retries{}
	s, err := openStore(ctx, o, clock, watch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	r.Machine.Database = s.engine()
	c := newCity(s, clock)
	from, err := c.moulds(ctx, []string{"bench-bulk"})
	if err != nil {
		return err
	}
	clock.Advance(20 * 24 * time.Hour) // whatever is put on notice from now on is over
	limit, err := newBareStore(ctx, s, o)
	if err != nil {
		return err
	}
	race := &race{city: c, o: o, r: r, watch: watch, limit: limit, cost: newProcessor(ctx, s)}
	if race.decided, err = c.notices.CloseDue(ctx); err != nil { // the ones that the others are cast from
		return err
	}
	var bare, rows, house sample
	for round := range o.Rounds {
		o.say("  bulk, round %d: %d claims on notice", round+1, o.Bulk)
		if _, err := c.publish(ctx, from, (o.Bulk+notices.MaxItems-1)/notices.MaxItems, o.Bulk); err != nil {
			return err
		}
		if err := race.settle(ctx); err != nil {
			return err
		}
		bare.add(race.bare(ctx, o.Decisions/o.Rounds, 1))
		rows.add(drive(ctx, race.cost, repeated(2, func(ctx context.Context, _ int) error { return limit.decideMany(ctx, atOnce) }), counting(max(1, o.Bulk/atOnce))))
		house.add(drive(ctx, race.cost, repeated(1, func(ctx context.Context, _ int) error { return race.closeAll(ctx) }), counting(1)))
		race.decided += o.Bulk
	}
	ours := house.measure("bulk approval").of(o.Bulk)
	ours.Retries = int(watch.n.Load())
	r.add(bare.measure("bare transactions beside bulk approval"), rows.measure("bare transactions of a hundred each").of(atOnce), ours)
	return c.verify(ctx, o, r, race.decided)
}

// closeAll is what the worker does of itself when notices are over.
func (x *race) closeAll(ctx context.Context) error {
	awarded, err := x.city.notices.CloseDue(ctx)
	if err == nil && awarded != x.o.Bulk {
		err = fmt.Errorf("%d of %d claims were awarded", awarded, x.o.Bulk)
	}
	return err
}
