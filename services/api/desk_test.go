package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/telemetry"
)

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// doorman knows people by tokens that are the names of their roles.
type doorman struct{}

var errStoreDown = errors.New("dial tcp 10.1.2.3:3306: connection refused")

func (doorman) Authenticate(_ context.Context, bearer string) (kernel.Actor, error) {
	switch bearer {
	case "outage":
		return kernel.Actor{}, errStoreDown
	case "expired":
		return kernel.Actor{}, kernel.Fail(kernel.KindUnauthenticated, "token.expired", kernel.T("登录已过期", "Your login has expired"))
	case "system":
		return kernel.System(), nil
	}
	for _, r := range kernel.Roles() {
		if bearer == string(r) {
			return kernel.Actor{Person: "p-1", Org: "o-1", Role: r}, nil
		}
	}
	return kernel.Actor{}, kernel.Unauthenticated()
}

type bench struct {
	*api.Desk
	clock *kernel.ManualClock
	log   *strings.Builder
}

func newBench(t testing.TB, change func(*api.Options)) bench {
	t.Helper()
	var log strings.Builder
	clock := kernel.NewManualClock(noon)
	o := api.Options{
		Log: slog.New(slog.NewTextHandler(&log, nil)), Clock: clock, Authenticator: doorman{}, Metrics: telemetry.NewRegistry(),
	}
	if change != nil {
		change(&o)
	}
	return bench{Desk: api.New(o), clock: clock, log: &log}
}

// op is a valid declaration for tests to vary.
func op(method, path string, access api.Access) api.Op {
	id := strings.ToLower(method) + strings.NewReplacer("/api/v1", "", "/", "-", "{", "", "}", "", "_", "-", ".", "-").Replace(path)
	return api.Op{ID: id, Method: method, Path: path, Access: access, Summary: kernel.T("试", "Try")}
}

type answer struct {
	*httptest.ResponseRecorder
	api.Problem
}

func (a answer) codes() map[string]string {
	codes := map[string]string{}
	for _, f := range a.Errors {
		codes[f.Path] = f.Code
	}
	return codes
}

func (b bench) do(t testing.TB, method, target, body string, headers ...string) answer {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(context.Background(), method, target, content)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	a := answer{ResponseRecorder: w}
	if w.Code >= 400 && method != http.MethodHead {
		require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"), w.Body.String())
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &a.Problem), w.Body.String())
		require.Equal(t, w.Code, a.Status)
		require.Equal(t, w.Header().Get("X-Request-Id"), a.RequestID)
		require.NotEmpty(t, a.Problem.Code)
		require.NotEmpty(t, a.Detail)
		require.NotEmpty(t, a.Title)
		require.Equal(t, "urn:yunhui:problem:"+a.Problem.Code, a.Type)
	}
	return a
}

type invoice struct {
	Number string     `json:"number" minLength:"8" maxLength:"20" pattern:"^[0-9]+$"`
	Fen    kernel.Fen `json:"amount_fen" minimum:"1"`
}

type claimInput struct {
	Body struct {
		Name     string      `json:"name" minLength:"2" maxLength:"10"`
		Kind     string      `json:"kind" enum:"setup,usage"`
		Seats    int         `json:"seats,omitempty" minimum:"1" maximum:"1000"`
		Paid     bool        `json:"paid,omitempty"`
		Day      kernel.Date `json:"day,omitempty"`
		At       time.Time   `json:"at,omitzero"`
		Enter    kernel.ID   `json:"enterprise,omitempty"`
		Invoices []invoice   `json:"invoices,omitempty" maxItems:"3"`
		Notes    any         `json:"notes,omitempty"`
	}
}

type claimOutput struct {
	Body struct {
		Name  string   `json:"name"`
		Items []string `json:"items"`
	}
}

// get asks for something that is not a problem even when it fails.
func (b bench) get(t testing.TB, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}
