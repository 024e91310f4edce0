package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/valyala/fasthttp"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/telemetry"
)

// served is a server on a port of its own.
type served struct {
	address string
	stop    func() error
}

// openDesk serves rooms on a desk as the product does, on loopback.
func openDesk(ctx context.Context, register func(*api.Desk)) (served, error) {
	desk := api.New(api.Options{Version: "bench", Log: slog.New(slog.DiscardHandler), Clock: kernel.SystemClock{}, Metrics: telemetry.NewRegistry()})
	register(desk)
	return start(ctx, func(ctx context.Context, l net.Listener) error { return desk.Serve(ctx, l) })
}

// openBare serves one constant answer and nothing else: what the server below
// the desk can do at most with answers of this size.
func openBare(ctx context.Context, size int) (served, error) {
	body := make([]byte, size)
	for i := range body {
		body[i] = 'x'
	}
	s := &fasthttp.Server{Handler: func(c *fasthttp.RequestCtx) {
		c.SetContentType("application/json")
		c.Response.SetBody(body)
	}}
	return start(ctx, func(ctx context.Context, l net.Listener) error {
		go func() {
			<-ctx.Done()
			_ = s.Shutdown()
		}()
		return s.Serve(l)
	})
}

func start(ctx context.Context, serve func(context.Context, net.Listener) error) (served, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return served{}, fmt.Errorf("listen: %w", err)
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve(running, listener) }()
	return served{address: listener.Addr().String(), stop: func() error {
		cancel()
		return <-ended
	}}, nil
}

// reading is one kind of request, to be measured turn by turn with the bare limit.
type reading struct {
	name     string
	requests [][]byte
}

// measureHTTP takes the readings of a server. The bare limit answers with as
// many bytes as the server did, to the same requests.
func measureHTTP(ctx context.Context, o Options, r *Report, at string, all []reading) error {
	for _, one := range all {
		if err := one.measure(ctx, o, r, at); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return nil
}

func (one reading) measure(ctx context.Context, o Options, r *Report, at string) (err error) {
	ours, callers, err := clients(ctx, at, o.Connections, one.requests)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hangUp(ours)) }()
	warm := drive(ctx, processor{}, callers, counting(20*len(one.requests)+200))
	if warm.failed != nil {
		return warm.failed
	}
	size := average(ours)
	plain, err := openBare(ctx, size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plain.stop()) }()
	theirs, bareCallers, err := clients(ctx, plain.address, o.Connections, one.requests)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hangUp(theirs)) }()
	var house, bare sample
	for round := range o.Rounds {
		o.say("  %s, round %d", one.name, round+1)
		bare.add(drive(ctx, processor{}, bareCallers, lasting(o.share())))
		house.add(drive(ctx, processor{}, callers, lasting(o.share())))
	}
	limit, m := bare.measure("constant answer of the size of "+one.name), house.measure(one.name)
	limit.Bytes, m.Bytes = size, average(ours)
	r.add(limit, m)
	return ctx.Err()
}

func average(all []*client) int {
	bytes, calls := 0, 0
	for _, c := range all {
		bytes, calls = bytes+c.bytes, calls+c.calls
	}
	return bytes / max(calls, 1)
}
