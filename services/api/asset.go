package api

import (
	"bytes"
	"compress/gzip"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// asset is one file ready to be sent: as it is, or packed.
type asset struct {
	media  string
	etag   string
	keep   string // Cache-Control
	plain  []byte
	gzip   func() []byte // nil when packing does not help
	brotli []byte        // nil unless it came with the build
}

const (
	keepForever  = "public, max-age=31536000, immutable"
	askEachTime  = "no-cache"
	worthPacking = 1 << 10
)

func newAsset(name string, body []byte) *asset {
	a := &asset{media: mediaTypeOf(name), etag: etagOf(body), keep: askEachTime, plain: body}
	if strings.HasPrefix(name, "assets/") {
		a.keep = keepForever
	}
	if len(body) >= worthPacking && packable(a.media) {
		a.gzip = sync.OnceValue(func() []byte { return pack(body) })
	}
	return a
}

func packable(media string) bool {
	for _, kind := range []string{"text/", "application/json", "application/manifest", "application/xml", "image/svg"} {
		if strings.HasPrefix(media, kind) {
			return true
		}
	}
	return false
}

func pack(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return body
	}
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

func (a *asset) serve(c *fiber.Ctx) error {
	c.Set(fiber.HeaderETag, a.etag)
	c.Set(fiber.HeaderCacheControl, a.keep)
	if a.gzip != nil || a.brotli != nil {
		c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	}
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), a.etag) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, a.media)
	body := a.plain
	switch accepted := c.Get(fiber.HeaderAcceptEncoding); {
	case a.brotli != nil && accepts(accepted, "br"):
		body = a.brotli
		c.Set(fiber.HeaderContentEncoding, "br")
	case a.gzip != nil && accepts(accepted, "gzip"):
		body = a.gzip()
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	c.Response().SetBodyRaw(body)
	return nil
}

// accepts reads Accept-Encoding far enough: the coding is listed and not with q=0.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == coding {
			return quality(params) > 0
		}
	}
	return false
}
