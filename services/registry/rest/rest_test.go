package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/rest"
	"yunhui/services/registry/store"
)

const secret = "绿水青山 to work"

// site is the real desk with the real rooms on one store.
type site struct {
	*testing.T
	db   *database.DB
	desk *api.Desk
	svc  *identity.Service
}

func each(t *testing.T, test func(s site)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		fields, err := crypto.ParseFields(crypto.NewMasterKey())
		require.NoError(t, err)
		svc := identity.New(db, identity.Options{Fields: fields, Passwords: crypto.NewPasswords(crypto.TestCost)})
		organisations := store.New(db, fields)
		desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: svc})
		(&rest.Room{Clock: clock, Store: organisations, Office: store.NewOffice(db, organisations, svc)}).Register(desk)
		test(site{t, db, desk, svc})
	})
}

type answer struct {
	status int
	cache  string
	body   map[string]any
}

func (a answer) text(key string) string { text, _ := a.body[key].(string); return text }

// faults lists path:code of a problem, sorted.
func (a answer) faults() string {
	var out []string
	list, _ := a.body["errors"].([]any)
	for _, x := range list {
		f, _ := x.(map[string]any)
		out = append(out, fmt.Sprint(f["path"], ":", f["code"]))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
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
	w := httptest.NewRecorder()
	s.desk.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Body)
	require.NoError(s, err)
	a := answer{status: w.Code, cache: w.Header().Get("Cache-Control")}
	if len(raw) > 0 {
		require.NoError(s, json.Unmarshal(raw, &a.body), string(raw))
	}
	return a
}

// as gives a bearer token of a fresh person in the role.
func (s site) as(role kernel.Role, district string, org kernel.ID) string {
	s.Helper()
	login := "p-" + string(kernel.NewID(s.db.Clock().Now()))[20:] + string(role)[:2]
	ready, err := s.svc.Prepare(s.Context(), identity.NewPerson{Login: login, Name: "李𠮷", Password: secret})
	require.NoError(s, err)
	require.NoError(s, database.Run(s.Context(), s.db, "test", func(tx *database.Tx) error {
		_, err := s.svc.Add(tx, ready, identity.Membership{Org: org, Role: role, District: district}, "")
		return err
	}))
	return s.login(login)
}

func (s site) login(login string) string {
	s.Helper()
	tokens, err := s.svc.Login(s.Context(), login, secret, identity.From{})
	require.NoError(s, err)
	return tokens.Access
}

func (s site) count(table string) int64 {
	s.Helper()
	var n int64
	require.NoError(s, s.db.Read(s.Context()).Table(table).Count(&n).Error)
	return n
}

const bureau = kernel.ID("0190163d-8694-739b-aea5-966c26f8ad90")

func firm(change map[string]any) string {
	body := map[string]any{
		"credit_code": "91500103maay4cl12j", "name": "重庆𠮷祥𬭎基（虚构）软件有限公司", "industry": "software", "section": "I",
		"head_count": 120, "revenue_fen": 500_000_000, "district": "500103", "chains": []string{"software"}, "founded_on": "2015-03-01",
		"contact_name": "张三", "contact_phone": "13800138000", "bank_name": "虚构银行", "account_number": "6222 0000 1111 2222",
		"login": "zhangsan", "person_name": "张三", "password": secret,
	}
	maps.Copy(body, change)
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	raw, _ := json.Marshal(body)
	return string(raw)
}

func (s site) registered() (id string) {
	s.Helper()
	made := s.call("POST", "/api/v1/auth/register", "", firm(nil))
	require.Equal(s, http.StatusCreated, made.status, made.body)
	return made.text("organisation")
}

func TestAFirmRegistersIsVerifiedAndChanges(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		made := s.call("POST", "/api/v1/auth/register", "", firm(nil))
		require.Equal(s, http.StatusCreated, made.status, made.body)
		require.Equal(s, "pending", made.text("status"))
		require.Equal(s, "small", made.text("size_class"))
		class, _ := made.body["classification"].(map[string]any)
		require.Len(s, class["lines"], 3, "the bounds that decided are shown")
		require.NotContains(s, fmt.Sprint(made.body), secret)
		member, officer := s.login("zhangsan"), s.as(kernel.RoleDistrictOfficer, "500103", bureau)
		path := "/api/v1/organisations/" + made.text("organisation")

		list := s.call("GET", "/api/v1/organisations?status=pending&kind=enterprise&q=软件", officer, "")
		require.Len(s, list.body["items"], 1)
		require.NotContains(s, fmt.Sprint(list.body), "1380013", "no telephone in a list")
		one := s.call("GET", path, officer, "")
		require.Equal(s, "****2222", one.text("account_number"))
		require.Equal(s, "13800138000", one.text("contact_phone"))

		verified := s.call("POST", path+"/verification", officer, `{"version":1,"outcome":"verified"}`)
		require.Equal(s, http.StatusOK, verified.status, verified.body)
		require.Equal(s, "verified", verified.text("status"))
		require.EqualValues(s, 1, s.count("notifications"))
		stale := s.call("POST", path+"/verification", officer, `{"version":1,"outcome":"suspended","reason":"x"}`)
		require.Equal(s, "stale", stale.text("code"))

		own := s.call("GET", "/api/v1/organisation", member, "")
		require.Equal(s, "6222000011112222", own.text("account_number"), "one's own account in the clear")
		phone := s.call("PATCH", "/api/v1/organisation", member, `{"version":2,"contact_phone":"023-12345678"}`)
		require.Equal(s, "verified", phone.text("status"), phone.body)
		require.Equal(s, "6222000011112222", phone.text("account_number"))
		renamed := s.call("PATCH", "/api/v1/organisation", member, `{"version":3,"head_count":9}`)
		require.Equal(s, "pending", renamed.text("status"), renamed.body)
		require.Equal(s, "micro", renamed.text("size_class"))
		require.Equal(s, "重庆𠮷祥𬭎基（虚构）软件有限公司", renamed.text("name"), "what was not named stays")
		require.Equal(s, "stale", s.call("PATCH", "/api/v1/organisation", member, `{"version":3,"head_count":10}`).text("code"))
		bad := s.call("PATCH", "/api/v1/organisation", member, `{"version":4,"district":"500105","account_number":"12"}`)
		require.Equal(s, "account_number:organisation.account_number district:organisation.district_abolished", bad.faults())
		require.EqualValues(s, 4, s.call("GET", "/api/v1/organisation", member, "").body["version"])
	})
}

func TestRegistrationsThatAreRefusedLeaveNothing(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		for name, c := range map[string]struct {
			body   string
			status int
			faults string
		}{
			"every fault of both parts at once": {firm(map[string]any{"credit_code": "91500103MAAY4CL12K", "district": "500112", "head_count": -1, "password": "short", "login": "a b", "person_name": " "}), 422,
				"credit_code:credit_code.check_digit district:organisation.district_abolished head_count:size.indicator_negative login:login.form password:password.too_short person_name:name.form"},
			"figures that the industry needs": {firm(map[string]any{"head_count": nil, "revenue_fen": nil}), 422, "head_count:size.indicator_missing revenue_fen:size.indicator_missing"},
			"an unknown field":                {firm(map[string]any{"role": "city_officer"}), 422, "role:field.unknown"},
			"a kind that does not register":   {firm(map[string]any{"kind": "authority"}), 422, "kind:field.choice"},
			"a status of one's own":           {firm(map[string]any{"status": "verified"}), 422, "status:field.unknown"},
			"text for a number":               {firm(map[string]any{"head_count": "many"}), 422, "head_count:field.type"},
			"money beyond 64 bits":            {strings.Replace(firm(nil), "500000000", "99999999999999999999", 1), 422, "revenue_fen:field.range"},
			"money beyond sense":              {firm(map[string]any{"revenue_fen": 2_000_000_000_000_000}), 422, "revenue_fen:field.range"},
			"a disguised name":                {firm(map[string]any{"name": "重\u200b庆科技"}), 422, "name:field.hidden_characters"},
			"a founding day to come":          {firm(map[string]any{"founded_on": "2999-01-01"}), 422, "founded_on:organisation.founded_on"},
			"a day that does not exist":       {firm(map[string]any{"founded_on": "2015-02-30"}), 422, "founded_on:field.format"},
			"an over-long name":               {firm(map[string]any{"name": strings.Repeat("云", 201)}), 422, "name:field.too_long"},
			"no JSON":                         {`{"name":`, 400, ""},
			"a code of history, unsaid":       {firm(map[string]any{"credit_code": "91350100M0001TGQXM"}), 422, "credit_code:credit_code.check_digit"},
		} {
			a := s.call("POST", "/api/v1/auth/register", "", c.body)
			require.Equal(s, c.status, a.status, name)
			if c.faults != "" {
				require.Equal(s, c.faults, a.faults(), name)
			}
		}
		require.Zero(s, s.count("organisations")+s.count("people")+s.count("memberships")+s.count("audit_entries"))
	})
}

func TestAFirmOnRecordIsAConflictThatTellsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		s.registered()
		again := s.call("POST", "/api/v1/auth/register", "", firm(map[string]any{"login": "thief", "name": "别的公司"}))
		require.Equal(s, http.StatusConflict, again.status)
		require.Equal(s, "organisation.exists", again.text("code"))
		require.NotContains(s, fmt.Sprint(again.body), "吉祥")
		require.EqualValues(s, 1, s.count("people"))
	})
}

func TestAProviderRegistersAndOwesNoFigures(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		made := s.call("POST", "/api/v1/auth/register", "", firm(map[string]any{"kind": "provider", "industry": nil, "head_count": nil, "revenue_fen": nil}))
		require.Equal(s, http.StatusCreated, made.status, made.body)
		require.NotContains(s, made.body, "classification")
		actor, err := s.svc.Authenticate(s.Context(), s.login("zhangsan"))
		require.NoError(s, err)
		require.Equal(s, kernel.RoleProvider, actor.Role)
	})
}

func TestARepeatedRegistrationTakesEffectOnce(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		one := s.call("POST", "/api/v1/auth/register", "", firm(nil), "Idempotency-Key", "k-1")
		two := s.call("POST", "/api/v1/auth/register", "", firm(nil), "Idempotency-Key", "k-1")
		require.Equal(s, http.StatusCreated, two.status, two.body)
		require.Equal(s, one.text("organisation"), two.text("organisation"))
		require.EqualValues(s, 1, s.count("organisations"))
	})
}

func TestAHistoricalCodeWaitsForAnOfficersReason(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		made := s.call("POST", "/api/v1/auth/register", "", firm(map[string]any{"credit_code": "91350100M0001TGQXM", "historical_code": true}))
		require.Equal(s, http.StatusCreated, made.status, made.body)
		officer := s.as(kernel.RoleDistrictOfficer, "500103", bureau)
		path := "/api/v1/organisations/" + made.text("organisation")
		require.Equal(s, true, s.call("GET", path, officer, "").body["override_needed"])
		refused := s.call("POST", path+"/verification", officer, `{"version":1,"outcome":"verified"}`)
		require.Equal(s, "code_override_reason:credit_code.override_needed", refused.faults())
		verified := s.call("POST", path+"/verification", officer, `{"version":1,"outcome":"verified","code_override_reason":"试点期间颁发，已核执照"}`)
		require.Equal(s, http.StatusOK, verified.status, verified.body)
		require.Equal(s, false, verified.body["override_needed"])
	})
}

func TestWhoMaySeeAndDecide(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		id := s.registered()
		path := "/api/v1/organisations/" + id
		type rights struct{ list, get, decide, own, change int }
		cases := []struct {
			name, bearer string
			want         rights
		}{
			{"nobody", "", rights{401, 401, 401, 401, 401}},
			{"its own member", s.login("zhangsan"), rights{403, 403, 403, 200, 409}},
			{"another firm", s.as(kernel.RoleEnterprise, "", bureau), rights{403, 403, 403, 404, 404}},
			{"a provider", s.as(kernel.RoleProvider, "", bureau), rights{403, 403, 403, 404, 404}},
			{"another district", s.as(kernel.RoleDistrictOfficer, "500108", bureau), rights{200, 404, 404, 404, 403}},
			{"finance", s.as(kernel.RoleFinance, "", bureau), rights{403, 403, 403, 404, 403}},
			{"operator", s.as(kernel.RoleOperator, "", bureau), rights{403, 403, 403, 404, 403}},
			{"auditor", s.as(kernel.RoleAuditor, "", bureau), rights{200, 200, 403, 404, 403}},
			{"a city officer", s.as(kernel.RoleCityOfficer, "", bureau), rights{200, 200, 409, 404, 403}},
			{"its district", s.as(kernel.RoleDistrictOfficer, "500103", bureau), rights{200, 200, 409, 404, 403}},
		}
		for _, c := range cases {
			list := s.call("GET", "/api/v1/organisations", c.bearer, "")
			got := rights{
				list.status,
				s.call("GET", path, c.bearer, "").status,
				s.call("POST", path+"/verification", c.bearer, `{"version":99,"outcome":"verified"}`).status, // a version that is none
				s.call("GET", "/api/v1/organisation", c.bearer, "").status,
				s.call("PATCH", "/api/v1/organisation", c.bearer, `{"version":99,"name":"改名"}`).status,
			}
			require.Equal(s, c.want, got, c.name)
			if items, _ := list.body["items"].([]any); list.status == 200 {
				require.Equal(s, c.want.get == 200, len(items) == 1, "%s lists %d", c.name, len(items))
			}
		}
		own := s.call("GET", "/api/v1/organisation", cases[1].bearer, "")
		require.Equal(s, "pending", own.text("status"), "nothing of this had an effect")
		require.EqualValues(s, 1, own.body["version"])
		require.Zero(s, s.count("notifications"))
	})
}

func TestListsGoOn(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		for i := range 5 {
			code, err := registry.MakeCreditCode("91", "500103", "MA00000"+string(rune('0'+i)))
			require.NoError(s, err)
			made := s.call("POST", "/api/v1/auth/register", "", firm(map[string]any{"credit_code": code, "login": "login-" + string(rune('a'+i))}))
			require.Equal(s, http.StatusCreated, made.status, made.body)
		}
		city := s.as(kernel.RoleCityOfficer, "", bureau)
		seen := map[any]bool{}
		cursor := ""
		for page := 0; ; page++ {
			a := s.call("GET", "/api/v1/organisations?page_size=2&cursor="+cursor, city, "")
			items, _ := a.body["items"].([]any)
			require.LessOrEqual(s, len(items), 2)
			for _, x := range items {
				seen[x.(map[string]any)["id"]] = true
			}
			if cursor = a.text("next_cursor"); cursor == "" {
				break
			}
			require.Less(s, page, 3)
		}
		require.Len(s, seen, 5)
		require.Equal(s, 422, s.call("GET", "/api/v1/organisations?cursor=nonsense", city, "").status)
		require.Equal(s, 422, s.call("GET", "/api/v1/organisations?page_size=1000", city, "").status)
	})
}

func TestReferenceTablesArePublicAndKept(t *testing.T) {
	t.Parallel()
	each(t, func(s site) {
		got := s.call("GET", "/api/v1/registry/reference", "", "")
		require.Equal(s, http.StatusOK, got.status)
		require.Equal(s, "public, max-age=600", got.cache)
		require.Len(s, got.body["districts"], 39)
		require.Len(s, got.body["abolished"], 2)
		require.Len(s, got.body["sections"], 20)
		require.Len(s, got.body["chains"].(map[string]any)["chains"], 33)
		require.Len(s, got.body["size_standard"].(map[string]any)["industries"], 16)

		size := s.call("POST", "/api/v1/registry/size-class", "", `{"industry":"industry","head_count":299,"revenue_fen":100000000000}`)
		require.Equal(s, "small", size.text("class"), size.body)
		require.Len(s, size.body["lines"], 3)
		require.Equal(s, "head_count:size.indicator_missing revenue_fen:size.indicator_missing", s.call("POST", "/api/v1/registry/size-class", "", `{"industry":"industry"}`).faults())

		for code, want := range map[string]string{"9150000020286320x6": "", "91350100M0001TGQXM": "credit_code.check_digit", "915": "credit_code.length"} {
			a := s.call("POST", "/api/v1/registry/credit-code", "", `{"credit_code":"`+code+`"}`)
			require.Equal(s, want, a.text("code"), code)
			require.Equal(s, want == "", a.body["valid"])
			require.Equal(s, want == "credit_code.check_digit", a.body["may_be_accepted"])
		}
	})
}
