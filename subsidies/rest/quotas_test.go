package rest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/subsidiestest"
)

func TestQuotasOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	c.city.Publish(t, subsidiestest.WithQuotas(t, "shares-quotas", 800_000, 2_000_000))
	const path = "/api/v1/policies/shares-quotas/quotas"
	status, made := c.ask(subsidiestest.CityOfficer, "POST", path, `{"kind":"provider_policy","subject":"org-provider","limit_fen":500000,"reason":"抽查"}`)
	require.Equal(t, 200, status, made)
	require.EqualValues(t, 500_000, made["limit_fen"])
	for who, want := range map[*kernel.Actor]int{&subsidiestest.CityOfficer: 200, &subsidiestest.Finance: 200, &subsidiestest.Auditor: 200, &subsidiestest.DistrictOfficer: 403, &subsidiestest.Provider: 403, &subsidiestest.Nobody: 401} {
		status, board := c.ask(*who, "GET", path, "")
		require.Equal(t, want, status, "%s %v", who.Role, board)
		if want == 200 {
			require.Len(t, board["quotas"], 2)
			require.Len(t, board["decisions"], 1)
		}
	}
	for who, want := range map[*kernel.Actor]int{&subsidiestest.Finance: 403, &subsidiestest.Auditor: 403, &subsidiestest.Nobody: 401} {
		status, _ := c.ask(*who, "POST", path, `{"kind":"provider_policy","subject":"org-provider","reason":"x"}`)
		require.Equal(t, want, status)
	}
	status, bad := c.ask(subsidiestest.CityOfficer, "POST", path, `{"kind":"provider_policy","subject":"org-provider","reason":""}`)
	require.Equal(t, []any{422, "invalid_input"}, []any{status, bad["code"]})
}
