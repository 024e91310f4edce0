package api

import (
	"embed"
	"path"

	"github.com/gofiber/fiber/v2"
)

// The documentation is a page of ours that reads /openapi.json in the browser:
// no foreign host is asked for scripts, and none runs inline.
//
//go:embed docs
var docsFiles embed.FS

func (d *Desk) furnishDocs() {
	for at, file := range map[string]string{"/docs": "index.html", "/docs/docs.js": "docs.js", "/docs/docs.css": "docs.css"} {
		body, err := docsFiles.ReadFile(path.Join("docs", file))
		if err != nil {
			panic("api: " + err.Error()) // embedded: it is there
		}
		page := newAsset(file, body)
		d.own(at, func(c *fiber.Ctx, _ *visit) error {
			c.Set(fiber.HeaderContentSecurityPolicy, policyDocs)
			return page.serve(c)
		})
	}
}
