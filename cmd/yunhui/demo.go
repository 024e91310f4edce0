package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"yunhui/cmd/yunhui/demo"
	"yunhui/services/kernel"
)

// loadDemo loads the demo city and, when asked, lets it grow. The story of the
// city begins months ago, so the store is opened with a clock of its own.
func loadDemo(ctx context.Context, p *process, args []string) (err error) {
	var enterprises, claims int
	if err := p.options("demo", args, func(f *flag.FlagSet) {
		f.IntVar(&enterprises, "enterprises", 0, "grow to this many enterprises")
		f.IntVar(&claims, "claims", 0, "grow to this many claims")
	}); err != nil {
		return err
	}
	now := kernel.SystemClock{}.Now()
	manual := kernel.NewManualClock(now)
	p.clock = manual
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.db.CheckSchema(ctx); err != nil {
		return err
	}
	began := time.Now()
	l := &demo.Loader{
		DB: h.db, Clock: manual, Now: now, Identity: h.identity, Registry: h.registry, Drafts: h.drafts, Agreements: h.agreements, Claims: h.claims,
		Notices: h.notices, Payments: h.payments, Clawbacks: h.clawbacks, Openings: h.openings, Books: h.books, Demands: h.market.demands, Shelf: h.shelf, Files: h.files, Runtime: h.runtime,
		Say: func(format string, args ...any) { _, _ = fmt.Fprintf(p.err, format+"\n", args...) },
	}
	if err := l.Load(ctx); err != nil {
		return err
	}
	if err := l.Grow(ctx, enterprises, claims); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "the demo city stands (%s)\n", time.Since(began).Round(time.Second/10))
	return err
}
