package files

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// Open returns the content of the file; the caller closes it.
func Open(ctx context.Context, store Store, f File) (io.ReadCloser, error) {
	return store.Open(ctx, f.SHA256)
}

// Headers are what a file must be served with: it is saved, never shown in the
// site's own origin, and no browser guesses at its type.
func Headers(f File) map[string]string {
	return map[string]string{
		"Content-Type":            f.MediaType,
		"Content-Length":          strconv.FormatInt(f.Size, 10),
		"Content-Disposition":     Disposition(f.Name),
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Cache-Control":           "private, no-store",
		"ETag":                    `"` + f.SHA256 + `"`,
	}
}

// Disposition makes a Content-Disposition that saves under the name: in ASCII
// for old readers, in UTF-8 (RFC 6266) for all others.
func Disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
