package rest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/subsidiestest"
)

func TestTheLifeOfANoticeOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimCityApproved)
	status, made := c.ask(subsidiestest.CityOfficer, "POST", "/api/v1/notices", fmt.Sprintf(`{"claim_ids":[%q]}`, claim.ID))
	require.Equal(t, 201, status, made)
	require.Equal(t, []any{"open", "2026-11-30", 7.0, 5.0}, []any{made["state"], made["closes_on"], made["days_left"], made["working_days_left"]})
	notice := "/api/v1/notices/" + made["id"].(string)

	status, again := c.ask(subsidiestest.CityOfficer, "POST", "/api/v1/notices", fmt.Sprintf(`{"claim_ids":[%q]}`, claim.ID))
	require.Equal(t, 422, status)
	require.Equal(t, "claim_ids[0]", again["errors"].([]any)[0].(map[string]any)["path"])

	status, list := c.ask(subsidiestest.Nobody, "GET", "/api/v1/notices?state=open&page_size=1", "")
	require.Equal(t, 200, status)
	require.Len(t, list["items"], 1)
	status, page := c.ask(subsidiestest.Nobody, "GET", notice, "")
	require.Equal(t, 200, status)
	entry := page["items"].([]any)[0].(map[string]any)
	require.EqualValues(t, 300000, entry["legs"].(map[string]any)["government_subsidy_fen"])
	require.NotContains(t, fmt.Sprint(page), "13800138000")

	objection := fmt.Sprintf(`{"claim_id":%q,"text":"合同金额与实际交付明显不符，请核查。","contact":"13700000000"}`, claim.ID)
	status, receipt := c.ask(subsidiestest.Nobody, "POST", notice+"/objections", objection)
	require.Equal(t, 201, status, receipt)
	require.NotContains(t, receipt, "contact")
	status, _ = c.ask(subsidiestest.Nobody, "POST", notice+"/objections", fmt.Sprintf(`{"claim_id":%q,"text":"太贵"}`, claim.ID))
	require.Equal(t, 422, status)
	_, page = c.ask(subsidiestest.Nobody, "GET", notice, "")
	require.Equal(t, "objected", page["items"].([]any)[0].(map[string]any)["state"])
	require.NotContains(t, fmt.Sprint(page), "13700000000")
	require.NotContains(t, fmt.Sprint(page), "不符")

	status, waiting := c.ask(subsidiestest.CityOfficer, "GET", "/api/v1/objections?state=open", "")
	require.Equal(t, 200, status)
	row := waiting["items"].([]any)[0].(map[string]any)
	require.Equal(t, []any{claim.Number, "13700000000", false}, []any{row["claim_number"], row["contact"], row["period_over"]})
	dismiss := "/api/v1/objections/" + row["id"].(string) + "/dismiss"
	status, done := c.ask(subsidiestest.CityOfficer, "POST", dismiss, `{"answer":"经核查不成立"}`)
	require.Equal(t, 200, status, done)
	require.Equal(t, []any{"dismissed", "noticed"}, []any{done["state"], done["claim_state"]})
	status, done = c.ask(subsidiestest.CityOfficer, "POST", dismiss, `{"answer":"经核查不成立"}`)
	require.Equal(t, 409, status)
	require.Equal(t, "objection.decided", done["code"])

	c.city.DayAfter("2026-11-30")
	status, late := c.ask(subsidiestest.Nobody, "POST", notice+"/objections", objection)
	require.Equal(t, 409, status)
	require.Equal(t, "notice.closed", late["code"])
	_, err := c.city.Notices.CloseDue(subsidiestest.As(kernel.System()))
	require.NoError(t, err)
	_, page = c.ask(subsidiestest.Nobody, "GET", notice, "")
	require.Equal(t, []any{"closed", 0.0}, []any{page["state"], page["days_left"]})
}
