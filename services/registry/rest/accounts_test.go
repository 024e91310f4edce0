package rest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func TestAnAccountIsChangedByTwoOverHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		id := s.registered()
		path := "/api/v1/organisations/" + id
		one, other, officer := s.login("zhangsan"), s.as(kernel.RoleEnterprise, "", kernel.ID(id)), s.as(kernel.RoleDistrictOfficer, "500103", bureau)
		require.Equal(s, 200, s.call("POST", path+"/verification", officer, `{"version":1,"outcome":"verified"}`).status)
		require.Equal(s, "account.second_person", s.call("PATCH", "/api/v1/organisation", one, `{"version":2,"account_number":"95550000"}`).text("code"))

		const own = "/api/v1/organisation/account-changes"
		bad := s.call("POST", own, one, `{"bank_name":"","bank_code":"12","account_name":"甲","account_number":"abc","reason":""}`)
		require.Equal(s, "account_number:organisation.account_number bank_code:organisation.bank_code bank_name:field.required reason:field.required", bad.faults())
		propose := `{"bank_name":"另一银行","bank_code":"210987654321","account_name":"甲","account_number":"9555 0000 3333 4444","reason":"换行"}`
		made := s.call("POST", own, one, propose)
		require.Equal(s, 201, made.status, made.body)
		require.Equal(s, "account.change_pending", s.call("POST", own, other, propose).text("code"))
		decide := "/api/v1/account-changes/" + made.text("id") + "/decision"
		require.Equal(s, "account.second_person", s.call("POST", decide, one, `{"version":1,"outcome":"confirmed"}`).text("code"))
		require.Equal(s, "document:field.required", s.call("POST", decide, officer, `{"version":1,"outcome":"confirmed"}`).faults())
		require.Equal(s, 403, s.call("POST", decide, s.as(kernel.RoleFinance, "", bureau), `{"version":1,"outcome":"confirmed"}`).status)
		require.Equal(s, 404, s.call("POST", decide, s.as(kernel.RoleDistrictOfficer, "500108", bureau), `{"version":1,"outcome":"confirmed","document":"x"}`).status)

		require.Contains(s, fmt.Sprint(s.call("GET", "/api/v1/account-changes", officer, "").body), "9555000033334444", "who decides sees all of it")
		require.NotContains(s, fmt.Sprint(s.call("GET", "/api/v1/account-changes", s.as(kernel.RoleFinance, "", bureau), "").body), "95550000")
		require.Equal(s, 200, s.call("POST", decide, officer, `{"version":1,"outcome":"confirmed","document":"开户证明"}`).status)
		require.Equal(s, "9555000033334444", s.call("GET", "/api/v1/organisation", one, "").text("account_number"))
		require.Equal(s, "account.decided", s.call("POST", decide, other, `{"version":2,"outcome":"refused","note":"迟了"}`).text("code"))
		require.NotContains(s, fmt.Sprint(s.call("GET", path+"/account-changes", officer, "").body), "95550000", "and only while it is to be decided")

		made = s.call("POST", own, other, `{"bank_name":"旧行","bank_code":"123456789012","account_name":"甲","account_number":"62220000","reason":"换回"}`)
		withdraw := "/api/v1/account-changes/" + made.text("id") + "/withdrawal"
		require.Equal(s, 403, s.call("POST", withdraw, one, `{"version":1}`).status)
		require.Equal(s, "withdrawn", s.call("POST", withdraw, other, `{"version":1}`).text("state"))
		require.Len(s, s.call("GET", own, one, "").body["items"], 2)
	})
}
