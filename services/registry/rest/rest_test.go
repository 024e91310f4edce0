package rest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

// bearer takes the token for the actor itself, written as JSON.
type bearer struct{}

func (bearer) Authenticate(_ context.Context, token string) (kernel.Actor, error) {
	var a kernel.Actor
	if err := json.Unmarshal([]byte(token), &a); err != nil {
		return a, kernel.Unauthenticated()
	}
	return a, nil
}

type house struct {
	*testing.T
	db   *database.DB
	desk *api.Desk
}

func open(t *testing.T) house {
	t.Helper()
	db, clock := databasetest.SQLite(t)
	desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: bearer{}})
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	if err != nil {
		t.Fatal(err)
	}
	register := store.New(db, fields)
	people := identity.New(db, identity.Options{Fields: fields, Passwords: crypto.NewPasswords(crypto.TestCost)})
	rest.New(clock, register, store.NewOffice(db, register, people)).Register(desk)
	return house{t, db, desk}
}

// call sends a request and returns the status and the decoded answer.
func (h house) call(a kernel.Actor, method, path, body string, headers ...string) (int, map[string]any) {
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
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
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

const secret = "绿水青山 to work"

func registration(organisation, login, password string) string {
	person := fmt.Sprintf(`{"kind":"enterprise","login":%q,"person_name":"张三","password":%q,`, login, password)
	return person + strings.TrimPrefix(organisation, "{")
}

var (
	districtOfficer = kernel.Actor{Person: "o1", Org: "bureau", Role: kernel.RoleDistrictOfficer, District: "500103"}
	otherOfficer    = kernel.Actor{Person: "o2", Org: "bureau2", Role: kernel.RoleDistrictOfficer, District: "500108"}
)

func TestTheLifeOfARegistration(t *testing.T) {
	t.Parallel()
	h := open(t)
	status, made := h.call(kernel.Actor{}, "POST", "/api/v1/registrations", registration(firm, "zhangsan", secret))
	if status != http.StatusCreated || made["size_class"] != "small" || made["status"] != "pending" {
		t.Fatalf("%d %v", status, made)
	}
	if h.count("people") != 1 || h.count("memberships") != 1 {
		t.Fatal("the first account was not opened")
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
	if h.count("notifications") != 1 {
		t.Error("the member did not hear of the decision")
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
			"credit_code:credit_code.check_digit district:organisation.district_abolished head_count:size.indicator_negative password:password.too_short"},
		{"an unknown field", registration(strings.Replace(firm, "name", "nome", 1), "zhang", secret), 422, "invalid_input",
			"name:field.required nome:field.unknown"},
		{"a wrong kind", strings.Replace(registration(firm, "zhang", secret), "enterprise", "authority", 1), 422, "invalid_input", "kind:field.choice"},
		{"text for a number", registration(strings.Replace(firm, "120", `"many"`, 1), "zhang", secret), 422, "invalid_input", "head_count:field.type"},
		{"money beyond 64 bits", registration(strings.Replace(firm, "500000000", "99999999999999999999", 1), "zhang", secret), 422, "invalid_input", "revenue_fen:field.range"},
		{"money beyond sense", registration(strings.Replace(firm, "500000000", "2000000000000000", 1), "zhang", secret), 422, "invalid_input", "revenue_fen:field.range"},
		{"a disguised name", registration(strings.Replace(firm, "重庆", "重\u200b庆", 1), "zhang", secret), 422, "invalid_input", "name:field.hidden_characters"},
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
			if h.count("organisations")+h.count("people")+h.count("memberships")+h.count("audit_entries") != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestARepeatedRegistrationTakesEffectOnceAndKeepsNoSecret(t *testing.T) {
	t.Parallel()
	h := open(t)
	body := registration(firm, "zhangsan", secret)
	key := []string{"Idempotency-Key", "3f1c0a52-7a39-4c7e-9a25-0d8f8d1f7a11"}
	_, first := h.call(kernel.Actor{}, "POST", "/api/v1/registrations", body, key...)
	status, again := h.call(kernel.Actor{}, "POST", "/api/v1/registrations", body, key...)
	if status != http.StatusCreated || again["id"] != first["id"] || h.count("organisations") != 1 || h.count("people") != 1 {
		t.Errorf("%d %v after %v", status, again, first)
	}
	other := registration(strings.Replace(firm, "120", "130", 1), "zhangsan", secret)
	if status, p := h.call(kernel.Actor{}, "POST", "/api/v1/registrations", other, key...); status != http.StatusConflict || p["code"] != "idempotency.reused" {
		t.Errorf("%d %v", status, p)
	}
	var kept struct{ Fingerprint, Result string }
	h.db.Read(context.Background()).Table("idempotency_keys").Select("fingerprint", "result").Scan(&kept)
	guess := sha256.Sum256([]byte(body))
	if kept.Result == "" || strings.Contains(kept.Result, secret) || strings.Contains(kept.Result, "62220000") || strings.Contains(kept.Fingerprint, hex.EncodeToString(guess[:])) {
		t.Errorf("%+v", kept)
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
