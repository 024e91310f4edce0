package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/subsidiestest"
)

const ofPolicy = "/api/v1/budgets/" + subsidiestest.Policy

func TestEveryRouteOfTheBooksLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimApproved)
	before := c.city.Traces(t)
	const district, city, finance, auditor = kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor
	readers := []kernel.Role{district, city, finance, auditor}
	statement := "?policy=" + subsidiestest.Policy + "&account=awarded&from=2026-01-01&to=2027-12-31"
	for route, may := range map[string][]kernel.Role{
		"GET " + ofPolicy:                               readers,
		"GET " + ofPolicy + "/payees":                   readers,
		"GET /api/v1/appropriation-acts":                readers,
		"POST /api/v1/appropriation-acts":               {city, finance},
		"POST /api/v1/appropriation-acts/x/approve":     {city, finance},
		"POST /api/v1/appropriation-acts/x/refuse":      {city, finance},
		"POST /api/v1/appropriation-acts/x/withdraw":    {city, finance},
		"GET /api/v1/ledger/accounts":                   {""},
		"GET /api/v1/ledger/journals":                   readers,
		"GET /api/v1/ledger/journals/x":                 readers,
		"GET /api/v1/ledger/trails/" + string(claim.ID): readers,
		"GET /api/v1/ledger/statement" + statement:      readers,
		"GET /api/v1/ledger/closings":                   {city, finance, auditor},
		"GET /api/v1/ledger/closings/2026-01":           {city, finance, auditor},
		"POST /api/v1/ledger/closings":                  {finance},
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

// TestAFenIsFollowedFromTheAppropriationToThePayee, and back.
func TestAFenIsFollowedFromTheAppropriationToThePayee(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	paid := c.city.ClaimIn(t, subsidies.ClaimPaid)
	c.city.ClaimOf(t, subsidiestest.Deal{District: subsidiestest.OtherDistrict}, subsidies.ClaimApproved)
	status, board := c.ask(subsidiestest.Auditor, "GET", ofPolicy, "")
	require.Equal(t, 200, status, board)
	flow := map[string]int64{}
	for _, f := range board["flows"].([]any) {
		f := f.(map[string]any)
		flow[fmt.Sprint(f["level"], f["district"], f["account"], f["payee"])] += int64(f["amount_fen"].(float64))
	}
	require.EqualValues(t, 180_000, flow["city"+subsidiestest.District+"paidenterprise"])
	require.EqualValues(t, 120_000, flow["district"+subsidiestest.District+"paidenterprise"])
	require.EqualValues(t, 180_000, flow["city"+subsidiestest.OtherDistrict+"awardedenterprise"])
	require.EqualValues(t, subsidiestest.Voted-360_000, flow["citycityavailable"])
	require.NotEmpty(t, board["days"])
	require.Len(t, board["forecasts"], 3)

	_, payees := c.ask(subsidiestest.Auditor, "GET", ofPolicy+"/payees?page_size=1", "")
	first := payees["items"].([]any)[0].(map[string]any)
	require.EqualValues(t, 300_000, first["payable_fen"])
	_, more := c.ask(subsidiestest.Auditor, "GET", ofPolicy+"/payees?page_size=1&cursor="+payees["next_cursor"].(string), "")
	second := more["items"].([]any)[0].(map[string]any)
	require.Equal(t, []any{string(paid.EnterpriseID), 0.0, 300_000.0}, []any{second["payee"], second["payable_fen"], second["paid_fen"]})
	require.Empty(t, more["next_cursor"])

	_, journals := c.ask(subsidiestest.Finance, "GET", "/api/v1/ledger/journals?account=paid&page_size=5", "")
	require.Len(t, journals["items"], 1)
	journal := journals["items"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"pay", "claim", paid.Number, 300_000.0}, []any{journal["kind"], journal["subject_kind"], journal["number"], journal["amount_fen"]})
	_, one := c.ask(subsidiestest.Finance, "GET", "/api/v1/ledger/journals/"+journal["id"].(string), "")
	require.Len(t, one["postings"], 4)
	_, trail := c.ask(subsidiestest.Finance, "GET", "/api/v1/ledger/trails/"+journal["subject_id"].(string), "")
	require.Equal(t, string(paid.AgreementID), trail["agreement"].(map[string]any)["id"])
	claim := trail["claims"].([]any)[0].(map[string]any)
	require.NotEmpty(t, claim["trace"])
	require.EqualValues(t, 300_000, claim["legs"].(map[string]any)["government_subsidy_fen"])
}

func TestAStatementAddsUpPageByPage(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	c.city.ClaimsIn(t, subsidies.ClaimPaid, 3)
	today := kernel.DayOf(c.city.Clock.Now())
	at := "/api/v1/ledger/statement?policy=" + subsidiestest.Policy + "&account=awarded&from=" + string(today) + "&to=" + string(today) + "&page_size=2"
	status, page := c.ask(subsidiestest.Auditor, "GET", at, "")
	require.Equal(t, 200, status, page)
	balance, n := page["opening_fen"].(float64), 0
	for cursor := ""; ; {
		_, page = c.ask(subsidiestest.Auditor, "GET", at+cursor, "")
		for _, row := range page["items"].([]any) {
			n++
			balance += row.(map[string]any)["amount_fen"].(float64)
			require.InDelta(t, balance, row.(map[string]any)["balance_fen"], 0)
		}
		if page["next_cursor"] == "" {
			break
		}
		cursor = "&cursor=" + page["next_cursor"].(string)
	}
	require.Positive(t, n)
	require.InDelta(t, page["closing_fen"], balance, 0)
	w := c.send(subsidiestest.Auditor, "GET", strings.Replace(strings.Replace(at, "statement?", "statement.xlsx?", 1), "&page_size=2", "", 1), "", "")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.True(t, strings.HasPrefix(w.Body.String(), "PK"))
	status, bad := c.ask(subsidiestest.Auditor, "GET", "/api/v1/ledger/statement?policy="+subsidiestest.Policy+"&account=gold&from=2026-02-01&to=2026-01-01", "")
	require.Equal(t, 422, status)
	require.Len(t, bad["errors"], 2, bad)
}

// TestADistrictOfficerFollowsTheOwnDistrictOnly: neither totals nor postings of
// another district are seen by any door.
func TestADistrictOfficerFollowsTheOwnDistrictOnly(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	own := c.city.ClaimIn(t, subsidies.ClaimPaid)
	other := c.city.ClaimOf(t, subsidiestest.Deal{District: subsidiestest.OtherDistrict}, subsidies.ClaimPaid)
	who := subsidiestest.DistrictOfficer
	_, board := c.ask(who, "GET", ofPolicy, "")
	for _, f := range board["flows"].([]any) {
		require.Equal(t, subsidiestest.District, f.(map[string]any)["district"], "%v", f)
	}
	require.Len(t, board["forecasts"], 1)
	_, payees := c.ask(who, "GET", ofPolicy+"/payees", "")
	require.Len(t, payees["items"], 1)
	_, journals := c.ask(who, "GET", "/api/v1/ledger/journals?page_size=100", "")
	for _, j := range journals["items"].([]any) {
		require.Equal(t, subsidiestest.District, j.(map[string]any)["district"], "%v", j)
	}
	_, none := c.ask(who, "GET", "/api/v1/ledger/journals?district="+subsidiestest.OtherDistrict, "")
	require.Empty(t, none["items"])
	_, all := c.ask(subsidiestest.Auditor, "GET", "/api/v1/ledger/journals?subject="+string(other.ID), "")
	foreign := all["items"].([]any)[0].(map[string]any)["id"].(string)
	status, _ := c.ask(who, "GET", "/api/v1/ledger/journals/"+foreign, "")
	require.Equal(t, 404, status)
	status, _ = c.ask(who, "GET", "/api/v1/ledger/trails/"+string(other.ID), "")
	require.Equal(t, 404, status)
	status, _ = c.ask(who, "GET", "/api/v1/ledger/trails/"+string(own.ID), "")
	require.Equal(t, 200, status)
	statement := "/api/v1/ledger/statement?policy=" + subsidiestest.Policy + "&account=paid&from=2026-01-01&to=2027-12-31"
	for query, want := range map[string]int{
		"": 200, "&scope=city": 200, "&district=" + subsidiestest.OtherDistrict: 403, "&scope=city&district=" + subsidiestest.OtherDistrict: 403,
		"&scope=" + subsidiestest.OtherDistrict: 200,
	} {
		status, page := c.ask(who, "GET", statement+query, "")
		require.Equal(t, want, status, query)
		if want == 200 {
			require.NotContains(t, fmt.Sprint(page), other.Number, query)
			require.LessOrEqual(t, page["closing_fen"], 300_000.0, query)
		}
	}
	books := &budget.Desk{DB: c.city.DB, Policies: c.city.Policies}
	for firm, want := range map[kernel.ID]kernel.Fen{own.EnterpriseID: 300_000, other.EnterpriseID: 0} {
		sums, rows, err := books.Statement(t.Context(), who, budget.Extract{Policy: subsidiestest.Policy, Account: budget.Paid, Payee: firm, Period: kernel.Period{From: "2026-01-01", To: "2027-12-31"}}, nil, 20)
		require.NoError(t, err)
		require.Equal(t, want, sums.Closing)
		require.Equal(t, want == 0, len(rows) == 0)
	}
}

func TestAppropriationActsAndClosingsOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	today := string(kernel.DayOf(c.city.Clock.Now()))
	proposal := `{"kind":"transfer","policy":"` + subsidiestest.Policy + `","scope":"` + subsidiestest.District + `","from_scope":"city","amount_fen":500,"document_number":"渝财企〔2026〕8号","dated_on":"` + today + `","reason":"本区申请量大"}`
	status, act := c.ask(subsidiestest.CityOfficer, "POST", "/api/v1/appropriation-acts", proposal)
	require.Equal(t, 201, status, act)
	at := "/api/v1/appropriation-acts/" + act["id"].(string)
	status, same := c.ask(subsidiestest.CityOfficer, "POST", at+"/approve", `{"version":1}`)
	require.Equal(t, []any{409, "four_eyes"}, []any{status, same["code"]})
	status, done := c.ask(subsidiestest.Finance, "POST", at+"/approve", `{"version":1,"note":"同意"}`)
	require.Equal(t, []any{200, "approved"}, []any{status, done["state"]}, done)
	_, list := c.ask(subsidiestest.DistrictOfficer, "GET", "/api/v1/appropriation-acts?state=approved", "")
	require.Len(t, list["items"], 1)
	_, journals := c.ask(subsidiestest.DistrictOfficer, "GET", "/api/v1/ledger/journals?kind=transfer", "")
	require.Equal(t, "渝财企〔2026〕8号", journals["items"].([]any)[0].(map[string]any)["number"])

	month := today[:7]
	status, early := c.ask(subsidiestest.Finance, "POST", "/api/v1/ledger/closings", `{"period":"`+month+`"}`)
	require.Equal(t, []any{409, "closing.order"}, []any{status, early["code"]})
	c.city.DayAfter(kernel.Date(month + "-01").AddMonths(1).AddDays(-1))
	status, closed := c.ask(subsidiestest.Finance, "POST", "/api/v1/ledger/closings", `{"period":"`+month+`"}`)
	require.Equal(t, 201, status, closed)
	_, sealed := c.ask(subsidiestest.Auditor, "GET", "/api/v1/ledger/closings/"+month, "")
	require.NotEmpty(t, sealed["balances"])
	_, all := c.ask(subsidiestest.CityOfficer, "GET", "/api/v1/ledger/closings", "")
	require.Len(t, all["items"], 1)
	require.Empty(t, all["due"])
}
