package main

import (
	"context"
	"fmt"

	"yunhui/services/queue"
	"yunhui/services/settings"
)

func doctor(ctx context.Context, p *process, args []string) error {
	if err := p.options("doctor", args, nil); err != nil {
		return err
	}
	s, err := settings.FromProcess(p.config)
	if err != nil {
		return err
	}
	for _, e := range s.Masked() {
		_, _ = fmt.Fprintf(p.out, "%-16s %-48s %s\n", e.Key, e.Value, e.Source)
	}
	h, err := open(ctx, p)
	if err != nil {
		_, _ = fmt.Fprintf(p.out, "%-16s FAILED: %v\n", "store", err)
		return errSaid
	}
	defer func() { _ = h.close() }()
	healthy := true
	say := func(name, good string, err error) {
		if err != nil {
			healthy, good = false, "FAILED: "+err.Error()
		}
		_, _ = fmt.Fprintf(p.out, "%-16s %s\n", name, good)
	}
	say("store", string(h.db.Engine)+" "+h.db.Version, h.db.Ping(ctx))
	current, known, err := h.db.SchemaVersion(ctx)
	if err == nil {
		err = h.db.CheckSchema(ctx)
	}
	say("schema", fmt.Sprintf("version %d of %d", current, known), err)
	say("files", "writable", h.files.Ping(ctx))
	say("queue", "reachable", queue.Reach(ctx, h.settings.Redis))
	if !healthy {
		return errSaid
	}
	return nil
}

func migrate(ctx context.Context, p *process, args []string) error {
	if err := p.options("migrate", args, nil); err != nil {
		return err
	}
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	if err := h.db.Migrate(ctx); err != nil {
		return err
	}
	current, _, err := h.db.SchemaVersion(ctx)
	if err == nil {
		_, err = fmt.Fprintf(p.out, "schema version %d\n", current)
	}
	return err
}
