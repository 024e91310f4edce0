package main

import (
	"context"
	"errors"
	"flag"
	"time"
)

// patience is how long a stopping process waits for what is under way.
const patience = 20 * time.Second

func serve(ctx context.Context, p *process, args []string) (err error) {
	alone := false
	if err := p.options("serve", args, func(f *flag.FlagSet) {
		f.BoolVar(&alone, "no-workers", false, "leave the workers to other processes")
		p.clockFlag(f)
	}); err != nil {
		return err
	}
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.db.CheckSchema(ctx); err != nil {
		return err
	}
	h.openDesk()
	if err := h.site(); err != nil {
		return err
	}
	if err := h.stock(ctx); err != nil {
		return err
	}
	if alone {
		return h.desk.Listen(ctx, h.settings.Listen)
	}
	return h.serveWithWorkers(ctx)
}

// serveWithWorkers stops in the order that loses least: the relay and the duties
// first, then the front desk, then the handlers under way.
func (h *house) serveWithWorkers(ctx context.Context) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := h.shift.Start(running); err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		h.shift.Pause()
	}()
	err := h.desk.Listen(ctx, h.settings.Listen)
	ending, cancel := context.WithTimeout(running, patience)
	defer cancel()
	return errors.Join(err, h.shift.Stop(ending))
}

func work(ctx context.Context, p *process, args []string) (err error) {
	if err := p.options("work", args, p.clockFlag); err != nil {
		return err
	}
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.db.CheckSchema(ctx); err != nil {
		return err
	}
	if err := h.stock(ctx); err != nil {
		return err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := h.shift.Start(running); err != nil {
		return err
	}
	h.log.Info("working", "database", string(h.db.Engine))
	<-ctx.Done()
	h.shift.Pause()
	ending, cancel := context.WithTimeout(running, patience)
	defer cancel()
	return h.shift.Stop(ending)
}

// stock fills the shelf from the store and keeps it fresh until ctx ends.
func (h *house) stock(ctx context.Context) error {
	if err := h.shelf.Load(ctx); err != nil {
		return err
	}
	go h.shelf.Keep(ctx, 2*time.Second, h.log)
	return nil
}
