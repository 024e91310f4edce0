package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// site is the built front end in memory: what a browser asks for by name, and
// index.html for every other address, since those are the site's own routes.
type site struct {
	assets map[string]*asset
	index  *asset
}

// Site serves a built front end. Files under assets/ have names that change with
// their content and are kept by browsers for ever; the rest is asked for anew.
// Without an index.html a page says so.
func (d *Desk) Site(files fs.FS) error {
	s := &site{assets: map[string]*asset{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		hidden := name != "." && strings.HasPrefix(path.Base(name), ".")
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
			return nil
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err //nolint:wrapcheck // wrapped below
		}
		s.assets[name] = newAsset(name, body)
		return nil
	})
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	s.pairPrecompressed()
	if s.index = s.assets["index.html"]; s.index == nil {
		s.index = newAsset("index.html", []byte(unbuilt))
	}
	d.site = s
	return nil
}

const unbuilt = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>云惠 Yunhui</title></head>
<body>
<h1>云惠</h1>
<p>服务已启动，但此程序未包含网站页面。接口文档见 <a href="/docs">/docs</a>。</p>
<p lang="en">The service is running, but this binary was built without the site. The API is described at <a href="/docs">/docs</a>.</p>
</body>
</html>
`

// belongsToAPI tells paths where programs knock from those where people walk.
func belongsToAPI(p string) bool {
	return p == "/api" || strings.HasPrefix(p, "/api/")
}

func (s *site) serve(c *fiber.Ctx) error {
	name := strings.TrimPrefix(path.Clean(c.Path()), "/")
	found, ok := s.assets[name]
	switch {
	case ok:
	case strings.Contains(path.Base("/"+name), "."), strings.HasPrefix(name, "."):
		return fiber.ErrNotFound // a file that is not there, not a route of the site
	default:
		found = s.index
	}
	c.Set(fiber.HeaderContentSecurityPolicy, policySite)
	return found.serve(c)
}

// pairPrecompressed hands name.gz and name.br to the asset they were made from.
func (s *site) pairPrecompressed() {
	for name, a := range s.assets {
		if packed, ok := s.assets[name+".gz"]; ok {
			a.gzip = func() []byte { return packed.plain }
		}
		if packed, ok := s.assets[name+".br"]; ok {
			a.brotli = packed.plain
		}
	}
}

// mediaTypes are fixed here, because those of the machine differ.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json", ".svg": "image/svg+xml",
	".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon", ".woff2": "font/woff2",
	".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json", ".xml": "application/xml",
}

func mediaTypeOf(name string) string {
	ext := path.Ext(name)
	if m, ok := mediaTypes[ext]; ok {
		return m
	}
	if m := mime.TypeByExtension(ext); m != "" {
		return m
	}
	return fiber.MIMEOctetStream
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
