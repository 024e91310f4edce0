package files_test

import (
	"crypto/md5"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/files"
)

// bucket speaks as much S3 as the store uses, and refuses what stricter
// compatible stores refuse.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	puts    int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	content, there := b.objects[r.URL.Path]
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPut:
		b.put(w, r)
	case r.Method == http.MethodDelete:
		delete(b.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
	default:
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		w.Header().Set("Last-Modified", "Mon, 23 Nov 2026 04:00:00 GMT")
		w.Header().Set("ETag", `"e"`)
		if r.Method == http.MethodGet {
			_, _ = w.Write(content)
		}
	}
}

func (b *bucket) put(w http.ResponseWriter, r *http.Request) {
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-checksum") || lower == "x-amz-trailer" {
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
	}
	content, err := io.ReadAll(r.Body)
	sum := md5.Sum(content)
	if err != nil || r.URL.RawQuery != "" || r.Header.Get("Content-Md5") != base64.StdEncoding.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	b.puts++
	b.objects[r.URL.Path] = content
	w.Header().Set("ETag", `"e"`)
}

func TestACompatibleBucketKeepsContent(t *testing.T) {
	t.Parallel()
	far := &bucket{objects: map[string][]byte{}}
	server := httptest.NewTLSServer(far)
	t.Cleanup(server.Close)
	store, err := files.OpenS3(files.S3Options{
		Endpoint: strings.TrimPrefix(server.URL, "https://"), Transport: server.Client().Transport, Region: "cn", Bucket: "city", Prefix: "evidence/", AccessKey: "key", SecretKey: "secret",
	})
	require.NoError(t, err)
	ctx := t.Context()
	require.NoError(t, store.Ping(ctx))
	require.Empty(t, far.objects, "a ping leaves nothing")

	far.puts = 0
	for range 2 {
		f, err := files.Receive(ctx, store, "合同.pdf", strings.NewReader(string(pdf())))
		require.NoError(t, err)
		content, err := files.Open(ctx, store, f)
		require.NoError(t, err)
		got, err := io.ReadAll(content)
		require.NoError(t, err)
		require.NoError(t, content.Close())
		require.Equal(t, pdf(), got)
		require.Contains(t, far.objects, "/city/evidence/"+f.SHA256)
	}
	require.Equal(t, 1, far.puts, "the same content travels once")

	none := strings.Repeat("a", 64)
	_, err = store.Open(ctx, none)
	require.ErrorIs(t, err, files.ErrMissing)
	require.NoError(t, store.Remove(ctx, none))
	require.Error(t, store.Put(ctx, "../x", strings.NewReader("x"), 1))
	_, err = files.OpenS3(files.S3Options{Endpoint: "x"})
	require.Error(t, err)
}
