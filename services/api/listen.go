package api

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// shutdownGrace is how long requests may still take when Listen's context ends.
const shutdownGrace = 35 * time.Second

// open mounts the routes, the most specific first, and the site behind them.
// From then on nothing can be registered.
func (d *Desk) open() {
	d.opened.Do(func() {
		d.closed.Store(true)
		routes := slices.Clone(d.routes)
		slices.SortStableFunc(routes, bySpecificity)
		d.refuseSideDoors()
		for _, r := range routes {
			d.app.Add(r.Method, r.fiberPath(), d.gate(r))
			if r.Method == http.MethodGet {
				d.app.Add(http.MethodHead, r.fiberPath(), d.gate(r))
			}
		}
		d.app.Use(d.nowhere)
		d.app.Handler() // builds fiber's routing tree
	})
}

// refuseSideDoors panics when a route was put on the server without being
// declared to the desk.
func (d *Desk) refuseSideDoors() {
	for _, side := range d.app.GetRoutes(true) {
		panic("api: " + side.Method + " " + side.Path + " came in by a side door; register it with api.Route or api.Raw")
	}
}

// Listen opens the desk at an address and serves until Shutdown, or until ctx
// ends, in which case it shuts down by itself. It returns when the last request
// has been answered.
func (d *Desk) Listen(ctx context.Context, address string) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen at %s: %w", address, err)
	}
	return d.Serve(ctx, listener)
}

// Serve is Listen on a listener that the caller made.
func (d *Desk) Serve(ctx context.Context, listener net.Listener) error {
	d.open()
	served := make(chan error, 1)
	go func() { served <- d.app.Listener(listener) }()
	select {
	case err := <-served:
		if err != nil {
			d.end()
			return fmt.Errorf("serve: %w", err)
		}
		<-d.lifetime.Done() // Shutdown waits for the requests; so do we
		return nil
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		return d.Shutdown(grace)
	}
}

// Shutdown answers the requests that are here and takes no more: readiness goes
// first, so that a balancer sees it; the context of the requests ends last, so
// that nothing they have begun is cut off. When ctx ends earlier, they are.
func (d *Desk) Shutdown(ctx context.Context) error {
	d.draining.Store(true)
	defer d.end()
	if err := d.app.ShutdownWithContext(ctx); err != nil {
		return fmt.Errorf("shutdown: %w", err)
	}
	return nil
}
