package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/identity"
	"yunhui/services/kernel"
)

// accessFile is who may use which route, one route a line, looked through by
// eye: "METHOD path: roles". Set YUNHUI_TEST_WRITE_ACCESS to write down what the
// program says, then read the difference.
const accessFile = "testdata/access.txt"

func TestEveryRouteLetsInWhomTheListNames(t *testing.T) {
	t.Parallel()
	h := openHouse(t, settingsFile(t, "database: sqlite://"+t.TempDir()+"/y.db"))
	furnish(t, h, map[string]identity.Membership{
		"enterprise": {Org: "some-firm", Role: kernel.RoleEnterprise}, "provider": {Org: "some-seller", Role: kernel.RoleProvider},
	})
	h.openDesk()
	var declared []string
	for _, r := range h.desk.Routes() {
		declared = append(declared, r.Method+" "+r.Path+": "+r.Access.String())
	}
	if os.Getenv("YUNHUI_TEST_WRITE_ACCESS") != "" {
		require.NoError(t, os.WriteFile(accessFile, []byte(strings.Join(declared, "\n")+"\n"), 0o600))
	}
	text, err := os.ReadFile(accessFile)
	require.NoError(t, err)
	list := strings.Split(strings.TrimSpace(string(text)), "\n")
	require.Equal(t, list, declared, "the list and the routes differ: look through it")

	logins := map[string]kernel.Role{
		"": "", "enterprise": kernel.RoleEnterprise, "provider": kernel.RoleProvider, "district": kernel.RoleDistrictOfficer, "city": kernel.RoleCityOfficer,
		"finance": kernel.RoleFinance, "auditor": kernel.RoleAuditor, "operator": kernel.RoleOperator,
	}
	require.Len(t, logins, len(kernel.Roles())+1, "every role, and nobody")
	// What ends the caller's own sessions comes last.
	slices.SortStableFunc(list, func(a, b string) int {
		return strings.Compare(strings.Repeat("z", strings.Count(a, "logout")), strings.Repeat("z", strings.Count(b, "logout")))
	})
	for login, role := range logins {
		t.Run("as "+login, func(t *testing.T) {
			token := ""
			if login != "" {
				token = logIn(t, h, login)
			}
			for _, line := range list {
				route, who, _ := strings.Cut(line, ": ")
				method, path, _ := strings.Cut(route, " ")
				status := knock(t, h, method, path, token)
				switch roles := strings.Split(who, ", "); {
				case slices.Contains(roles, "public") && strings.Contains(path, "/auth/"): // without a login or a cookie these answer 401 themselves
					require.Less(t, status, 500, line)
				case slices.Contains(roles, "public"), role != "" && slices.Contains(roles, "member"), role != "" && slices.Contains(roles, string(role)):
					require.NotContains(t, []int{401, 403}, status, line)
					require.Less(t, status, 500, line)
				case role == "":
					require.Equal(t, 401, status, line)
				default:
					require.Equal(t, 403, status, line)
				}
			}
		})
	}
}

func TestATokenThatIsNotGoodIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	h := openHouse(t, settingsFile(t, "database: sqlite://"+t.TempDir()+"/y.db"))
	h.openDesk()
	for _, r := range h.desk.Routes() {
		if strings.HasPrefix(r.Path, "/api/") {
			require.Equal(t, 401, knock(t, h, r.Method, r.Path, "no.such.token"), "%s %s", r.Method, r.Path)
		}
	}
}

// knock asks for a route about things that do not exist.
func knock(t *testing.T, h *house, method, path, token string) int {
	t.Helper()
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + "none" + path[to+1:]
	}
	body := ""
	if method == "POST" || method == "PUT" || method == "PATCH" {
		body = "{}"
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.desk.ServeHTTP(w, r)
	if w.Code == 403 && !strings.Contains(w.Body.String(), `"code":"forbidden"`) {
		t.Fatalf("%s %s: %s", method, path, w.Body.String())
	}
	return w.Code
}

func logIn(t *testing.T, h *house, login string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"login": login, "password": password})
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/auth/login", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.desk.ServeHTTP(w, r)
	var out struct {
		Token string `json:"access_token"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &out))
	require.NotEmpty(t, out.Token, w.Body.String())
	return out.Token
}
