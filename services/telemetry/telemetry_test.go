package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/services/telemetry"
)

func TestLinesCarryTheRequestAndHideSecrets(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, err := telemetry.NewLogger(&out, "info", "json")
	require.NoError(t, err)
	ctx := kernel.WithCall(context.Background(), kernel.Call{RequestID: "r-1", Actor: kernel.Actor{Person: "p-1"}})

	log.With("room", "desk").WarnContext(ctx, "login refused", "login", "wang", "password", "hunter2",
		slog.Group("headers", "Authorization", "Bearer abc", "refresh_token", "xyz"))
	log.DebugContext(ctx, "too fine to be written")

	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line), out.String())
	require.Equal(t, "r-1", line["request_id"])
	require.Equal(t, "p-1", line["person"])
	require.Equal(t, "desk", line["room"])
	require.Equal(t, "[hidden]", line["password"])
	for _, secret := range []string{"hunter2", "abc", "xyz"} {
		require.NotContains(t, out.String(), secret)
	}
}

func TestUnknownLevelsAndFormatsAreRefused(t *testing.T) {
	t.Parallel()
	_, err := telemetry.NewLogger(&bytes.Buffer{}, "loud", "json")
	require.ErrorContains(t, err, "loud")
	_, err = telemetry.NewLogger(&bytes.Buffer{}, "info", "xml")
	require.ErrorContains(t, err, "xml")
}

func TestReadingsNameRouteMethodAndStatus(t *testing.T) {
	t.Parallel()
	reg := telemetry.NewRegistry()
	meter := telemetry.NewRequests(reg).Route("GET", "/api/v1/offers/{id}")
	meter.Observe(200, 3*time.Millisecond)
	meter.Observe(200, time.Millisecond)
	meter.Observe(404, time.Millisecond)
	meter.Observe(9999, time.Millisecond)
	(*telemetry.RouteMeter)(nil).Observe(200, 0)
	reg.Counter("retries_total", "Retries.", "why").WithLabelValues("deadlock").Inc()
	reg.Gauge("depth", "Depth.", "queue").WithLabelValues("outbox").Set(7)
	reg.GaugeFunc("age_seconds", "Age.", func() float64 { return 1.5 })

	rec := httptest.NewRecorder()
	reg.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	for _, want := range []string{
		`yunhui_http_requests_total{method="GET",route="/api/v1/offers/{id}",status="200"} 2`,
		`yunhui_http_requests_total{method="GET",route="/api/v1/offers/{id}",status="404"} 1`,
		`yunhui_http_request_seconds_count{method="GET",route="/api/v1/offers/{id}"} 3`,
		`yunhui_retries_total{why="deadlock"} 1`, `yunhui_depth{queue="outbox"} 7`, `yunhui_age_seconds 1.5`, "go_goroutines",
	} {
		require.Contains(t, rec.Body.String(), want)
	}
	require.Panics(t, func() { reg.Gauge("depth", "Depth.") }, "a name is taken once")
}
