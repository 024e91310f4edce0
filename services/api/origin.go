package api

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"yunhui/services/kernel"
)

var errCrossSite = kernel.Fail(kernel.KindForbidden, "cross_site",
	kernel.T("此操作只能从本站页面发起", "This can only be done from the pages of this site"))

// sameOrigin protects writes that a cookie vouches for. Browsers tell in
// Sec-Fetch-Site, older ones in Origin, where a request comes from; what tells
// neither is no browser, and carries no cookie it was not given by hand.
func (d *Desk) sameOrigin(c *fiber.Ctx) error {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		if site == "same-origin" {
			return nil
		}
		return errCrossSite
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return nil
	}
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return errCrossSite
	}
	if d.publicURL != nil && from.Scheme == d.publicURL.Scheme && from.Host == d.publicURL.Host {
		return nil
	}
	if d.publicURL == nil && from.Host == string(c.Request().Header.Host()) {
		return nil
	}
	return errCrossSite
}
