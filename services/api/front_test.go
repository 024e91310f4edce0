package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

func TestErrorsBecomeProblemsAndSecretsStayInTheLog(t *testing.T) {
	t.Parallel()
	cause := errors.New("SELECT * FROM people: disk I/O error at /var/lib")
	for name, s := range map[string]struct {
		err    error
		status int
		code   string
		logged bool
	}{
		"not found":        {kernel.NotFound(kernel.T("申请", "claim")), 404, "not_found", false},
		"conflict":         {fmt.Errorf("submit: %w", kernel.Conflict("claim.invoice_used", kernel.T("发票已使用", "The invoice is used"))), 409, "claim.invoice_used", false},
		"forbidden":        {kernel.Forbidden(), 403, "forbidden", false},
		"throttled":        {kernel.Fail(kernel.KindThrottled, "login.throttled", kernel.T("稍后再试", "Later")), 429, "login.throttled", false},
		"with a cause":     {kernel.Invalid("file.unreadable", kernel.T("文件无法读取", "Unreadable")).Because(cause), 422, "file.unreadable", true},
		"unavailable":      {kernel.Fail(kernel.KindUnavailable, "queue.down", kernel.T("稍后再试", "Later")).Because(cause), 503, "queue.down", true},
		"ours":             {fmt.Errorf("list: %w", cause), 500, "internal", true},
		"ours, with words": {kernel.Fail(kernel.KindInternal, "ledger.broken", kernel.T("账不平 /var/lib", "SELECT")).Because(cause), 500, "internal", true},
		"a kind of no one": {kernel.Fail("odd", "odd", kernel.T("怪", "SELECT")).Because(cause), 500, "internal", true},
		"too slow":         {fmt.Errorf("query: %w", context.DeadlineExceeded), 503, "timeout", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			api.Route(b.Desk, op("GET", "/api/v1/fail", api.Public), func(context.Context, *struct{}) (*struct{}, error) { return nil, s.err })
			api.Raw(b.Desk, api.RawOp{Op: op("GET", "/api/v1/raw", api.Public)}, func(*api.Exchange) error { return s.err })
			for _, path := range []string{"/api/v1/fail", "/api/v1/raw"} {
				a := b.do(t, "GET", path, "")
				require.Equal(t, s.status, a.ResponseRecorder.Code)
				require.Equal(t, s.code, a.Problem.Code)
				for _, secret := range []string{"SELECT", "/var/lib", "disk"} {
					require.NotContains(t, a.Body.String(), secret)
				}
			}
			require.Equal(t, s.logged, strings.Contains(b.log.String(), "disk I/O error"), b.log.String())
		})
	}
}

func TestPanicsAreSurvivedAndRecorded(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	api.Route(b.Desk, op("GET", "/api/v1/panic", api.Public), func(context.Context, *struct{}) (*struct{}, error) { panic("the drawer is stuck") })
	a := b.do(t, "GET", "/api/v1/panic", "")
	require.Equal(t, 500, a.ResponseRecorder.Code)
	require.Equal(t, "internal", a.Problem.Code)
	for _, inner := range []string{"drawer", "goroutine", ".go"} {
		require.NotContains(t, a.Body.String(), inner)
	}
	require.Equal(t, "nosniff", a.Header().Get("X-Content-Type-Options"), "a failure is dressed too")
	require.Contains(t, b.log.String(), "the drawer is stuck")
	require.Contains(t, b.log.String(), "front_test.go")
	require.Equal(t, 200, b.do(t, "GET", "/healthz", "").ResponseRecorder.Code)
}

func TestWrongAddressesAndMethods(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	handle := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	api.Route(b.Desk, op("GET", "/api/v1/claims", api.Public), handle)
	api.Route(b.Desk, op("POST", "/api/v1/claims", api.Public), handle)
	for _, s := range []struct {
		method, path string
		status       int
		code, allow  string
	}{
		{"GET", "/api/v1/clams", 404, "route.not_found", ""},
		{"GET", "/API/V1/claims", 404, "route.not_found", ""},
		{"GET", "/nowhere", 404, "route.not_found", ""},
		{"DELETE", "/api/v1/claims", 405, "route.method_not_allowed", "GET, POST"},
		{"OPTIONS", "/api/v1/claims", 405, "route.method_not_allowed", "GET, POST"},
		{"POST", "/openapi.json", 405, "route.method_not_allowed", "GET"},
		{"BREW", "/api/v1/claims", 501, "route.method_unknown", ""},
	} {
		a := b.do(t, s.method, s.path, "")
		require.Equal(t, s.status, a.ResponseRecorder.Code, "%s %s", s.method, s.path)
		require.Equal(t, s.code, a.Problem.Code)
		require.Equal(t, s.allow, a.Header().Get("Allow"))
	}
	require.Equal(t, 204, b.do(t, "HEAD", "/api/v1/claims", "").ResponseRecorder.Code)
}

func TestAnswersSpeakTheCallersLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	var spoken string
	api.Route(b.Desk, op("GET", "/api/v1/claims", api.Public), func(ctx context.Context, _ *struct {
		N int `query:"n" minimum:"1"`
	}) (*struct{}, error) {
		spoken = kernel.CallFrom(ctx).Language
		return nil, kernel.Forbidden()
	})
	for accept, want := range map[string]string{
		"": "zh-CN", "en": "en", "en-GB,en;q=0.9": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh-CN", "en;q=0.5, zh;q=0.6": "zh-CN",
		"fr": "zh-CN", "fr, en;q=0.1": "en", "*": "zh-CN", "en;q=0": "zh-CN", "en;q=x;;,": "zh-CN", "zh-Hant;q=0.3,en-US": "en",
	} {
		a := b.do(t, "GET", "/api/v1/claims", "", "Accept-Language", accept)
		require.Equal(t, want, spoken, accept)
		require.Equal(t, want, a.Header().Get("Content-Language"))
		require.Equal(t, want == "en", strings.Contains(a.Detail, "Your role"), a.Detail)
	}
	a := b.do(t, "GET", "/api/v1/claims?n=0", "", "Accept-Language", "en")
	require.Equal(t, "This must be at least 1", a.Errors[0].Message)
	a = b.do(t, "GET", "/api/v1/claims?n=0", "")
	require.Equal(t, "不能小于 1", a.Errors[0].Message)
}

func TestForwardedAddressesAreReadFromTheRight(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *api.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	})
	far := newBench(t, nil)
	var call kernel.Call
	for _, one := range []bench{b, far} {
		api.Route(one.Desk, op("GET", "/api/v1/me", api.Public), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			call = kernel.CallFrom(ctx)
			return nil, nil
		})
	}
	// the visits come from 192.0.2.1, a trusted proxy
	for forwarded, want := range map[string]string{
		"":                                   "192.0.2.1",
		"203.0.113.9":                        "203.0.113.9",
		"6.6.6.6, 203.0.113.9":               "203.0.113.9",
		"6.6.6.6, 203.0.113.9, 192.0.2.7":    "203.0.113.9",
		"6.6.6.6, 203.0.113.9, 2001:db8::7":  "203.0.113.9",
		"192.0.2.9, 192.0.2.8":               "192.0.2.9",
		"6.6.6.6, nonsense":                  "192.0.2.1",
		"6.6.6.6, nonsense, 192.0.2.7":       "192.0.2.7",
		"203.0.113.9:4711":                   "203.0.113.9",
		"[2001:dead::1]:4711":                "2001:dead::1",
		"::ffff:203.0.113.9":                 "203.0.113.9",
		"6.6.6.6, <script>alert(1)</script>": "192.0.2.1",
	} {
		b.do(t, "GET", "/api/v1/me", "", "X-Forwarded-For", forwarded, "X-Real-IP", "7.7.7.7")
		require.Equal(t, want, call.Address, forwarded)
		far.do(t, "GET", "/api/v1/me", "", "X-Forwarded-For", forwarded, "X-Real-IP", "7.7.7.7")
		require.Equal(t, "192.0.2.1", call.Address, "nobody is trusted here")
	}

	b.do(t, "GET", "/api/v1/me", "", "X-Request-Id", "edge-42")
	require.Equal(t, "edge-42", call.RequestID, "a trusted proxy numbers requests")
	b.do(t, "GET", "/api/v1/me", "", "X-Request-Id", "bad id\u00e9")
	require.NotEqual(t, "bad id\u00e9", call.RequestID)
	far.do(t, "GET", "/api/v1/me", "", "X-Request-Id", "edge-42")
	require.NotEqual(t, "edge-42", call.RequestID)
}

func TestHandlersHaveATimeThatDoesNotDependOnTheConnection(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *api.Options) { o.RequestTimeout = time.Millisecond })
	api.Route(b.Desk, op("GET", "/api/v1/slow", api.Public), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	a := b.do(t, "GET", "/api/v1/slow", "")
	require.Equal(t, 503, a.ResponseRecorder.Code)
	require.Equal(t, "timeout", a.Problem.Code)
}

func TestAnswersAreDressed(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *api.Options) { o.PublicURL = "https://yunhui.example" })
	api.Route(b.Desk, op("GET", "/api/v1/me", api.Public), func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	for _, path := range []string{"/api/v1/me", "/api/v1/nothing", "/docs", "/healthz"} {
		h := b.do(t, "GET", path, "").Header()
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Contains(t, h.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.NotContains(t, h.Get("Content-Security-Policy"), "script-src 'unsafe", path)
		require.Equal(t, "max-age=31536000", h.Get("Strict-Transport-Security"), path)
		require.Empty(t, h.Get("Server"), path)
	}
	require.Equal(t, "no-store", b.do(t, "GET", "/api/v1/me", "").Header().Get("Cache-Control"))
	plain := newBench(t, nil)
	require.Empty(t, plain.do(t, "GET", "/healthz", "").Header().Get("Strict-Transport-Security"))
}

func TestReadinessAsksAtMostOnceASecondAndTellsNoCause(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	var fail error
	asked := 0
	b.CheckReadiness("database", func(context.Context) error { asked++; return fail })
	status := func() (int, map[string]any) {
		a := b.get(t, "/readyz")
		var body map[string]any
		require.NoError(t, json.Unmarshal(a.Body.Bytes(), &body))
		return a.Code, body
	}
	code, body := status()
	require.Equal(t, 200, code)
	require.Equal(t, "ready", body["status"])
	fail = errStoreDown
	code, _ = status()
	require.Equal(t, 200, code, "asked a moment ago")
	require.Equal(t, 1, asked)
	b.clock.Advance(time.Second)
	code, body = status()
	require.Equal(t, 503, code)
	require.NotContains(t, fmt.Sprint(body), "10.1.2.3")
	require.Contains(t, b.log.String(), "10.1.2.3")
	fail = nil
	b.clock.Advance(time.Second)
	require.NoError(t, b.Shutdown(context.Background()))
	code, _ = status()
	require.Equal(t, 503, code, "a desk that closes takes nobody more")
}

func TestMetricsCountByTemplate(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	api.Route(b.Desk, op("GET", "/api/v1/offers/{id}", api.Public), func(context.Context, *struct {
		ID string `path:"id"`
	}) (*struct{}, error) {
		return nil, nil
	})
	for i := range 3 {
		b.do(t, "GET", fmt.Sprintf("/api/v1/offers/%d", i), "")
		b.do(t, "GET", fmt.Sprintf("/wp-login/%d", i), "")
	}
	text := b.get(t, "/metrics").Body.String()
	require.Contains(t, text, `yunhui_http_requests_total{method="GET",route="/api/v1/offers/{id}",status="204"} 3`)
	require.Contains(t, text, `yunhui_http_requests_total{method="any",route="unrouted",status="404"} 3`)
	require.NotContains(t, text, "wp-login")
}
