package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yunhui/services/api"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/rest"
	"yunhui/services/registry/store"
)

type plain struct{}

func (plain) Seal(_, text string) (string, error)   { return text, nil }
func (plain) Open(_, sealed string) (string, error) { return sealed, nil }

// bearer takes the token for the actor itself, written as JSON.
type bearer struct{}

func (bearer) Authenticate(_ context.Context, token string) (kernel.Actor, error) {
	var a kernel.Actor
	if err := json.Unmarshal([]byte(token), &a); err != nil {
		return a, kernel.Unauthenticated()
	}
	return a, nil
}

// enroller keeps accounts in its own table of the test, so that a refusal
// leaves neither an organisation nor an account.
type enroller struct{ enrolled []string }

func (e *enroller) Check(_ context.Context, n rest.Newcomer) error {
	var f kernel.Faults
	f.Check(len(n.Password) >= 10, "password", "too_weak", kernel.T("密码太短", "The password is too short"))
	return f.Err()
}

func (e *enroller) Enrol(tx *database.Tx, n rest.Newcomer, org kernel.ID, role kernel.Role) error {
	if n.Login == "taken" {
		return kernel.Conflict("person.login_taken", kernel.T("登录名已被使用", "This login is taken"))
	}
	tx.AfterCommit(func() { e.enrolled = append(e.enrolled, fmt.Sprint(n.Login, " ", role, " ", org != "")) })
	return nil
}

type house struct {
	*testing.T
	db    *database.DB
	desk  *api.Desk
	enrol *enroller
}

func open(t *testing.T) house {
	t.Helper()
	db, clock := databasetest.SQLite(t)
	desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: bearer{}})
	e := &enroller{}
	rest.New(db, store.New(db, plain{}), e).Register(desk)
	return house{t, db, desk, e}
}

// call sends a request and returns the status and the decoded answer.
func (h house) call(a kernel.Actor, method, path, body string) (int, map[string]any) {
	h.Helper()
	r := httptest.NewRequest(method, path, bytes.NewBufferString(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if !a.Anonymous() {
		token, err := json.Marshal(a)
		if err != nil {
			h.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	w := httptest.NewRecorder()
	h.desk.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Body)
	if err != nil {
		h.Fatal(err)
	}
	var answer map[string]any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &answer); err != nil {
			h.Fatalf("%s: %s", err, raw)
		}
	}
	return w.Code, answer
}

func (h house) count(table string) int64 {
	h.Helper()
	var n int64
	if err := h.db.Read(context.Background()).Table(table).Count(&n).Error; err != nil {
		h.Fatal(err)
	}
	return n
}

// fields lists path:code of a problem.
func fields(answer map[string]any) string {
	var out []string
	list, _ := answer["errors"].([]any)
	for _, x := range list {
		f := x.(map[string]any)
		out = append(out, fmt.Sprint(f["path"], ":", f["code"]))
	}
	return strings.Join(out, " ")
}

const firm = `{"credit_code":"91500103maay4cl12j","name":"重庆𠮷祥（虚构）软件有限公司","industry":"software","section":"I",
	"head_count":120,"revenue_fen":500000000,"district":"500103","chains":["software"],"contact_phone":"13800138000","account_number":"6222000011112222"}`

func registration(organisation, login, password string) string {
	return fmt.Sprintf(`{"kind":"enterprise","organisation":%s,"person":{"login":%q,"name":"张三","password":%q}}`, organisation, login, password)
}

var (
	districtOfficer = kernel.Actor{Person: "o1", Org: "bureau", Role: kernel.RoleDistrictOfficer, District: "500103"}
	otherOfficer    = kernel.Actor{Person: "o2", Org: "bureau2", Role: kernel.RoleDistrictOfficer, District: "500108"}
)

func TestTheLifeOfARegistration(t *testing.T) {
	t.Parallel()
	h := open(t)
	status, made := h.call(kernel.Actor{}, "POST", "/api/v1/registrations", registration(firm, "zhangsan", "correct horse"))
	if status != http.StatusCreated || made["size_class"] != "small" || made["status"] != "pending" {
		t.Fatalf("%d %v", status, made)
	}
	if len(h.enrol.enrolled) != 1 || h.enrol.enrolled[0] != "zhangsan enterprise true" {
		t.Fatalf("%v", h.enrol.enrolled)
	}
	id := made["id"].(string)
	path := "/api/v1/organisations/" + id
	member := kernel.Actor{Person: "p", Org: kernel.ID(id), Role: kernel.RoleEnterprise}

	status, list := h.call(districtOfficer, "GET", "/api/v1/organisations?status=pending&q=软件", "")
	if status != http.StatusOK || len(list["items"].([]any)) != 1 {
		t.Fatalf("%d %v", status, list)
	}
	if status, list = h.call(otherOfficer, "GET", "/api/v1/organisations", ""); status != http.StatusOK || len(list["items"].([]any)) != 0 {
		t.Fatalf("another district sees %v", list)
	}
	if status, _ = h.call(member, "GET", "/api/v1/organisations", ""); status != http.StatusForbidden {
		t.Errorf("an enterprise lists: %d", status)
	}

	status, verified := h.call(districtOfficer, "POST", path+"/decisions", `{"version":1,"act":"verify"}`)
	if status != http.StatusOK || verified["status"] != "verified" || verified["account_number"] != "****2222" {
		t.Fatalf("%d %v", status, verified)
	}
	if status, p := h.call(districtOfficer, "POST", path+"/decisions", `{"version":1,"act":"suspend","reason":"x"}`); status != http.StatusConflict || p["code"] != "stale" {
		t.Errorf("%d %v", status, p)
	}
	status, own := h.call(member, "GET", path, "")
	c, _ := own["classification"].(map[string]any)
	if status != http.StatusOK || own["account_number"] != "6222000011112222" || c["class"] != "small" || len(c["lines"].([]any)) != 3 {
		t.Errorf("%d %v", status, own)
	}
	mended := strings.Replace(firm, `{`, `{"version":2,`, 1)
	mended = strings.Replace(mended, "120", "99", 1)
	if status, own = h.call(member, "PUT", path, mended); status != http.StatusOK || own["status"] != "pending" || own["version"] != float64(3) {
		t.Errorf("%d %v", status, own)
	}
	if status, _ = h.call(kernel.Actor{Person: "q", Org: "else", Role: kernel.RoleEnterprise}, "PUT", path, mended); status != http.StatusNotFound {
		t.Errorf("a stranger declares: %d", status)
	}
}

func TestARefusedRegistrationLeavesNothing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, body string
		status     int
		code       string
		fields     string
	}{
		{"every fault of both parts at once", registration(strings.NewReplacer("12j", "12k", "500103\"", "500112\"", "120", "-1").Replace(firm), "zhang", "short"), 422, "invalid_input",
			"organisation.credit_code:credit_code.check_digit organisation.district:organisation.district_unknown organisation.head_count:size.indicator_negative person.password:too_weak"},
		{"the login is taken", registration(firm, "taken", "correct horse"), 409, "person.login_taken", ""},
		{"an unknown field", registration(strings.Replace(firm, "name", "nome", 1), "zhang", "correct horse"), 422, "invalid_input",
			"organisation.name:field.required organisation.nome:field.unknown"},
		{"a wrong kind", strings.Replace(registration(firm, "zhang", "correct horse"), "enterprise", "authority", 1), 422, "invalid_input", "kind:field.choice"},
		{"text for a number", registration(strings.Replace(firm, "120", `"many"`, 1), "zhang", "correct horse"), 422, "invalid_input", "organisation.head_count:field.type"},
		{"money beyond 64 bits", registration(strings.Replace(firm, "500000000", "99999999999999999999", 1), "zhang", "correct horse"), 422, "invalid_input", "organisation.revenue_fen:field.range"},
		{"money beyond sense", registration(strings.Replace(firm, "500000000", "2000000000000000", 1), "zhang", "correct horse"), 422, "invalid_input", "organisation.revenue_fen:field.range"},
		{"a disguised name", registration(strings.Replace(firm, "重庆", "重\u200b庆", 1), "zhang", "correct horse"), 422, "invalid_input", "organisation.name:field.hidden_characters"},
		{"no JSON", `{"kind":`, 400, "malformed_json", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			status, p := h.call(kernel.Actor{}, "POST", "/api/v1/registrations", c.body)
			if status != c.status || p["code"] != c.code || (c.fields != "" && fields(p) != c.fields) {
				t.Errorf("%d %v\n%s", status, p["code"], fields(p))
			}
			if h.count("organisations")+h.count("audit_entries") != 0 || len(h.enrol.enrolled) != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestReferenceTablesArePublic(t *testing.T) {
	t.Parallel()
	h := open(t)
	for path, items := range map[string]int{
		"/api/v1/registry/districts": 39, "/api/v1/registry/districts?on=2025-11-05": 41,
	} {
		status, got := h.call(kernel.Actor{}, "GET", path, "")
		if list, _ := got["items"].([]any); status != http.StatusOK || len(list) != items {
			t.Errorf("%s: %d, %d items", path, status, len(list))
		}
	}
	if status, got := h.call(kernel.Actor{}, "GET", "/api/v1/registry/districts?on=2025-02-30", ""); status != http.StatusUnprocessableEntity || fields(got) != "on:field.format" {
		t.Errorf("%d %v", status, got)
	}
	if status, got := h.call(kernel.Actor{}, "GET", "/api/v1/registry/chains", ""); status != http.StatusOK || len(got["chains"].([]any)) != 33 {
		t.Errorf("%d %v", status, got)
	}
	if status, got := h.call(kernel.Actor{}, "GET", "/api/v1/registry/industries", ""); status != http.StatusOK || len(got["industries"].([]any)) != 16 || len(got["sections"].([]any)) != 20 {
		t.Errorf("%d %v", status, got)
	}
}

func TestASizeClassIsToldWithItsReasons(t *testing.T) {
	t.Parallel()
	h := open(t)
	status, got := h.call(kernel.Actor{}, "POST", "/api/v1/registry/size-class", `{"industry":"industry","head_count":299,"revenue_fen":100000000000}`)
	if status != http.StatusOK || got["class"] != string(registry.SizeSmall) || len(got["lines"].([]any)) != 3 {
		t.Errorf("%d %v", status, got)
	}
	status, got = h.call(kernel.Actor{}, "POST", "/api/v1/registry/size-class", `{"industry":"industry"}`)
	if status != http.StatusUnprocessableEntity || fields(got) != "head_count:size.indicator_missing revenue_fen:size.indicator_missing" {
		t.Errorf("%d %s", status, fields(got))
	}
}

func TestACreditCodeIsJudgedNotLookedUp(t *testing.T) {
	t.Parallel()
	h := open(t)
	for code, want := range map[string]string{
		"9150000020286320x6": "", "91350100M0001TGQXM": "credit_code.check_digit", "915": "credit_code.length",
	} {
		status, got := h.call(kernel.Actor{}, "GET", "/api/v1/registry/credit-codes/"+code, "")
		problem, _ := got["problem"].(string)
		if status != http.StatusOK || problem != want || got["valid"] != (want == "") || got["may_be_accepted"] != (want == "credit_code.check_digit") {
			t.Errorf("%s: %d %v", code, status, got)
		}
	}
}
