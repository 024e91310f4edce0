package api_test

import (
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
)

func TestTheSiteAndTheAPIKeepApart(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("console.log('云惠');", 200)
	b := newBench(t, nil)
	api.Route(b.Desk, op("GET", "/api/v1/offers", api.Public), func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	require.NoError(t, b.Site(fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>云惠</title>")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/app-1a2b.js":   {Data: []byte(script)},
		"assets/pre-1.css":     {Data: []byte(strings.Repeat("a{}", 600))},
		"assets/pre-1.css.br":  {Data: []byte("brotli")},
		"assets/pre-1.css.gz":  {Data: []byte("gzipped")},
		".git/config":          {Data: []byte("secret")},
		"assets/.hidden-thing": {Data: []byte("secret")},
	}))
	for _, s := range []struct {
		path   string
		status int
		says   string
	}{
		{"/", 200, "<title>云惠"},
		{"/offers/42", 200, "<title>云惠"},
		{"/claims/a%20b", 200, "<title>云惠"},
		{"/favicon.svg", 200, "<svg/>"},
		{"/assets/gone-9.js", 404, "route.not_found"},
		{"/.git/config", 404, "route.not_found"},
		{"/assets/.hidden-thing", 404, "route.not_found"},
		{"/assets/../../../etc/passwd.txt", 404, "route.not_found"},
		{"/%2e%2e/%2e%2e/etc/passwd.txt", 404, "route.not_found"},
		{"/api/v1/clams", 404, "route.not_found"},
		{"/api", 404, "route.not_found"},
		{"/api/v2/offers", 404, "route.not_found"},
		{"/docs", 200, "docs.js"},
	} {
		a := b.do(t, "GET", s.path, "")
		require.Equal(t, s.status, a.ResponseRecorder.Code, s.path)
		require.Contains(t, a.Body.String(), s.says, s.path)
	}
	a := b.do(t, "POST", "/offers", "{}")
	require.Equal(t, 404, a.ResponseRecorder.Code, "nobody posts to the site")

	w := b.get(t, "/assets/app-1a2b.js", "Accept-Encoding", "br;q=0, gzip")
	require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
	require.Equal(t, "public, max-age=31536000, immutable", w.Header().Get("Cache-Control"))
	require.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
	require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
	unpacked, err := gzip.NewReader(w.Body)
	require.NoError(t, err)
	body, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	require.Equal(t, script, string(body))

	require.Equal(t, script, b.get(t, "/assets/app-1a2b.js", "Accept-Encoding", "identity").Body.String())
	require.Equal(t, "brotli", b.get(t, "/assets/pre-1.css", "Accept-Encoding", "gzip, br").Body.String())
	require.Equal(t, "gzipped", b.get(t, "/assets/pre-1.css", "Accept-Encoding", "gzip").Body.String())

	index := b.get(t, "/offers")
	require.Equal(t, "no-cache", index.Header().Get("Cache-Control"))
	require.Contains(t, index.Header().Get("Content-Security-Policy"), "script-src 'self';")
	again := b.get(t, "/offers", "If-None-Match", index.Header().Get("ETag"))
	require.Equal(t, 304, again.Code)
	require.Empty(t, again.Body.String())
}

func TestWithoutABuiltSiteAPageSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	require.NoError(t, b.Site(fstest.MapFS{}))
	a := b.do(t, "GET", "/", "")
	require.Equal(t, 200, a.ResponseRecorder.Code)
	require.Contains(t, a.Body.String(), "/docs")
	require.Equal(t, "text/html; charset=utf-8", a.Header().Get("Content-Type"))
}
