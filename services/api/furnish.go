package api

import (
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"yunhui/services/telemetry"
)

// furnish puts up the desk's own routes.
func (d *Desk) furnish(metrics *telemetry.Registry) {
	d.own("/healthz", func(c *fiber.Ctx, _ *visit) error {
		return c.JSON(map[string]string{"status": "ok"})
	})
	d.own("/readyz", d.serveReadiness)
	d.own("/openapi.json", d.serveDocument)
	d.furnishDocs()
	if metrics != nil {
		text := adaptor.HTTPHandler(metrics.Handler())
		d.own("/metrics", func(c *fiber.Ctx, _ *visit) error { return text(c) })
	}
}

// own registers a public route of the desk itself, outside the API.
func (d *Desk) own(path string, serve handler) {
	r := d.note(Op{Method: http.MethodGet, Path: path, Access: Public})
	r.own, r.serve = true, serve
}

func (d *Desk) serveReadiness(c *fiber.Ctx, v *visit) error {
	checks, ok := d.ready(v)
	status := "ready"
	if !ok {
		status = "not ready"
		c.Status(http.StatusServiceUnavailable)
	}
	c.Set(fiber.HeaderCacheControl, noStore)
	return c.JSON(map[string]any{"status": status, "checks": checks})
}

func (d *Desk) serveDocument(c *fiber.Ctx, _ *visit) error {
	document, err := d.document()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Send(document)
}
