package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

func TestEveryMalformedInputIsNamed(t *testing.T) {
	t.Parallel()
	const ok = `"name":"云惠","kind":"setup"`
	type codes = map[string]string
	scenarios := []struct {
		name, body string
		status     int
		code       string
		fields     codes
	}{
		{"good", `{` + ok + `,"at":"2026-11-23T08:00:00Z","day":"2026-11-23","invoices":[{"number":"12345678","amount_fen":1}]}`, 200, "", nil},
		{"rare characters are good", `{"name":"𠮷祥𬭎","kind":"setup"}`, 200, "", nil},
		{"ten characters are ten, not thirty bytes", `{"name":"` + strings.Repeat("云", 10) + `","kind":"setup"}`, 200, "", nil},
		{"no body", ``, 400, "body.required", nil},
		{"cut off", `{"name":`, 400, "malformed_json", codes{}},
		{"more after the end", `{` + ok + `}{}`, 400, "malformed_json", codes{}},
		{"not an object", `[]`, 422, "invalid_input", codes{"": "field.type"}},
		{"missing", `{}`, 422, "invalid_input", codes{"name": "field.required", "kind": "field.required"}},
		{"null", `{"name":null,"kind":"setup"}`, 422, "invalid_input", codes{"name": "field.type"}},
		{"wrong types", `{"name":1,"kind":true,"seats":"9","paid":"yes","invoices":{}}`, 422, "invalid_input",
			codes{"name": "field.type", "kind": "field.type", "seats": "field.type", "paid": "field.type", "invoices": "field.type"}},
		{"unknown", `{` + ok + `,"colour":"red"}`, 422, "invalid_input", codes{"colour": "field.unknown"}},
		{"another case is another name", `{"NAME":"云惠","kind":"setup"}`, 422, "invalid_input", codes{"NAME": "field.unknown", "name": "field.required"}},
		{"too long", `{"name":"` + strings.Repeat("云", 11) + `","kind":"setup"}`, 422, "invalid_input", codes{"name": "field.too_long"}},
		{"too short", `{"name":"云","kind":"setup"}`, 422, "invalid_input", codes{"name": "field.too_short"}},
		{"no such choice", `{"name":"云惠","kind":"other"}`, 422, "invalid_input", codes{"kind": "field.choice"}},
		{"out of range", `{` + ok + `,"seats":1001}`, 422, "invalid_input", codes{"seats": "field.range"}},
		{"not whole", `{` + ok + `,"seats":1.5}`, 422, "invalid_input", codes{"seats": "field.type"}},
		{"no such day", `{` + ok + `,"day":"2026-02-30","at":"yesterday"}`, 422, "invalid_input", codes{"day": "field.format", "at": "field.format"}},
		{"no ID", `{` + ok + `,"enterprise":"../../etc/passwd"}`, 422, "invalid_input", codes{"enterprise": "field.pattern"}},
		{"deep down", `{` + ok + `,"invoices":[{"number":"12345678","amount_fen":1},{"number":"123456ab","amount_fen":0},{"amount_fen":-1,"extra":1}]}`, 422, "invalid_input",
			codes{"invoices[1].number": "field.pattern", "invoices[1].amount_fen": "field.range", "invoices[2].number": "field.required", "invoices[2].amount_fen": "field.range", "invoices[2].extra": "field.unknown"}},
		{"too many", `{` + ok + `,"invoices":[{"number":"12345678","amount_fen":1},{"number":"12345678","amount_fen":1},{"number":"12345678","amount_fen":1},{"number":"12345678","amount_fen":1}]}`,
			422, "invalid_input", codes{"invoices": "field.too_many"}},
		{"money beyond all", `{` + ok + `,"invoices":[{"number":"12345678","amount_fen":1e30}]}`, 422, "invalid_input", codes{"invoices[0].amount_fen": "field.range"}},
		{"money as text", `{` + ok + `,"invoices":[{"number":"12345678","amount_fen":"12.30"}]}`, 422, "invalid_input", codes{"invoices[0].amount_fen": "field.type"}},
		{"a number that no integer holds", `{` + ok + `,"seats":1e2}`, 422, "invalid_input", codes{"seats": "field.range"}},
		{"zero-width", `{"name":"云\u200b惠","kind":"setup"}`, 422, "invalid_input", codes{"name": "field.hidden_characters"}},
		{"bidi, raw", "{\"name\":\"云\u202e惠\",\"kind\":\"setup\"}", 422, "invalid_input", codes{"name": "field.hidden_characters"}},
		{"NUL", `{"name":"云\u0000惠","kind":"setup"}`, 422, "invalid_input", codes{"name": "field.hidden_characters"}},
		{"broken UTF-8", "{\"name\":\"云\xff惠\",\"kind\":\"setup\"}", 422, "invalid_input", codes{"name": "field.hidden_characters"}},
		{"hidden where anything goes", `{` + ok + `,"notes":{"a":["x","y\u200b"]}}`, 422, "invalid_input", codes{"notes.a[1]": "field.hidden_characters"}},
		{"hidden in a name of a field", `{` + ok + `,"notes":{"a\u200b":1}}`, 422, "invalid_input", codes{"notes": "field.hidden_characters"}},
		{"hidden and otherwise wrong, told at once", `{"name":"云\u200b惠","kind":"other"}`, 422, "invalid_input", codes{"name": "field.hidden_characters", "kind": "field.choice"}},
	}
	calls := 0
	b := newBench(t, func(o *api.Options) { o.AnonymousWrites = -1 })
	api.Route(b.Desk, op("POST", "/api/v1/claims", api.Public), func(_ context.Context, in *claimInput) (*claimOutput, error) {
		calls++
		out := &claimOutput{}
		out.Body.Name = in.Body.Name
		return out, nil
	})
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			before := calls
			a := b.do(t, "POST", "/api/v1/claims", s.body)
			require.Equal(t, s.status, a.ResponseRecorder.Code, a.Body.String())
			if s.status == 200 {
				require.Equal(t, before+1, calls)
				require.Contains(t, a.Body.String(), `"items":[]`, "a list without entries is []")
				return
			}
			require.Equal(t, before, calls, "what is refused must not reach the room")
			require.Equal(t, s.code, a.Problem.Code)
			if s.fields != nil {
				require.Equal(t, s.fields, a.codes(), a.Body.String())
			}
			for _, f := range a.Errors {
				require.NotEmpty(t, f.Message)
			}
			require.NotContains(t, a.Body.String(), "{}", "every sentence is filled in")
		})
	}
	require.NotContains(t, b.log.String(), "level=ERROR")
}

type listInput struct {
	api.Page
	Q     string   `query:"q" maxLength:"20"`
	Sort  string   `query:"sort" enum:"price,name"`
	Kinds []string `query:"kind"`
	Code  string   `path:"code" maxLength:"20"`
}

type listOutput struct {
	Body api.List[string]
}

func TestParametersAreChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	var got listInput
	api.Route(b.Desk, op("GET", "/api/v1/policies/{code}/offers", api.Public), func(_ context.Context, in *listInput) (*listOutput, error) {
		got = *in
		return &listOutput{}, nil
	})
	root := "/api/v1/policies/cq-2026/offers"
	require.Equal(t, 200, b.do(t, "GET", root+"?q=%E4%BA%91&kind=a,b&page_size=7", "").ResponseRecorder.Code)
	require.Equal(t, listInput{Page: api.Page{PageSize: 7}, Q: "云", Kinds: []string{"a", "b"}, Code: "cq-2026"}, got)

	a := b.do(t, "GET", "/api/v1/policies/%E9%87%8D%E5%BA%86/offers", "")
	require.Equal(t, 200, a.ResponseRecorder.Code)
	require.Equal(t, "重庆", got.Code, "parameters of the path are decoded")
	require.Equal(t, 20, got.PageSize)
	require.JSONEq(t, `{"items":[],"next_cursor":""}`, a.Body.String())

	a = b.do(t, "GET", root+"?page_size=101&sort=colour&q=a%E2%80%8Bb&collor=red", "")
	require.Equal(t, 422, a.ResponseRecorder.Code)
	require.Equal(t, map[string]string{"page_size": "field.range", "sort": "field.choice", "q": "field.hidden_characters", "collor": "field.unknown"}, a.codes())

	a = b.do(t, "GET", root+"?page_size=many", "")
	require.Equal(t, map[string]string{"page_size": "field.type"}, a.codes())
	a = b.do(t, "GET", root+"?q=%FF", "")
	require.Equal(t, map[string]string{"q": "field.hidden_characters"}, a.codes())
	a = b.do(t, "GET", "/api/v1/policies/a%E2%80%8Bb/offers", "")
	require.Equal(t, map[string]string{"code": "field.hidden_characters"}, a.codes())
}

func TestBodiesMustBePlainJSONOfBoundedSize(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *api.Options) { o.MaxBody = 2000 })
	small := op("POST", "/api/v1/small", api.Public)
	small.MaxBody = 100
	handle := func(_ context.Context, _ *struct{ Body map[string]string }) (*struct{}, error) { return nil, nil }
	api.Route(b.Desk, small, handle)
	api.Route(b.Desk, op("POST", "/api/v1/usual", api.Public), handle)

	fits := func(n int) string { return `{"a":"` + strings.Repeat("x", n-8) + `"}` }
	require.Equal(t, 204, b.do(t, "POST", "/api/v1/small", fits(100)).ResponseRecorder.Code)
	for target, size := range map[string]int{"/api/v1/small": 101, "/api/v1/usual": 2001} {
		a := b.do(t, "POST", target, fits(size))
		require.Equal(t, 413, a.ResponseRecorder.Code)
		require.Equal(t, "body.too_large", a.Problem.Code)
	}
	a := b.do(t, "POST", "/api/v1/usual", "a=1", "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, 415, a.ResponseRecorder.Code)
	a = b.do(t, "POST", "/api/v1/usual", "\x1f\x8b", "Content-Encoding", "gzip")
	require.Equal(t, 415, a.ResponseRecorder.Code)
	require.Equal(t, "body.encoding", a.Problem.Code)
}

func TestIdempotencyKeysAndFingerprints(t *testing.T) {
	t.Parallel()
	var call kernel.Call
	b := newBench(t, nil)
	api.Route(b.Desk, op("POST", "/api/v1/things/{id}", api.Public), func(ctx context.Context, _ *struct {
		ID   string `path:"id"`
		Body map[string]string
	}) (*struct{}, error) {
		call = kernel.CallFrom(ctx)
		return nil, nil
	})
	send := func(target, body, key string) answer {
		return b.do(t, "POST", target, body, "Idempotency-Key", key)
	}
	require.Equal(t, http.StatusNoContent, send("/api/v1/things/1", `{}`, "k-1").ResponseRecorder.Code)
	first := call
	require.Equal(t, "k-1", first.IdempotencyKey)
	require.Len(t, first.Fingerprint, 64)
	send("/api/v1/things/1", `{}`, "k-1")
	require.Equal(t, first.Fingerprint, call.Fingerprint)
	send("/api/v1/things/2", `{}`, "k-1")
	require.NotEqual(t, first.Fingerprint, call.Fingerprint)
	send("/api/v1/things/1", `{"a":"b"}`, "k-1")
	require.NotEqual(t, first.Fingerprint, call.Fingerprint)
	b.do(t, "POST", "/api/v1/things/1", `{}`)
	require.Empty(t, call.Fingerprint)

	for _, bad := range []string{strings.Repeat("k", 65), "a b", "钥匙"} {
		a := send("/api/v1/things/1", `{"a":1}`, bad)
		require.Equal(t, 422, a.ResponseRecorder.Code)
		require.Equal(t, map[string]string{"Idempotency-Key": "field.pattern", "a": "field.type"}, a.codes())
	}
}
