package api_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

// form writes a multipart body; parts named file are files.
func form(t *testing.T, boundary string, parts ...[2]string) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	require.NoError(t, w.SetBoundary(boundary))
	for _, p := range parts {
		if name, ok := strings.CutPrefix(p[0], "file:"); ok {
			part, err := w.CreateFormFile("file", name)
			require.NoError(t, err)
			_, err = io.WriteString(part, p[1])
			require.NoError(t, err)
			continue
		}
		require.NoError(t, w.WriteField(p[0], p[1]))
	}
	require.NoError(t, w.Close())
	return out.String(), w.FormDataContentType()
}

func TestUploads(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *api.Options) { o.MaxBody = 1000 })
	o := op("POST", "/api/v1/files", api.Only(kernel.RoleEnterprise))
	o.MaxBody = 50_000
	var got, fingerprint string
	api.Raw(b.Desk, api.RawOp{Op: o, Files: []string{"file"}, Fields: []string{"kind"}}, func(x *api.Exchange) error {
		f, err := x.File("file")
		if err != nil {
			return err
		}
		kind, err := x.Field("kind")
		if err != nil {
			return err
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		defer r.Close() //nolint:errcheck // it was only read
		body, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		got = fmt.Sprint(f.Name, " ", f.Size, " ", kind, " ", len(body), " ", x.Call().Actor.Role)
		fingerprint = kernel.CallFrom(x.Context()).Fingerprint
		return x.NoContent()
	})
	send := func(body, contentType string, headers ...string) answer {
		got = ""
		return b.do(t, "POST", "/api/v1/files", body, append([]string{"Content-Type", contentType, "Authorization", "Bearer enterprise", "Idempotency-Key", "k"}, headers...)...)
	}
	body, ct := form(t, "b1", [2]string{"kind", "合同"}, [2]string{"file:../云惠/合同.pdf", strings.Repeat("x", 50_000)})
	require.Equal(t, 204, send(body, ct).ResponseRecorder.Code)
	require.Equal(t, "合同.pdf 50000 合同 50000 enterprise", got)
	first := fingerprint
	body, ct = form(t, "another", [2]string{"kind", "合同"}, [2]string{"file:../云惠/合同.pdf", strings.Repeat("x", 50_000)})
	send(body, ct)
	require.Equal(t, first, fingerprint, "the boundary does not matter")
	body, ct = form(t, "b1", [2]string{"kind", "合同"}, [2]string{"file:../云惠/合同.pdf", strings.Repeat("y", 50_000)})
	send(body, ct)
	require.NotEqual(t, first, fingerprint, "the content does")

	for name, s := range map[string]struct {
		parts  [][2]string
		status int
		code   string
	}{
		"empty":         {[][2]string{{"kind", "x"}, {"file:a.pdf", ""}}, 422, "invalid_input"},
		"absent":        {[][2]string{{"kind", "x"}}, 422, "invalid_input"},
		"two":           {[][2]string{{"file:a.pdf", "1"}, {"file:b.pdf", "2"}}, 422, "invalid_input"},
		"hidden name":   {[][2]string{{"file:a\u202efdp.exe", "1"}}, 422, "invalid_input"},
		"hidden text":   {[][2]string{{"kind", "a\u200b"}, {"file:a.pdf", "1"}}, 422, "invalid_input"},
		"over the size": {[][2]string{{"file:a.pdf", strings.Repeat("x", 50_001)}}, 413, "body.too_large"},
		"far over":      {[][2]string{{"file:a.pdf", strings.Repeat("x", 200_000)}}, 413, "body.too_large"},
	} {
		body, ct := form(t, "b2", s.parts...)
		a := send(body, ct)
		require.Equal(t, s.status, a.ResponseRecorder.Code, name)
		require.Equal(t, s.code, a.Problem.Code, name)
		require.Empty(t, got, name)
	}
	a := send("plain", "text/plain")
	require.Equal(t, 415, a.ResponseRecorder.Code)
	require.Equal(t, 401, b.do(t, "POST", "/api/v1/files", "x").ResponseRecorder.Code)
	a = b.do(t, "POST", "/api/v1/files", strings.Repeat("x", 2000))
	require.Equal(t, 413, a.ResponseRecorder.Code, "nobody in particular gets no large body read")
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	api.Raw(b.Desk, api.RawOp{Op: op("GET", "/api/v1/batches/{id}/export.csv", api.Only(kernel.RoleFinance)), Query: []string{"part"}, Produces: []string{"text/csv"}},
		func(x *api.Exchange) error {
			content := "id,part\n" + x.Param("id") + "," + x.Query("part") + "\n"
			return x.Download("拨付 2026;\"第1批\".csv", "text/csv; charset=utf-8", int64(len(content)), strings.NewReader(content))
		})
	api.Raw(b.Desk, api.RawOp{Op: op("GET", "/api/v1/claims/{id}/print", api.Public), Produces: []string{"text/html"}}, func(x *api.Exchange) error {
		return x.Inline("text/html; charset=utf-8", []byte("<style>p{}</style><p>云惠"))
	})
	as := []string{"Authorization", "Bearer finance"}
	w := b.get(t, "/api/v1/batches/7/export.csv?part=2", as...)
	require.Equal(t, 200, w.Code)
	require.Equal(t, "id,part\n7,2\n", w.Body.String())
	require.Equal(t, "12", w.Header().Get("Content-Length"))
	require.Equal(t, `attachment; filename="__ 2026___1__.csv"; filename*=UTF-8''%E6%8B%A8%E4%BB%98%202026%3B%22%E7%AC%AC1%E6%89%B9%22.csv`, w.Header().Get("Content-Disposition"))
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "sandbox")
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))

	require.Equal(t, 401, b.do(t, "GET", "/api/v1/batches/7/export.csv", "").ResponseRecorder.Code)
	require.Equal(t, 403, b.do(t, "GET", "/api/v1/batches/7/export.csv", "", "Authorization", "Bearer auditor").ResponseRecorder.Code)
	a := b.do(t, "GET", "/api/v1/batches/7/export.csv?prt=2", "", as...)
	require.Equal(t, map[string]string{"prt": "field.unknown"}, a.codes())
	a = b.do(t, "GET", "/api/v1/batches/7%E2%80%8B/export.csv", "", as...)
	require.Equal(t, map[string]string{"id": "field.hidden_characters"}, a.codes())

	w = b.get(t, "/api/v1/claims/7/print")
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "style-src 'unsafe-inline'")
	require.NotContains(t, w.Header().Get("Content-Security-Policy"), "script-src")
	w = httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "HEAD", "/api/v1/claims/7/print", nil))
	require.Equal(t, 200, w.Code)
	require.Empty(t, w.Body.String())
}
