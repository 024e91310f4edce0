package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/rest"
	"yunhui/subsidies/subsidiestest"
)

// tokens takes the bearer token for the actor itself, written as JSON.
type tokens struct{}

func (tokens) Authenticate(_ context.Context, token string) (kernel.Actor, error) {
	var a kernel.Actor
	if err := json.Unmarshal([]byte(token), &a); err != nil {
		return a, kernel.Unauthenticated()
	}
	return a, nil
}

// counter is the front desk of a small city.
type counter struct {
	*testing.T
	city *subsidiestest.City
	desk *api.Desk
}

func openCounter(t *testing.T) counter {
	t.Helper()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: tokens{}, AnonymousWrites: -1})
	room := &rest.Room{DB: db, Policies: city.Policies, Drafts: city.Drafts, Simulations: city.Simulations, Registry: city.Registry, Agreements: city.Agreements, Claims: city.Claims, Notices: city.Notices, Payments: city.Payments, Quotas: city.Quotas, Books: &budget.Desk{DB: db, Policies: city.Policies}, Clawbacks: city.Clawbacks, Openings: city.Openings, Stopwatch: &payments.Stopwatch{DB: db, Calendar: city.Notices.Calendar}}
	room.Register(desk)
	return counter{t, city, desk}
}

// send asks as somebody; a body of another type than JSON says so in media.
func (c counter) send(who kernel.Actor, method, path, body, media string) *httptest.ResponseRecorder {
	c.Helper()
	r := httptest.NewRequestWithContext(c.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", media)
	}
	if !who.Anonymous() {
		token, err := json.Marshal(who)
		require.NoError(c, err)
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	w := httptest.NewRecorder()
	c.desk.ServeHTTP(w, r)
	return w
}

// ask is send for JSON, with the answer read.
func (c counter) ask(who kernel.Actor, method, path, body string) (int, map[string]any) {
	c.Helper()
	w := c.send(who, method, path, body, "application/json")
	var out map[string]any
	require.NoError(c, json.Unmarshal(w.Body.Bytes(), &out), w.Body.String())
	return w.Code, out
}

// upload sends a file as the form of the results.
func (c counter) upload(who kernel.Actor, path, content string) (int, map[string]any) {
	c.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "结果.csv")
	require.NoError(c, err)
	_, err = part.Write([]byte(content))
	require.NoError(c, err)
	require.NoError(c, w.Close())
	answer := c.send(who, "POST", path, form.String(), w.FormDataContentType())
	var out map[string]any
	require.NoError(c, json.Unmarshal(answer.Body.Bytes(), &out), answer.Body.String())
	return answer.Code, out
}

// people is one of each role, and nobody.
func people(firm kernel.ID) map[kernel.Role]kernel.Actor {
	return map[kernel.Role]kernel.Actor{
		"": subsidiestest.Nobody, kernel.RoleEnterprise: subsidiestest.Claimant(firm), kernel.RoleProvider: subsidiestest.Provider,
		kernel.RoleDistrictOfficer: subsidiestest.DistrictOfficer, kernel.RoleCityOfficer: subsidiestest.CityOfficer, kernel.RoleFinance: subsidiestest.Finance,
		kernel.RoleAuditor: subsidiestest.Auditor, kernel.RoleOperator: subsidiestest.Operator,
	}
}

func TestEveryRouteOfNoticesAndPaymentsLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimObjected)
	before := c.city.Traces(t)
	const city, finance, auditor = kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor
	for route, may := range map[string][]kernel.Role{
		"GET /api/v1/notices":                  {""},
		"GET /api/v1/notices/none":             {""},
		"POST /api/v1/notices":                 {city},
		"POST /api/v1/notices/x/objections":    {""},
		"GET /api/v1/objections":               {city, auditor},
		"POST /api/v1/objections/x/dismiss":    {city},
		"POST /api/v1/batches":                 {city, finance},
		"GET /api/v1/batches":                  {city, finance, auditor},
		"GET /api/v1/batches/x":                {city, finance, auditor},
		"POST /api/v1/batches/x/close":         {city, finance},
		"POST /api/v1/batches/x/abandon":       {city, finance},
		"GET /api/v1/batches/x/export":         {city, finance},
		"POST /api/v1/batches/x/results":       {city, finance},
		"POST /api/v1/batches/x/resume":        {city, finance},
		"GET /api/v1/batches/x/reconciliation": {city, finance, auditor},
		"GET /api/v1/batches/x/left-out":       {city, finance, auditor},
		"GET /api/v1/waiting-payments":         {city, finance},
		"GET /api/v1/time-to-pay":              {""},
		"GET /api/v1/payment-layouts":          {city, finance, auditor},
		"GET /api/v1/receivables":              {kernel.RoleEnterprise, kernel.RoleProvider},
	} {
		method, path, _ := strings.Cut(route, " ")
		allowed := map[kernel.Role]bool{}
		for _, r := range may {
			allowed[r] = true
		}
		for role, who := range people(claim.EnterpriseID) {
			body := ""
			if method == "POST" {
				body = "{}"
			}
			status, _ := c.ask(who, method, path, body)
			switch {
			case allowed[role] || allowed[""]:
				require.NotContains(t, []int{401, 403, 500}, status, "%s as %q", route, role)
			case role == "":
				require.Equal(t, 401, status, "%s as nobody", route)
			default:
				require.Equal(t, 403, status, "%s as %q", route, role)
			}
		}
	}
	require.Equal(t, before, c.city.Traces(t))
}
