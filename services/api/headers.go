package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// The content security policies: an answer of the API is data and may load
// nothing; a page made for printing carries its own style and no script; the
// site runs its own scripts only. Styles may be inline there because charts and
// popups position themselves with style attributes.
const (
	policyData  = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	policyPrint = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	policySite  = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
		"connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
	policyDocs = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
		"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

const noStore = "no-store"

type header struct{ name, value []byte }

// clothes are the headers that every answer wears.
func clothes(https bool) []header {
	pairs := [][2]string{
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Referrer-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
		{"Content-Security-Policy", policyData},
	}
	if https {
		pairs = append(pairs, [2]string{"Strict-Transport-Security", "max-age=31536000"})
	}
	all := make([]header, 0, len(pairs))
	for _, p := range pairs {
		all = append(all, header{[]byte(p[0]), []byte(p[1])})
	}
	return all
}

// dress puts on the common headers before a handler runs, which may change
// them. Answers of the API are personal unless a handler says otherwise.
func (d *Desk) dress(c *fiber.Ctx, v *visit) {
	h := &c.Response().Header
	for _, one := range d.clothes {
		h.SetCanonical(one.name, one.value)
	}
	h.Set("X-Request-Id", v.call.RequestID)
	if strings.HasPrefix(c.Path(), apiRoot) {
		h.Set(fiber.HeaderCacheControl, noStore)
	}
}
