package api_test

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"yunhui/services/api"
)

func registerOnHuma(d *api.Desk) {
	huma.Register(d.Huma(), huma.Operation{OperationID: "sneak", Method: "GET", Path: "/api/v1/sneak"},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
}

func addOnFiber(d *api.Desk) {
	d.App().Get("/api/v1/backstage", func(c *fiber.Ctx) error { return c.SendString("hello") })
}
