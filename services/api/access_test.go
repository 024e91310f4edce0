package api_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

func TestEveryRouteForEveryRoleAndForNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	served := map[string]int{}
	for path, access := range map[string]api.Access{
		"/api/v1/open": api.Public, "/api/v1/members": api.AnyMember,
		"/api/v1/reviews": api.Only(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer), "/api/v1/batches": api.Only(kernel.RoleFinance),
	} {
		for _, method := range []string{"GET", "POST"} {
			api.Route(b.Desk, op(method, path, access), func(context.Context, *struct{}) (*struct{}, error) {
				served[method+path]++
				return nil, nil
			})
		}
	}
	walked := 0
	for _, r := range b.Routes() {
		for _, role := range append(kernel.Roles(), "") {
			if r.ID == "" {
				continue
			}
			actor, headers, want := kernel.Actor{}, []string{}, 204
			if role != "" {
				actor, headers = kernel.Actor{Person: "p", Role: role}, []string{"Authorization", "Bearer " + string(role)}
			}
			switch {
			case r.Access.Allows(actor):
			case actor.Anonymous():
				want = 401
			default:
				want = 403
			}
			before := served[r.Method+r.Path]
			a := b.do(t, r.Method, r.Path, "", headers...)
			require.Equal(t, want, a.ResponseRecorder.Code, "%s %s as %q", r.Method, r.Path, role)
			require.Equal(t, want == 204, served[r.Method+r.Path] == before+1, "only who may reaches the room")
			if want == 401 {
				require.NotEmpty(t, a.Header().Get("WWW-Authenticate"))
			}
			walked++
		}
	}
	require.Equal(t, 8*8, walked)
	require.False(t, api.Access{}.Allows(kernel.Actor{Person: "p", Role: kernel.RoleOperator}), "undeclared lets nobody in")
	require.False(t, api.Only(kernel.RoleFinance).Allows(kernel.System()))
}

func TestBadTokensAreRefusedEvenWhereNoneIsNeeded(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	var actor kernel.Actor
	reached := 0
	api.Route(b.Desk, op("GET", "/api/v1/open", api.Public), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		reached++
		actor = kernel.CallFrom(ctx).Actor
		return nil, nil
	})
	for header, want := range map[string]struct {
		status int
		code   string
	}{
		"Bearer nonsense": {401, "unauthenticated"}, "Bearer expired": {401, "token.expired"}, "Bearer system": {401, "unauthenticated"},
		"Basic YTpi": {401, "unauthenticated"}, "Bearer ": {401, "unauthenticated"}, "Bearer outage": {500, "internal"},
	} {
		a := b.do(t, "GET", "/api/v1/open", "", "Authorization", header)
		require.Equal(t, want.status, a.ResponseRecorder.Code, header)
		require.Equal(t, want.code, a.Problem.Code, header)
		require.NotContains(t, a.Body.String(), "10.1.2.3")
	}
	require.Zero(t, reached)
	require.Contains(t, b.log.String(), "connection refused", "the operator sees the cause")

	require.Equal(t, 204, b.do(t, "GET", "/api/v1/open", "", "Authorization", "bearer finance").ResponseRecorder.Code)
	require.Equal(t, kernel.RoleFinance, actor.Role)
	require.Equal(t, 204, b.do(t, "GET", "/api/v1/open", "").ResponseRecorder.Code)
	require.True(t, actor.Anonymous())
}

func TestRegistrationWithoutCareIsRefused(t *testing.T) {
	t.Parallel()
	handle := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	mistakes := map[string]func(*api.Op){
		"no access":             func(o *api.Op) { o.Access = api.Access{} },
		"no ID":                 func(o *api.Op) { o.ID = "" },
		"one language":          func(o *api.Op) { o.Summary.EN = "" },
		"outside the API":       func(o *api.Op) { o.Path = "/admin" },
		"a path with a mistake": func(o *api.Op) { o.Path = "/api/v1/things/:id" },
		"the ID of another":     func(o *api.Op) { o.ID = "first" },
		"the shape of another":  func(o *api.Op) { o.Path = "/api/v1/first/{other}" },
	}
	for name, spoil := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			first := op("GET", "/api/v1/first/{id}", api.Public)
			first.ID = "first"
			api.Route(b.Desk, first, handle)
			o := op("GET", "/api/v1/second", api.Public)
			spoil(&o)
			require.Panics(t, func() { api.Route(b.Desk, o, handle) })
		})
	}
	require.Panics(t, func() { api.Only() })
	require.Panics(t, func() { api.Only(kernel.RoleSystem) })
	require.Panics(t, func() { api.Only("mayor") })
}

func TestSideDoorsAreShut(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	require.Panics(t, func() { registerOnHuma(b.Desk) }, "huma without a declaration")

	b = newBench(t, nil)
	addOnFiber(b.Desk)
	require.Panics(t, func() { b.do(t, "GET", "/api/v1/anything", "") }, "fiber without a declaration")

	b = newBench(t, nil)
	require.Equal(t, 200, b.do(t, "GET", "/healthz", "").ResponseRecorder.Code)
	require.Panics(t, func() {
		api.Route(b.Desk, op("GET", "/api/v1/late", api.Public), func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	}, "an open desk takes no more routes")
}

func TestTheMoreSpecificRouteWinsInAnyOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, path := range []string{"/api/v1/offers/{id}", "/api/v1/offers/{id}/plans", "/api/v1/offers/mine", "/api/v1/offers", "/api/v1/offers/mine/plans"} {
		api.Route(b.Desk, op("GET", path, api.Public), func(context.Context, *struct{}) (*where, error) {
			return &where{Route: path}, nil
		})
	}
	for path, want := range map[string]string{
		"/api/v1/offers": "/api/v1/offers", "/api/v1/offers/7": "/api/v1/offers/{id}", "/api/v1/offers/mine": "/api/v1/offers/mine",
		"/api/v1/offers/7/plans": "/api/v1/offers/{id}/plans", "/api/v1/offers/mine/plans": "/api/v1/offers/mine/plans",
	} {
		require.Equal(t, want, b.do(t, "GET", path, "").Header().Get("X-Route"), path)
	}
}

type where struct {
	Route string `header:"X-Route"`
}

func TestWritesByCookieComeFromThisSiteOnly(t *testing.T) {
	t.Parallel()
	for _, s := range []struct {
		public  string
		headers []string
		want    int
	}{
		{"https://yunhui.example", nil, 204},
		{"https://yunhui.example", []string{"Sec-Fetch-Site", "same-origin", "Origin", "https://yunhui.example"}, 204},
		{"https://yunhui.example", []string{"Origin", "https://yunhui.example"}, 204},
		{"https://yunhui.example", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"https://yunhui.example", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"https://yunhui.example", []string{"Sec-Fetch-Site", "none"}, 403},
		{"https://yunhui.example", []string{"Origin", "https://evil.example"}, 403},
		{"https://yunhui.example", []string{"Origin", "http://yunhui.example"}, 403},
		{"https://yunhui.example", []string{"Origin", "null"}, 403},
		{"", []string{"Origin", "http://example.com"}, 204},
		{"", []string{"Origin", "http://evil.example", "X-Forwarded-Host", "evil.example"}, 403},
	} {
		t.Run(fmt.Sprint(s.public, s.headers), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(o *api.Options) { o.PublicURL = s.public })
			o := op("POST", "/api/v1/auth/refresh", api.Public)
			o.Cookie = true
			reached := false
			api.Route(b.Desk, o, func(_ context.Context, in *struct {
				Refresh string `cookie:"refresh"`
			}) (*struct{}, error) {
				reached = true
				require.Equal(t, "r1", in.Refresh)
				return nil, nil
			})
			a := b.do(t, "POST", "/api/v1/auth/refresh", "", append(s.headers, "Cookie", "refresh=r1")...)
			require.Equal(t, s.want, a.ResponseRecorder.Code)
			require.Equal(t, s.want == 204, reached)
		})
	}
}

func TestAnonymousWritesAreCountedByAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *api.Options) { o.AnonymousWrites = 2 })
	handle := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	api.Route(b.Desk, op("POST", "/api/v1/demands", api.Public), handle)
	api.Route(b.Desk, op("GET", "/api/v1/offers", api.Public), handle)
	quote := op("POST", "/api/v1/quotes", api.Public)
	quote.Unmetered = true
	api.Route(b.Desk, quote, handle)

	post := func(headers ...string) answer { return b.do(t, "POST", "/api/v1/demands", "", headers...) }
	require.Equal(t, 204, post().ResponseRecorder.Code)
	require.Equal(t, 204, post("X-Forwarded-For", "203.0.113.9").ResponseRecorder.Code)
	a := post("X-Forwarded-For", "203.0.113.10")
	require.Equal(t, 429, a.ResponseRecorder.Code, "an address that the visitor claims does not help")
	require.Equal(t, "throttled", a.Problem.Code)
	require.Equal(t, "60", a.Header().Get("Retry-After"))
	require.Equal(t, 204, post("Authorization", "Bearer enterprise").ResponseRecorder.Code, "members are not anonymous")
	require.Equal(t, 204, b.do(t, "GET", "/api/v1/offers", "").ResponseRecorder.Code)
	require.Equal(t, 204, b.do(t, "POST", "/api/v1/quotes", "").ResponseRecorder.Code)
	b.clock.Advance(61e9)
	require.Equal(t, 204, post().ResponseRecorder.Code)
}
