package rest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/identity"
	"yunhui/services/identity/rest"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

const secret = "绿水青山 to work"

// site is the real desk with the real rooms on one store.
type site struct {
	*testing.T
	db    *database.DB
	clock *kernel.ManualClock
	desk  *api.Desk
	svc   *identity.Service
	orgs  map[registry.OrganisationKind]kernel.ID
}

func each(t *testing.T, demo bool, test func(s site)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		fields, err := crypto.ParseFields(crypto.NewMasterKey())
		require.NoError(t, err)
		svc := identity.New(db, identity.Options{Fields: fields, Passwords: crypto.NewPasswords(crypto.TestCost), Demo: demo})
		organisations := store.New(db, fields)
		desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: svc, PublicURL: "https://yunhui.example"})
		(&rest.Room{Identity: svc, Organisations: organisations.Directory(), Secure: true}).Register(desk)
		s := site{t, db, clock, desk, svc, map[registry.OrganisationKind]kernel.ID{}}
		for kind, code := range map[registry.OrganisationKind]string{registry.KindAuthority: "91500103MAAY4CL12J", registry.KindProvider: "91500105MA2TH3BJ3Q"} {
			o, err := database.Do(t.Context(), db, "test", func(tx *database.Tx) (registry.Organisation, error) {
				return organisations.Register(tx, kind, registry.Declaration{CreditCode: code, Name: "渝中（虚构）" + string(kind), District: "500103"})
			})
			require.NoError(t, err)
			s.orgs[kind] = o.ID
		}
		test(s)
	})
}

func (s site) person(login string, role kernel.Role, demo bool) {
	s.Helper()
	ready, err := s.svc.Prepare(s.Context(), identity.NewPerson{Login: login, Name: "李𠮷", Password: secret, Demo: demo})
	require.NoError(s, err)
	m := identity.Membership{Org: s.orgs[registry.KindAuthority], Role: role}
	if role == kernel.RoleDistrictOfficer {
		m.District = "500103"
	}
	require.NoError(s, database.Run(s.Context(), s.db, "test", func(tx *database.Tx) error {
		_, err := s.svc.Add(tx, ready, m, "")
		return err
	}))
}

type answer struct {
	*httptest.ResponseRecorder
	body map[string]any
}

func (s site) call(method, path, bearer, body string, headers ...string) answer {
	s.Helper()
	r := httptest.NewRequest(method, path, bytes.NewBufferString(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	s.desk.ServeHTTP(a, r)
	raw, err := io.ReadAll(a.Body)
	require.NoError(s, err)
	if len(raw) > 0 {
		require.NoError(s, json.Unmarshal(raw, &a.body), string(raw))
	}
	return a
}

func (a answer) text(key string) string { text, _ := a.body[key].(string); return text }

func (a answer) cookie() *http.Cookie {
	for _, c := range (&http.Response{Header: a.Header()}).Cookies() {
		return c
	}
	return nil
}

func credentials(login, password string) string {
	b, _ := json.Marshal(map[string]string{"login": login, "password": password})
	return string(b)
}

func (s site) login(login string) (bearer string, cookie string) {
	s.Helper()
	a := s.call("POST", "/api/v1/auth/login", "", credentials(login, secret), "User-Agent", "a browser")
	require.Equal(s, http.StatusOK, a.Code, a.body)
	return a.text("access_token"), "yunhui_refresh=" + a.cookie().Value
}

func TestLoginRefreshLogout(t *testing.T) {
	t.Parallel()
	each(t, false, func(s site) {
		s.person("wang", kernel.RoleCityOfficer, false)
		in := s.call("POST", "/api/v1/auth/login", "", credentials("wang", secret))
		require.Equal(s, http.StatusOK, in.Code)
		require.EqualValues(s, 600, in.body["expires_in"])
		require.Equal(s, "no-store", in.Header().Get("Cache-Control"))
		c := in.cookie()
		require.NotNil(s, c)
		require.True(s, c.HttpOnly && c.Secure && c.SameSite == http.SameSiteStrictMode && c.Path == "/api/v1/auth", c.Raw)
		require.NotContains(s, in.body, "refresh_token")

		me := s.call("GET", "/api/v1/me", in.text("access_token"), "")
		require.Equal(s, http.StatusOK, me.Code)
		require.Equal(s, "city_officer", me.text("role"))
		require.Equal(s, "渝中（虚构）authority", me.text("org_name"))
		require.Len(s, me.body["memberships"], 1)

		cookie := "yunhui_refresh=" + c.Value
		again := s.call("POST", "/api/v1/auth/refresh", "", "", "Cookie", cookie)
		require.Equal(s, http.StatusOK, again.Code, again.body)
		require.NotEqual(s, c.Value, again.cookie().Value)

		cross := s.call("POST", "/api/v1/auth/refresh", "", "", "Cookie", "yunhui_refresh="+again.cookie().Value, "Sec-Fetch-Site", "cross-site")
		require.Equal(s, http.StatusForbidden, cross.Code, "another site cannot refresh")

		out := s.call("POST", "/api/v1/auth/logout", "", "", "Cookie", "yunhui_refresh="+again.cookie().Value)
		require.Equal(s, http.StatusNoContent, out.Code)
		require.Negative(s, out.cookie().MaxAge)
		require.Equal(s, http.StatusUnauthorized, s.call("GET", "/api/v1/me", again.text("access_token"), "").Code)
		require.Equal(s, http.StatusUnauthorized, s.call("POST", "/api/v1/auth/refresh", "", "").Code)
	})
}

func TestACookieUsedTwiceEndsTheSession(t *testing.T) {
	t.Parallel()
	each(t, false, func(s site) {
		s.person("wang", kernel.RoleCityOfficer, false)
		_, cookie := s.login("wang")
		next := s.call("POST", "/api/v1/auth/refresh", "", "", "Cookie", cookie)
		replay := s.call("POST", "/api/v1/auth/refresh", "", "", "Cookie", cookie)
		require.Equal(s, http.StatusUnauthorized, replay.Code)
		require.Nil(s, replay.cookie())
		require.Equal(s, http.StatusUnauthorized, s.call("GET", "/api/v1/me", next.text("access_token"), "").Code)
	})
}

func TestFailedLoginsSayNothingAndThenLock(t *testing.T) {
	t.Parallel()
	each(t, false, func(s site) {
		s.person("wang", kernel.RoleCityOfficer, false)
		unknown := s.call("POST", "/api/v1/auth/login", "", credentials("nobody", secret))
		for range 5 {
			wrong := s.call("POST", "/api/v1/auth/login", "", credentials("wang", "wrong"))
			require.Equal(s, http.StatusUnauthorized, wrong.Code)
			require.Equal(s, "auth.failed", wrong.text("code"))
			require.Equal(s, unknown.text("detail"), wrong.text("detail"))
			require.Nil(s, wrong.cookie())
		}
		locked := s.call("POST", "/api/v1/auth/login", "", credentials("wang", secret), "Accept-Language", "en")
		require.Equal(s, http.StatusTooManyRequests, locked.Code)
		require.Equal(s, "auth.locked", locked.text("code"))
		require.Equal(s, "30", locked.Header().Get("Retry-After"))
		require.Contains(s, locked.text("detail"), "30 seconds")
		s.clock.Advance(30 * time.Second)
		s.login("wang")
	})
}

func TestPasswordAndSessions(t *testing.T) {
	t.Parallel()
	each(t, false, func(s site) {
		s.person("wang", kernel.RoleCityOfficer, false)
		s.person("else", kernel.RoleCityOfficer, false)
		here, _ := s.login("wang")
		there, thereCookie := s.login("wang")
		other, _ := s.login("else")

		list := s.call("GET", "/api/v1/me/sessions", here, "")
		items, _ := list.body["items"].([]any)
		require.Len(s, items, 2)
		require.Equal(s, "a browser", items[0].(map[string]any)["agent"])
		id := ""
		for _, x := range items {
			if m := x.(map[string]any); m["current"] == false {
				id = m["id"].(string)
			}
		}
		require.Equal(s, http.StatusNotFound, s.call("DELETE", "/api/v1/me/sessions/"+id, other, "").Code)
		require.Equal(s, http.StatusOK, s.call("GET", "/api/v1/me", there, "").Code)
		require.Equal(s, http.StatusNoContent, s.call("DELETE", "/api/v1/me/sessions/"+id, here, "").Code)
		require.Equal(s, http.StatusUnauthorized, s.call("GET", "/api/v1/me", there, "").Code)
		require.Equal(s, http.StatusUnauthorized, s.call("POST", "/api/v1/auth/refresh", "", "", "Cookie", thereCookie).Code)

		weak := s.call("POST", "/api/v1/auth/password", here, `{"password":"`+secret+`","new_password":"wang"}`)
		require.Equal(s, http.StatusUnprocessableEntity, weak.Code)
		require.Len(s, weak.body["errors"], 2)
		changed := s.call("POST", "/api/v1/auth/password", here, `{"password":"`+secret+`","new_password":"碧水 new password"}`)
		require.Equal(s, http.StatusOK, changed.Code, changed.body)
		require.Equal(s, http.StatusUnauthorized, s.call("GET", "/api/v1/me", here, "").Code)
		bearer := changed.text("access_token")
		out := s.call("POST", "/api/v1/auth/logout-all", bearer, "")
		require.Equal(s, http.StatusNoContent, out.Code)
		require.Equal(s, http.StatusUnauthorized, s.call("GET", "/api/v1/me", bearer, "").Code)
		require.Equal(s, http.StatusOK, s.call("GET", "/api/v1/me", other, "").Code)
	})
}

func TestDemoAccountsAreListedInDemoModeOnly(t *testing.T) {
	t.Parallel()
	each(t, true, func(s site) {
		s.person("demo", kernel.RoleAuditor, true)
		s.person("real", kernel.RoleAuditor, false)
		list := s.call("GET", "/api/v1/auth/demo-accounts", "", "")
		items, _ := list.body["items"].([]any)
		require.Len(s, items, 1)
		require.Equal(s, map[string]any{"login": "demo", "password": identity.DemoPassword, "name": "李𠮷", "role": "auditor", "organisation": "渝中（虚构）authority"}, items[0])
	})
	each(t, false, func(s site) {
		s.person("demo", kernel.RoleAuditor, true)
		list := s.call("GET", "/api/v1/auth/demo-accounts", "", "")
		require.Equal(s, http.StatusNotFound, list.Code)
		require.NotContains(s, list.body, "items")
		require.Equal(s, "auth.failed", s.call("POST", "/api/v1/auth/login", "", credentials("demo", secret)).text("code"))
	})
}

func TestOnlyOperatorsManageMembers(t *testing.T) {
	t.Parallel()
	each(t, false, func(s site) {
		newcomer := `{"login":"zhou","person_name":"周明","password":"` + secret + `","role":"district_officer","district":"500103"}`
		bearers := map[kernel.Role]string{"": ""}
		for _, role := range kernel.Roles() {
			login := strings.ReplaceAll(string(role), "_", ".")
			s.person(login, role, false)
			bearers[role], _ = s.login(login)
		}
		for role, bearer := range bearers {
			if role == kernel.RoleOperator {
				continue
			}
			want := http.StatusForbidden
			if role == "" {
				want = http.StatusUnauthorized
			}
			require.Equal(s, want, s.call("GET", "/api/v1/members", bearer, "").Code, role)
			require.Equal(s, want, s.call("POST", "/api/v1/members", bearer, newcomer).Code, role)
			require.Equal(s, want, s.call("PATCH", "/api/v1/members/"+string(s.orgs[registry.KindAuthority]), bearer, `{"active":false}`).Code, role)
		}
		require.Equal(s, "auth.failed", s.call("POST", "/api/v1/auth/login", "", credentials("zhou", secret)).text("code"), "nobody was made")

		operator := bearers[kernel.RoleOperator]
		made := s.call("POST", "/api/v1/members", operator, newcomer)
		require.Equal(s, http.StatusCreated, made.Code, made.body)
		bearer, _ := s.login("zhou")
		page := s.call("GET", "/api/v1/members?page_size=2", operator, "")
		require.Len(s, page.body["items"], 2)
		rest := s.call("GET", "/api/v1/members?cursor="+page.text("next_cursor"), operator, "")
		require.Len(s, rest.body["items"], 4)
		require.Empty(s, rest.text("next_cursor"))

		off := s.call("PATCH", "/api/v1/members/"+made.text("id"), operator, `{"active":false}`)
		require.Equal(s, http.StatusOK, off.Code, off.body)
		require.Equal(s, false, off.body["active"])
		require.Equal(s, http.StatusUnauthorized, s.call("GET", "/api/v1/me", bearer, "").Code, "access is lost at once")

		wrong := s.call("POST", "/api/v1/members", operator, strings.Replace(newcomer, "{", `{"org":"`+string(s.orgs[registry.KindProvider])+`",`, 1))
		require.Equal(s, http.StatusUnprocessableEntity, wrong.Code, "a provider has no officers")
		taken := s.call("POST", "/api/v1/members", operator, newcomer)
		require.Equal(s, http.StatusUnprocessableEntity, taken.Code)
		require.Equal(s, "login.taken", taken.body["errors"].([]any)[0].(map[string]any)["code"])
	})
}

func TestBadInputIsRefusedWithoutTrace(t *testing.T) {
	t.Parallel()
	each(t, false, func(s site) {
		for name, c := range map[string]struct {
			body   string
			status int
		}{
			"no JSON":           {`{"login":`, 400},
			"wrong types":       {`{"login":1,"password":[]}`, 422},
			"unknown field":     {`{"login":"a","password":"b","role":"operator"}`, 422},
			"nothing":           {``, 400},
			"over-long":         {credentials("a", strings.Repeat("长", 513)), 422},
			"hidden characters": {credentials("wa\u200bng", "b"), 422},
			"a null byte":       {`{"login":"a\u0000b","password":"b"}`, 422},
		} {
			a := s.call("POST", "/api/v1/auth/login", "", c.body)
			require.Equal(s, c.status, a.Code, name)
			require.NotEmpty(s, a.text("code"), name)
		}
		var n int64
		require.NoError(s, s.db.Read(s.Context()).Table("login_attempts").Count(&n).Error)
		require.Zero(s, n)
	})
}
