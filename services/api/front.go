package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// front is around everything: it opens the visit, answers every error in one
// form, survives a handler's panic, and writes the visit down.
func (d *Desk) front(c *fiber.Ctx) error {
	started := d.clock.Now()
	v := d.receive(c)
	d.dress(c, v)
	d.proceed(c, v)
	if v.code != "" {
		c.Set(fiber.HeaderContentLanguage, v.call.Language)
	}
	d.record(c, v, d.clock.Now().Sub(started))
	return nil
}

func (d *Desk) proceed(c *fiber.Ctx, v *visit) {
	defer func() {
		if p := recover(); p != nil {
			d.log.ErrorContext(v.context(), "handler panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			c.Response().Reset()
			d.dress(c, v)
			d.refuse(c, v, newProblem(v, http.StatusInternalServerError, errInternal))
		}
	}()
	if err := c.Next(); err != nil {
		d.refuse(c, v, err)
	}
}

// record counts and logs the visit: writes and what took long as information,
// failures as errors (by whoever knew the cause), the rest for debugging only.
func (d *Desk) record(c *fiber.Ctx, v *visit, took time.Duration) {
	status := c.Response().StatusCode()
	meter := d.unrouted
	path := c.Path()
	if v.route != nil {
		meter, path = v.route.meter, v.route.Path
	}
	meter.Observe(status, took)

	level := slog.LevelDebug
	if strings.HasPrefix(path, apiRoot) && unsafe(c.Method()) || took > time.Second || status >= http.StatusInternalServerError {
		level = slog.LevelInfo
	}
	if !d.log.Enabled(v, level) {
		return
	}
	d.log.LogAttrs(v.context(), level, "request",
		slog.String("method", c.Method()), slog.String("path", c.Path()), slog.Int("status", status),
		slog.Duration("took", took), slog.String("address", v.call.Address), slog.String("code", v.code))
}

// unreadable answers what fasthttp could not make a request of, before the front
// has seen it.
func (d *Desk) unreadable(c *fiber.Ctx, err error) error {
	v := visitOf(c)
	if v == nil {
		v = d.receive(c)
		d.dress(c, v)
	}
	d.refuse(c, v, err)
	return nil
}

// knownMethods answers methods that fiber does not know, which it would refuse
// in plain text.
func (d *Desk) knownMethods(serve fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Method()) {
		case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
			http.MethodOptions, http.MethodConnect, http.MethodTrace:
			serve(ctx)
		default:
			c := d.app.AcquireCtx(ctx)
			defer d.app.ReleaseCtx(c)
			_ = d.unreadable(c, fiber.NewError(http.StatusNotImplemented))
		}
	}
}

// nowhere answers paths that lead to no route.
func (d *Desk) nowhere(c *fiber.Ctx) error {
	if methods := d.methodsAt(c.Path()); len(methods) > 0 {
		c.Set(fiber.HeaderAllow, strings.Join(methods, ", "))
		return fiber.ErrMethodNotAllowed
	}
	if c.Method() != http.MethodGet && c.Method() != http.MethodHead || d.site == nil || belongsToAPI(c.Path()) {
		return fiber.ErrNotFound
	}
	return d.site.serve(c)
}
