package rest_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/simulation"
	"yunhui/subsidies/subsidiestest"
)

func TestADraftIsSimulatedOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	c.city.ClaimsIn(t, subsidies.ClaimSubmitted, 2)
	_, draft := c.newDraft(strings.Replace(wholeDraft(t, nil), `"code":"drafted","version":1`, `"code":"`+subsidiestest.Policy+`","version":2,"in_force_from":"2027-01-01"`, 1))
	url := "/api/v1/policies/" + subsidiestest.Policy + "/simulate"
	status, started := c.ask(subsidiestest.CityOfficer, "POST", url, fmt.Sprintf(`{"draft_id":%q,"claims":{},"synthetic":{"count":400,"seed":7},"sensitivity":{"path":"rates[0].rate_bp","values":[1000,2000]}}`, draft["id"]))
	require.Equal(t, 202, status, started)
	path := "/api/v1/simulations/" + started["id"].(string)
	status, waiting := c.ask(subsidiestest.CityOfficer, "GET", path, "")
	require.Equal(t, []any{200, "running", 0.0}, []any{status, waiting["state"], waiting["done"]})
	require.NotContains(t, waiting, "result")
	status, early := c.ask(subsidiestest.CityOfficer, "GET", path+"/export", "")
	require.Equal(t, []any{409, "simulation.not_done"}, []any{status, early["code"]})

	runner := simulation.NewRunner(c.city.DB, c.city.Registry, slog.New(slog.DiscardHandler))
	t.Cleanup(runner.Stop)
	require.NoError(t, database.Run(subsidiestest.As(kernel.System()), c.city.DB, "test.take", func(tx *database.Tx) error {
		return runner.Take(tx, queue.Delivery{Subject: kernel.ID(started["id"].(string))})
	}))
	runner.Wait()
	status, done := c.ask(subsidiestest.Auditor, "GET", path, "")
	require.Equal(t, []any{200, "done", 402.0, 402.0}, []any{status, done["state"], done["done"], done["total"]})
	result := done["result"].(map[string]any)
	require.EqualValues(t, 402, result["claims"])
	for _, list := range []string{"by_month", "by_district", "by_size", "by_category", "reasons", "spent_curve"} {
		require.NotEmpty(t, result[list], list)
	}
	require.IsType(t, "", result["reasons"].([]any)[0].(map[string]any)["text"])
	require.NotNil(t, result["winners"].(map[string]any)["top"])
	require.Contains(t, result, "elapsed_ms")
	w := c.send(subsidiestest.Auditor, "GET", path+"/export?format=xlsx", "", "")
	require.Equal(t, 200, w.Code)
	require.True(t, strings.HasPrefix(w.Body.String(), "PK"))
	status, _ = c.ask(subsidiestest.Auditor, "GET", path+"/export?format=pdf", "")
	require.Equal(t, 422, status)
	status, list := c.ask(subsidiestest.Auditor, "GET", "/api/v1/simulations?code="+subsidiestest.Policy, "")
	require.Equal(t, 200, status)
	require.Len(t, list["items"], 1)
	status, ended := c.ask(subsidiestest.CityOfficer, "POST", path+"/cancel", "")
	require.Equal(t, []any{200, "done"}, []any{status, ended["state"]}, "what has ended is not cancelled")
}

func TestEveryRouteOfSimulationsLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	const city, auditor = kernel.RoleCityOfficer, kernel.RoleAuditor
	before := c.city.Marks(t)
	for route, may := range map[string][]kernel.Role{
		"POST /api/v1/policies/" + subsidiestest.Policy + "/simulate": {city},
		"GET /api/v1/simulations":                                     {city, auditor},
		"GET /api/v1/simulations/none":                                {city, auditor},
		"POST /api/v1/simulations/none/cancel":                        {city},
		"GET /api/v1/simulations/none/export":                         {city, auditor},
	} {
		method, url, _ := strings.Cut(route, " ")
		for role, who := range people("org-firm-1") {
			body := ""
			if strings.HasSuffix(url, "simulate") {
				body = `{"version":1,"synthetic":{"count":0}}` // never good
			}
			status := c.send(who, method, url, body, "application/json").Code
			allowed := role != "" && strings.Contains(fmt.Sprint(may), string(role))
			require.Equal(t, allowed, status != 401 && status != 403, "%s by %q: %d", route, role, status)
		}
	}
	require.Equal(t, before, c.city.Marks(t))
}

func TestABadQuestionIsRefusedAndNothingIsStarted(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	url := "/api/v1/policies/" + subsidiestest.Policy + "/simulate"
	for _, body := range []string{
		`{}`, `{"version":1,"more":1}`, `{"version":-1}`, `{"version":1,"synthetic":{"count":200001}}`, `{"version":1,"synthetic":{"count":1,"seed":-1}}`,
		`{"version":1,"claims":{"from":"2026-02-30"}}`, `{"version":1,"sensitivity":{"path":"","values":[1]}}`, `{"version":1,"sensitivity":{"path":"rates[0].rate_bp","values":[]}}`,
		`{"version":1,"sensitivity":{"path":"rates[0].rate_bp","values":[1,2,3,4,5,6,7,8,9,10]}}`, `{"version":1,"sensitivity":{"path":"a\u200bb","values":[1]}}`,
		`{"document":[]}`, `{"document":` + strings.Repeat("[", 200_000) + `}`, `{"document":{"code":"` + strings.Repeat("x", 2<<20) + `"}}`,
	} {
		c.refused(subsidiestest.CityOfficer, "POST", url, body, "application/json")
	}
	status, _, _ := c.refused(subsidiestest.CityOfficer, "POST", "/api/v1/policies/none/simulate", `{"version":1}`, "application/json")
	require.Equal(t, 404, status)
}
