package api_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

// documented registers a bit of everything.
func documented(t testing.TB) bench {
	b := newBench(t, nil)
	o := op("POST", "/api/v1/claims", api.Only(kernel.RoleEnterprise))
	o.Tags, o.About, o.Errors = []string{"申报"}, kernel.T("长一点", "A bit longer"), []kernel.Kind{kernel.KindConflict}
	o.Status = 201
	api.Route(b.Desk, o, func(context.Context, *claimInput) (*claimOutput, error) { return &claimOutput{}, nil })
	api.Route(b.Desk, op("GET", "/api/v1/policies/{code}/offers", api.Public), func(context.Context, *listInput) (*listOutput, error) { return nil, nil })
	api.Raw(b.Desk, api.RawOp{Op: op("POST", "/api/v1/files/{id}", api.AnyMember), Files: []string{"file"}, Fields: []string{"kind"}, Query: []string{"q"}, Answer: listedOffer{}},
		func(x *api.Exchange) error { return x.NoContent() })
	return b
}

func TestTheDocumentSaysWhoMayAndWhatComesBack(t *testing.T) {
	t.Parallel()
	b := documented(t)
	require.Equal(t, 201, b.do(t, "POST", "/api/v1/claims", `{"name":"云惠","kind":"setup"}`, "Authorization", "Bearer enterprise").ResponseRecorder.Code)
	raw, err := b.OpenAPI()
	require.NoError(t, err)
	again, err := documented(t).OpenAPI()
	require.NoError(t, err)
	require.Equal(t, string(raw), string(again), "the same routes give the same bytes")
	require.Equal(t, string(raw), b.get(t, "/openapi.json").Body.String())

	var doc struct {
		OpenAPI    string
		Paths      map[string]map[string]map[string]any
		Components struct{ Schemas map[string]map[string]any }
	}
	require.NoError(t, json.Unmarshal(raw, &doc))
	require.Equal(t, "3.1.0", doc.OpenAPI)
	require.Len(t, doc.Paths, 3, "the desk's own routes are not part of the API")

	claim := doc.Paths["/api/v1/claims"]["post"]
	require.Equal(t, []any{"enterprise"}, claim["x-roles"])
	require.Equal(t, []any{map[string]any{"bearer": []any{}}}, claim["security"])
	require.Equal(t, "试", claim["summary"])
	require.Equal(t, "Try", claim["x-summary-en"])
	for _, status := range []string{"201", "401", "403", "409", "422", "500"} {
		require.Contains(t, claim["responses"], status)
	}
	offers := doc.Paths["/api/v1/policies/{code}/offers"]["get"]
	require.Equal(t, []any{"public"}, offers["x-roles"])
	require.Equal(t, []any{map[string]any{}, map[string]any{"bearer": []any{}}}, offers["security"])
	require.Contains(t, offers["responses"], "404")
	upload := doc.Paths["/api/v1/files/{id}"]["post"]
	require.Equal(t, []any{"member"}, upload["x-roles"])
	require.Contains(t, upload["requestBody"].(map[string]any)["content"], "multipart/form-data")
	require.Contains(t, upload["responses"].(map[string]any)["200"].(map[string]any)["content"], "application/json")
	require.Contains(t, doc.Components.Schemas, "ListedOffer")
	require.Contains(t, doc.Components.Schemas, "Problem")
	require.Contains(t, string(raw), `"Idempotency-Key"`)
	require.NotContains(t, string(raw), `"null"`, "lists are never null")
}

func TestDocsNeedNobodyElse(t *testing.T) {
	t.Parallel()
	b := documented(t)
	page := b.get(t, "/docs")
	require.Equal(t, 200, page.Code)
	require.Contains(t, page.Header().Get("Content-Security-Policy"), "script-src 'self'")
	for _, path := range []string{"/docs", "/docs/docs.js", "/docs/docs.css"} {
		w := b.get(t, path)
		require.Equal(t, 200, w.Code, path)
		require.NotContains(t, w.Body.String(), "http://", path)
		require.NotContains(t, w.Body.String(), "https://", path)
		require.NotContains(t, w.Body.String(), "innerHTML", path)
		require.NotContains(t, w.Body.String(), "<script>", path)
	}
}

func TestCursors(t *testing.T) {
	t.Parallel()
	type position struct {
		Sort  string
		Price kernel.Fen
		ID    kernel.ID
	}
	want := position{"price", 12345, "0190163d-8694-739b-aea5-966c26f8ad90"}
	text, err := api.CursorAt(want)
	require.NoError(t, err)
	got, ok, err := api.PositionOf[position](api.Page{Cursor: text})
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, want, got)
	_, ok, err = api.PositionOf[position](api.Page{})
	require.NoError(t, err)
	require.False(t, ok)
	for _, bad := range []string{"x", "1.", "2" + text[1:], text + "x", text[:len(text)-3], "1.e30", "1.***", "1.WzFd"} {
		_, _, err := api.PositionOf[position](api.Page{Cursor: bad})
		require.True(t, kernel.IsCode(err, "cursor.invalid"), bad)
	}
}
