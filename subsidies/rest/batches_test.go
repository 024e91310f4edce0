package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/subsidies"
	"yunhui/subsidies/subsidiestest"
)

func TestTheLifeOfABatchOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	all := c.city.ClaimsIn(t, subsidies.ClaimApproved, 2)
	status, made := c.ask(subsidiestest.Finance, "POST", "/api/v1/batches", `{"policy":"chongqing-demo-2026"}`)
	require.Equal(t, 201, status, made)
	require.Equal(t, []any{"drafted", 2.0, 600000.0}, []any{made["state"], made["line_count"], made["total_fen"]})
	require.Empty(t, made["left_out"])
	batch := "/api/v1/batches/" + made["id"].(string)
	status, none := c.ask(subsidiestest.Finance, "POST", "/api/v1/batches", `{"policy":"chongqing-demo-2026"}`)
	require.Equal(t, []any{409, "batch.empty"}, []any{status, none["code"]})

	status, page := c.ask(subsidiestest.Auditor, "GET", batch+"?page_size=1", "")
	require.Equal(t, 200, status)
	require.Len(t, page["lines"], 1)
	require.NotContains(t, fmt.Sprint(page), "62220000")
	_, rest := c.ask(subsidiestest.Auditor, "GET", batch+"?page_size=1&cursor="+page["next_cursor"].(string), "")
	require.Len(t, rest["lines"], 1)
	require.Empty(t, rest["next_cursor"])

	status, early := c.ask(subsidiestest.Finance, "GET", batch+"/export?format=csv", "")
	require.Equal(t, []any{409, "batch.not_closed"}, []any{status, early["code"]})
	status, closed := c.ask(subsidiestest.Finance, "POST", batch+"/close", `{"version":1}`)
	require.Equal(t, []any{200, "closed"}, []any{status, closed["state"]})
	status, bad := c.ask(subsidiestest.Finance, "GET", batch+"/export?format=pdf", "")
	require.Equal(t, 422, status, bad)
	w := c.send(subsidiestest.Finance, "GET", batch+"/export?format=csv", "", "")
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Header().Get("Content-Disposition"), "attachment")
	require.Contains(t, w.Body.String(), "62220000")
	w = c.send(subsidiestest.Finance, "GET", batch+"/export?format=xlsx", "", "")
	require.Equal(t, 200, w.Code)
	require.True(t, strings.HasPrefix(w.Body.String(), "PK"))

	results := "申请编号,金额,结果,失败原因,付款日期,流水号\n" + all[0].Number + ",3000.00,成功,,2026-12-01,1\n" + all[1].Number + ",%s,失败,账号有误,,\n"
	before := c.city.Traces(t)
	status, refused := c.upload(subsidiestest.Finance, batch+"/results", fmt.Sprintf(results, "1.00"))
	require.Equal(t, 422, status)
	require.Equal(t, "rows[3].amount", refused["errors"].([]any)[0].(map[string]any)["path"])
	require.Equal(t, before, c.city.Traces(t))
	for range 2 {
		status, settled := c.upload(subsidiestest.Finance, batch+"/results", fmt.Sprintf(results, "3000.00"))
		require.Equal(t, 200, status, settled)
		require.Equal(t, []any{"settled", 1.0, 1.0}, []any{settled["state"], settled["paid_count"], settled["failed_count"]})
	}
	status, list := c.ask(subsidiestest.CityOfficer, "GET", "/api/v1/batches?state=settled", "")
	require.Equal(t, 200, status)
	require.Len(t, list["items"], 1)

	status, due := c.ask(subsidiestest.Claimant(all[0].EnterpriseID), "GET", "/api/v1/receivables", "")
	require.Equal(t, 200, status)
	require.EqualValues(t, 300000, due["totals"].([]any)[2].(map[string]any)["amount_fen"])
	require.Equal(t, "2026-12-01", due["items"].([]any)[0].(map[string]any)["paid_on"])
	_, stranger := c.ask(subsidiestest.Claimant("org-stranger"), "GET", "/api/v1/receivables", "")
	require.Empty(t, stranger["items"])
}
