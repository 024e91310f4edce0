package api

import (
	"context"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"

	"yunhui/services/kernel"
)

// handler serves a visit that has passed the gate.
type handler func(c *fiber.Ctx, v *visit) error

// gate stands before every declared route: it decides who the caller is and
// whether the caller may, before anything of the request is interpreted.
func (d *Desk) gate(r *route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v := visitOf(c)
		v.route = r
		ctx, cancel := context.WithTimeout(d.lifetime, orDefault(r.op.Patience, d.timeout))
		defer cancel()
		v.Context = ctx
		if err := d.admit(c, v); err != nil {
			return err
		}
		c.SetUserContext(kernel.WithCall(v, v.call))
		return r.serve(c, v)
	}
}

func (d *Desk) admit(c *fiber.Ctx, v *visit) error {
	r := v.route
	if r.own {
		return nil
	}
	if r.Cookie && unsafe(r.Method) {
		if err := d.sameOrigin(c); err != nil {
			return err
		}
	}
	if err := d.identify(c, v); err != nil {
		return err
	}
	if err := r.Access.check(v.call.Actor); err != nil {
		return err
	}
	if !unsafe(r.Method) {
		v.checkQuery(c)
		return nil
	}
	if err := d.checkPoliteness(c, v); err != nil {
		return err
	}
	if err := checkBody(c, r); err != nil {
		return err
	}
	v.checkQuery(c)
	v.checkIdempotency(c)
	return nil
}

var errBadToken = kernel.Fail(kernel.KindUnauthenticated, "unauthenticated", kernel.T("登录信息无效，请重新登录", "This login is not valid; please log in again"))

// identify establishes the actor. Who shows a token means to be known by it, so
// a bad token is refused even where nobody need show one.
func (d *Desk) identify(c *fiber.Ctx, v *visit) error {
	shown := c.Get(fiber.HeaderAuthorization)
	if shown == "" {
		return nil
	}
	scheme, token, _ := strings.Cut(shown, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" || d.auth == nil {
		return errBadToken
	}
	actor, err := d.auth.Authenticate(v.context(), token)
	switch {
	case err != nil:
		return err
	case actor.Anonymous() || actor.Role == kernel.RoleSystem:
		return errBadToken
	}
	v.call.Actor = actor
	return nil
}

func (d *Desk) checkPoliteness(c *fiber.Ctx, v *visit) error {
	if !v.call.Actor.Anonymous() || v.route.op.Unmetered {
		return nil
	}
	from, err := netip.ParseAddr(v.call.Address)
	if err != nil {
		from = netip.Addr{}
	}
	wait, ok := d.polite.take(from)
	if ok {
		return nil
	}
	c.Set(fiber.HeaderRetryAfter, seconds(wait))
	return kernel.Fail(kernel.KindThrottled, "throttled", kernel.T("操作过于频繁，请稍后再试", "Too many requests from your address; please wait a little"))
}

// checkBody refuses what must not be unpacked (a compressed body may be a
// thousand times its size) and what is larger than the route takes.
func checkBody(c *fiber.Ctx, r *route) error {
	h := &c.Request().Header
	if packing := h.ContentEncoding(); len(packing) > 0 && string(packing) != "identity" {
		return kernel.Fail(kernel.KindUnsupported, "body.encoding", kernel.T("不接受压缩的内容", "Compressed bodies are not accepted"))
	}
	limit := r.maxBody
	if len(h.MultipartFormBoundary()) > 0 {
		limit += formOverhead // the files themselves are measured when they are taken
	}
	if h.ContentLength() > limit {
		return ofStatus(fiber.StatusRequestEntityTooLarge)
	}
	return nil
}

// checkQuery notes parameters that the route does not know and texts with
// hidden characters.
func (v *visit) checkQuery(c *fiber.Ctx) {
	args := c.Request().URI().QueryArgs()
	if v.route.query == nil || args.Len() == 0 {
		return
	}
	for key, value := range args.All() {
		name := string(key)
		switch {
		case kernel.Hidden(name):
			v.faults = append(v.faults, fault("", "field.hidden_characters"))
		case !v.route.query[name]:
			v.faults = append(v.faults, fault(name, "field.unknown"))
		case kernel.Hidden(string(value)):
			v.faults = append(v.faults, fault(name, "field.hidden_characters"))
		}
	}
}
