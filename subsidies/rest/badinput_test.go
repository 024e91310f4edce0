package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http/httptest"
	"net/textproto"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
	"yunhui/services/database/databasetest"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/rest"
	"yunhui/subsidies/subsidiestest"
)

// openAll is a counter with every room of the money side behind it.
func openAll(t *testing.T) counter {
	t.Helper()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	store, err := files.OpenDisk(t.TempDir())
	require.NoError(t, err)
	desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: tokens{}, AnonymousWrites: -1})
	room := &rest.Room{
		DB: db, Policies: city.Policies, Drafts: city.Drafts, Simulations: city.Simulations, Registry: city.Registry, Agreements: city.Agreements, Claims: city.Claims, Notices: city.Notices, Payments: city.Payments, Clawbacks: city.Clawbacks, Quotas: city.Quotas, Openings: city.Openings,
		Quotes: &quotes.Desk{DB: db, Policies: city.Policies, Registry: city.Registry, Market: city.Market}, Files: store,
	}
	room.Register(desk)
	return counter{t, city, desk}
}

// nothing is the id of nothing.
const nothing = "019ab000-0000-7000-8000-000000000000"

// refused sends what must be refused and proves that it was: a problem with a
// status of the caller's fault, nothing of ours in it and nothing kept.
func (c counter) refused(who kernel.Actor, method, path, body, media string) (status int, code string, faults []string) {
	c.Helper()
	c.city.Unmoved(c.T, func() {
		w := c.send(who, method, path, body, media)
		about := fmt.Sprintf("%s %s %.80q: %s", method, path, body, w.Body.String())
		require.GreaterOrEqual(c, w.Code, 400, about)
		require.Less(c, w.Code, 500, about)
		require.Equal(c, "application/problem+json", w.Header().Get("Content-Type"), about)
		var p api.Problem
		require.NoError(c, json.Unmarshal(w.Body.Bytes(), &p), about)
		require.NotEmpty(c, p.Code, about)
		require.NotEmpty(c, p.Detail, about)
		for _, ours := range []string{"goroutine", ".go:", "json:", "struct", "sql", "kernel.", "panic"} {
			require.NotContains(c, w.Body.String(), ours, about)
		}
		status, code = w.Code, p.Code
		for _, e := range p.Errors {
			require.NotEmpty(c, e.Message, about)
			faults = append(faults, e.Path+" "+e.Code)
		}
	})
	sort.Strings(faults)
	return status, code, faults
}

// writes are the routes of this side that take a JSON body, with somebody who
// may use them and a body that is good.
func writes(c counter) []struct {
	who    kernel.Actor
	method string
	path   string
	good   map[string]any
} {
	draft := c.city.ClaimIn(c.T, subsidies.ClaimDraft)
	waiting := c.city.ClaimIn(c.T, subsidies.ClaimProviderConfirmed)
	drafted := c.city.AgreementIn(c.T, subsidiestest.Deal{}, subsidies.AgreementDrafted)
	claimant := subsidiestest.Claimant(draft.EnterpriseID)
	return []struct {
		who    kernel.Actor
		method string
		path   string
		good   map[string]any
	}{
		{subsidiestest.Nobody, "POST", "/api/v1/quotes", map[string]any{"policy": subsidiestest.Policy, "lines": []any{map[string]any{"depth": "business", "price_fen": 100}}}},
		{claimant, "POST", "/api/v1/agreements", map[string]any{"policy": subsidiestest.Policy, "offer_id": "none", "plan_id": "none", "quantity": 1, "starts_on": "2026-12-01", "ends_on": "2027-12-01"}},
		{subsidiestest.Claimant(drafted.EnterpriseID), "POST", "/api/v1/agreements/" + string(drafted.ID) + "/confirm", map[string]any{"version": 1}},
		{subsidiestest.Provider, "POST", "/api/v1/agreements/" + string(drafted.ID) + "/decline", map[string]any{"version": 9, "note": "否"}},
		{claimant, "POST", "/api/v1/claims", map[string]any{"agreement_id": "none"}},
		{claimant, "PUT", "/api/v1/claims/" + string(draft.ID), map[string]any{"version": 99, "contract_number": "x"}},
		{claimant, "POST", "/api/v1/claims/" + string(draft.ID) + "/submit", map[string]any{"truthful": false}},
		{claimant, "POST", "/api/v1/claims/" + string(draft.ID) + "/withdraw", map[string]any{"version": 99}},
		{subsidiestest.DistrictOfficer, "POST", "/api/v1/claims/" + string(waiting.ID) + "/decision", map[string]any{"outcome": "return"}},
	}
}

func TestWhatCannotBeReadIsRefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	for _, w := range writes(c) {
		for _, body := range []string{
			"{", "}", "[]", "null", `"text"`, "1", "true", "\ufeff{}", `{"version":1}{"version":1}`, `{"a":1,}`, "{'a':1}", "\xff\xfe", `{"note":"` + "\xc3\x28" + `"}`,
			`{"version":"one"}`, `{"version":1.5}`, `{"version":-1}`, `{"version":1e400}`, `{"version":99999999999999999999}`, `{"unknown":1,"other":{}}`, deep, strings.Repeat("[", 100_000),
		} {
			status, code, _ := c.refused(w.who, w.method, w.path, body, "application/json")
			require.Contains(t, []int{400, 413, 422}, status, "%s %s %.40q: %s", w.method, w.path, body, code)
		}
		good, err := json.Marshal(w.good)
		require.NoError(t, err)
		for _, media := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data"} {
			status, _, _ := c.refused(w.who, w.method, w.path, string(good), media)
			require.Contains(t, []int{400, 415, 422}, status, "%s %s as %s", w.method, w.path, media)
		}
		status, _, _ := c.refused(w.who, w.method, w.path, `{"note":"`+strings.Repeat("𠮷", 1<<20)+`"}`, "application/json")
		require.Contains(t, []int{413, 422}, status, "%s %s: far too large", w.method, w.path)
		w.good["surprise"] = 1
		odd, err := json.Marshal(w.good)
		require.NoError(t, err)
		_, code, faults := c.refused(w.who, w.method, w.path, string(odd), "application/json")
		require.Equal(t, "invalid_input", code)
		require.Contains(t, faults, "surprise field.unknown", "%s %s", w.method, w.path)
	}
}

func TestEveryBadFieldOfAClaimIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimDraft)
	who, path := subsidiestest.Claimant(claim.EnterpriseID), "/api/v1/claims/"+string(claim.ID)
	wide := strings.Repeat("𠮷", 81)
	for name, x := range map[string]struct {
		body   string
		faults []string
	}{
		"types": {`{"contract_number":1,"invoices":{},"payments":[{"amount_fen":"1","paid_on":5}]}`,
			[]string{"contract_number field.type", "invoices field.type", "payments[0].amount_fen field.type", "payments[0].paid_on field.type"}},
		"lengths in characters": {`{"contract_number":"` + wide + `","invoices":[{"item":"` + strings.Repeat("云", 201) + `","number":"123456789012345678901"}]}`,
			[]string{"contract_number field.too_long", "invoices[0].item field.too_long", "invoices[0].number field.too_long"}},
		"money": {`{"invoices":[{"amount_fen":-1,"tax_fen":1000000000000001},{"amount_fen":1.5}],"payments":[{"amount_fen":9223372036854775808}]}`,
			[]string{"invoices[0].amount_fen field.range", "invoices[0].tax_fen field.range", "invoices[1].amount_fen field.type", "payments[0].amount_fen field.range"}},
		"days that do not exist": {`{"contract_signed_on":"2026-02-30","accepted_on":"2026-1-1","invoices":[{"issued_on":"26-1-1"}],"payments":[{"paid_on":"0000-00-00"}]}`,
			[]string{"accepted_on field.format", "contract_signed_on field.format", "invoices[0].issued_on field.format", "payments[0].paid_on field.format"}},
		"days out of range": {`{"contract_signed_on":"0001-01-01","accepted_on":"1999-12-31","invoices":[{"issued_on":"9999-12-31"}],"payments":[{"paid_on":"2999-01-01"}]}`,
			[]string{"accepted_on date.invalid", "contract_signed_on date.invalid", "invoices[0].issued_on date.invalid", "payments[0].paid_on date.invalid"}},
		"hidden": {"{\"contract_number\":\"HT\u200b\",\"payments\":[{\"payer\":\"\u202eABC\",\"payee\":\"a\u2066b\",\"bank_reference\":\"\\u0000\"}]}",
			[]string{"contract_number field.hidden_characters", "payments[0].bank_reference field.hidden_characters", "payments[0].payee field.hidden_characters", "payments[0].payer field.hidden_characters"}},
		"unknown within": {`{"invoices":[{"nummer":"1"}],"payments":[{"sum":1}]}`, []string{"invoices[0].nummer field.unknown", "payments[0].sum field.unknown"}},
		"too many":       {`{"invoices":[` + strings.TrimSuffix(strings.Repeat("{},", 51), ",") + `]}`, []string{"invoices field.too_many"}},
	} {
		t.Run(name, func(t *testing.T) {
			status, code, faults := c.refused(who, "PUT", path, x.body, "application/json")
			require.Equal(t, 422, status)
			require.Equal(t, "invalid_input", code)
			require.Equal(t, x.faults, faults)
		})
	}
	t.Run("rare characters are welcome", func(t *testing.T) {
		status, got := c.ask(who, "PUT", path, `{"contract_number":"`+strings.Repeat("𬭎", 80)+`","payments":[{"payer":"𠮷祥","amount_fen":1000000000000000}],"invoices":[{"item":"`+strings.Repeat("𠮷", 200)+`"}]}`)
		require.Equal(t, 200, status, "%v", got)
		require.Equal(t, strings.Repeat("𬭎", 80), got["contract_number"])
	})
	t.Run("unfinished", func(t *testing.T) {
		_, code, faults := c.refused(who, "POST", path+"/submit", `{"truthful":false}`, "application/json")
		require.Equal(t, "invalid_input", code)
		for _, want := range []string{"truthful commitment.required", "invoices[0].number invoice.number_form", "payments[0].paid_on field.required", "contract_signed_on field.required"} {
			require.Contains(t, faults, want)
		}
	})
}

func TestEveryBadFieldOfAQuoteIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	for name, x := range map[string]struct {
		body   string
		status int
		faults []string
	}{
		"all missing": {`{}`, 422, []string{"lines field.required", "policy field.required"}},
		"no lines":    {`{"policy":"` + subsidiestest.Policy + `","lines":[]}`, 422, []string{"lines field.too_few"}},
		"choices and ranges": {`{"policy":"p","on":"2026-13-01","firm":{"size_class":"giant","section":"CC","revenue_fen":-1,"head_count":10000001,"purchases":-1},"lines":[{"depth":"deep","class":"C","price_fen":-5,"quantity":100001}]}`, 422,
			[]string{"firm.head_count field.range", "firm.purchases field.range", "firm.revenue_fen field.range", "firm.section field.too_long", "firm.size_class field.choice", "lines[0].class field.choice", "lines[0].depth field.choice", "lines[0].price_fen field.range", "lines[0].quantity field.range", "on field.format"}},
		"dates":            {`{"policy":"` + subsidiestest.Policy + `","on":"2026-02-29","firm":{"founded_on":"never"},"lines":[{"price_fen":1}]}`, 422, []string{"firm.founded_on field.format", "on field.format"}},
		"beyond money":     {`{"policy":"` + subsidiestest.Policy + `","lines":[{"price_fen":1000000000000000,"quantity":100000},{"price_fen":5,"discount_fen":6}]}`, 422, []string{"lines[0].price_fen price.range", "lines[1].discount_fen discount.range"}},
		"unknown policy":   {`{"policy":"none","lines":[{"price_fen":1}]}`, 404, nil},
		"unknown version":  {`{"policy":"` + subsidiestest.Policy + `","version":77,"lines":[{"price_fen":1}]}`, 404, nil},
		"unknown plan":     {`{"policy":"` + subsidiestest.Policy + `","lines":[{"offer_id":"` + nothing + `","plan_id":"` + nothing + `"}]}`, 422, []string{"lines[0].plan_id plan.unknown"}},
		"no ids at all":    {`{"policy":"` + subsidiestest.Policy + `","lines":[{"offer_id":"a","plan_id":"b"}]}`, 422, []string{"lines[0].offer_id field.pattern", "lines[0].plan_id field.pattern"}},
		"own, by a nobody": {`{"policy":"` + subsidiestest.Policy + `","own":true,"lines":[{"price_fen":1}]}`, 401, nil},
		"hidden":           {"{\"policy\":\"p\u200b\",\"lines\":[{\"category\":\"\u202ea\"}]}", 422, []string{"lines[0].category field.hidden_characters", "policy field.hidden_characters"}},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, faults := c.refused(subsidiestest.Nobody, "POST", "/api/v1/quotes", x.body, "application/json")
			require.Equal(t, x.status, status)
			require.Equal(t, x.faults, faults)
		})
	}
	for _, on := range []string{"0001-01-01", "9999-12-31"} { // far away, and still a day
		status, _ := c.ask(subsidiestest.Nobody, "POST", "/api/v1/quotes", `{"policy":"`+subsidiestest.Policy+`","on":"`+on+`","lines":[{"price_fen":1,"depth":"business"}]}`)
		require.Equal(t, 200, status)
	}
}

func TestEveryBadFieldOfAnAgreementIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	deal, _ := c.city.Listing(subsidiestest.Deal{})
	who := subsidiestest.Claimant(deal.Firm.ID)
	_, _, faults := c.refused(who, "POST", "/api/v1/agreements", `{"policy":"","quantity":-1,"starts_on":"2026-12-01-x","offer_id":"`+strings.Repeat("a", 37)+`"}`, "application/json")
	require.Equal(t, []string{"ends_on field.required", "offer_id field.pattern", "offer_id field.too_long", "policy field.too_short", "quantity field.range", "starts_on field.format", "starts_on field.too_long"}, faults)
	_, _, faults = c.refused(who, "POST", "/api/v1/agreements", `{"policy":"`+subsidiestest.Policy+`","starts_on":"2026-12-31","ends_on":"1999-01-01"}`, "application/json")
	require.Equal(t, []string{"ends_on date.order", "proposal_id agreement.source", "quantity quantity.range"}, faults)
	for _, field := range []string{"offer_id", "proposal_id"} {
		status, _, _ := c.refused(who, "POST", "/api/v1/agreements", `{"policy":"`+subsidiestest.Policy+`","`+field+`":"`+nothing+`","plan_id":"`+nothing+`","quantity":1,"starts_on":"2026-12-01","ends_on":"2027-12-01"}`, "application/json")
		require.Equal(t, 404, status, field)
	}
}

// TestOthersThingsAreNotThere: another organisation's ids, and ids of nothing,
// are answered alike.
func TestOthersThingsAreNotThere(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimReturned)
	proof := c.city.Prove(t, claim.ID, subsidies.EvidenceOther)[0]
	a := c.city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementEnterpriseConfirmed)
	p := subsidiestest.PeopleOf(claim)
	stranger, seller, elsewhere := subsidiestest.Claimant("org-of-somebody-else"), p.Provider, p.Officer
	seller.Org, elsewhere.District = subsidiestest.OtherProvider, subsidiestest.OtherDistrict
	c.city.Unmoved(t, func() {
		for _, claimID := range []string{string(claim.ID), "none", "%00", "..", "a'--"} {
			for _, x := range []struct {
				who    kernel.Actor
				method string
				path   string
				body   string
			}{
				{stranger, "GET", "", ""}, {seller, "GET", "", ""}, {elsewhere, "GET", "", ""},
				{stranger, "PUT", "", `{}`}, {stranger, "POST", "/submit", `{"truthful":true}`}, {stranger, "POST", "/withdraw", `{}`},
				{seller, "POST", "/decision", `{"outcome":"confirm"}`}, {elsewhere, "POST", "/decision", `{"outcome":"approve"}`},
				{stranger, "DELETE", "/evidence/" + string(proof.FileID), ""}, {stranger, "GET", "/evidence/" + string(proof.FileID), ""}, {seller, "GET", "/evidence/" + string(proof.FileID), ""},
			} {
				w := c.send(x.who, x.method, "/api/v1/claims/"+claimID+x.path, x.body, "application/json")
				require.Contains(t, []int{400, 404, 405, 422}, w.Code, "%s %s%s: %s", x.method, claimID, x.path, w.Body.String())
				require.NotContains(t, w.Body.String(), claim.Number)
				if claimID == string(claim.ID) {
					require.Equal(t, 404, w.Code)
				}
			}
		}
		for _, x := range []struct {
			who  kernel.Actor
			path string
		}{{stranger, "/withdraw"}, {seller, "/decline"}, {elsewhere, "/accept"}, {elsewhere, "/decline"}, {stranger, "/confirm"}, {seller, "/confirm"}} {
			w := c.send(x.who, "POST", "/api/v1/agreements/"+string(a.ID)+x.path, `{"note":"不"}`, "application/json")
			require.Equal(t, 404, w.Code, "%s: %s", x.path, w.Body.String())
		}
		w := c.send(stranger, "POST", "/api/v1/claims", `{"agreement_id":"`+string(a.ID)+`"}`, "application/json")
		require.Equal(t, 404, w.Code)
	})
}

func TestListsRefuseWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	for _, path := range []string{"/api/v1/claims", "/api/v1/agreements"} {
		for query, want := range map[string]string{
			"page_size=0": "page_size field.range", "page_size=101": "page_size field.range", "page_size=x": "page_size field.type", "state=lost": "state field.choice",
			"mine=perhaps": "mine field.type", "cursor=x": "cursor cursor.invalid", "cursor=1.e30": "cursor cursor.invalid", "sort=id;drop": "sort field.unknown", "state=%E2%80%8B": "state field.",
		} {
			_, _, faults := c.refused(subsidiestest.CityReviewer, "GET", path+"?"+query, "", "")
			require.NotEmpty(t, faults, "%s?%s", path, query)
			require.True(t, strings.HasPrefix(strings.Join(faults, ","), want), "%s?%s: %v", path, query, faults)
		}
	}
}

// form is an upload as a browser sends it.
func form(t *testing.T, field, name, content, kind string) (string, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if kind != "" {
		require.NoError(t, w.WriteField("kind", kind))
	}
	quote := `"` // not %q: the name goes as it is, hidden characters and all
	disposition := "form-data; name=" + quote + field + quote + "; filename=" + quote + name + quote
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {"application/pdf"}})
	require.NoError(t, err)
	_, err = part.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String(), w.FormDataContentType()
}

func TestFilesOfTheWrongKindAreRefused(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	claim := c.city.ClaimIn(t, subsidies.ClaimDraft)
	who, path := subsidiestest.Claimant(claim.EnterpriseID), "/api/v1/claims/"+string(claim.ID)+"/evidence"
	const pdf = "%PDF-1.4\nx\n%%EOF\n"
	before := c.city.Count(t, "files", "")
	for name, x := range map[string]struct {
		field, file, content, kind string
		status                     int
		code                       string
	}{
		"empty":                  {"file", "a.pdf", "", "contract", 422, "invalid_input"},
		"no file":                {"other", "a.pdf", pdf, "contract", 422, "invalid_input"},
		"unknown kind":           {"file", "a.pdf", pdf, "receipt", 422, "invalid_input"},
		"no kind":                {"file", "a.pdf", pdf, "", 422, "invalid_input"},
		"a program":              {"file", "a.exe", "MZ\x90", "contract", 415, "file.type"},
		"a page in disguise":     {"file", "a.pdf", "<html><script>alert(1)</script>", "contract", 415, "file.type"},
		"a picture in name":      {"file", "a.png", pdf, "contract", 415, "file.type"},
		"no extension":           {"file", "pdf", pdf, "contract", 415, "file.type"},
		"a hidden name":          {"file", "a\u202efdp.exe", pdf, "contract", 422, "invalid_input"},
		"a name of dots":         {"file", "..", pdf, "contract", 422, "file.name"},
		"a very long name":       {"file", strings.Repeat("云", 130) + ".pdf", pdf, "contract", 422, "file.name"},
		"an entity in its xml":   {"file", "a.xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`, "invoice", 415, "file.type"},
		"larger than it may be":  {"file", "a.pdf", "%PDF-1.4\n" + strings.Repeat("x", files.MaxSize) + "\n%%EOF\n", "contract", 413, ""},
		"larger than any upload": {"file", "a.pdf", strings.Repeat("x", files.MaxSize+2<<20), "contract", 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			body, media := form(t, x.field, x.file, x.content, x.kind)
			status, code, _ := c.refused(who, "POST", path, body, media)
			require.Equal(t, x.status, status, code)
			if x.code != "" {
				require.Equal(t, x.code, code)
			}
			require.Equal(t, before, c.city.Count(t, "files", ""))
		})
	}
	for _, media := range []string{"application/json", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"} {
		c.refused(who, "POST", path, "--x\r\n\r\n", media)
	}
	body, media := form(t, "file", "验收报告𠮷𬭎.pdf", pdf, "acceptance")
	w := c.send(who, "POST", path, body, media)
	require.Equal(t, 201, w.Code, w.Body.String())
	require.Contains(t, w.Body.String(), "验收报告𠮷𬭎.pdf")
}

func TestAKeyTakesEffectOnce(t *testing.T) {
	t.Parallel()
	c := openAll(t)
	a := c.city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
	who := subsidiestest.Claimant(a.EnterpriseID)
	open := func(key, body string) (int, map[string]any) {
		r := httptest.NewRequestWithContext(c.Context(), "POST", "/api/v1/claims", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		token, err := json.Marshal(who)
		require.NoError(c, err)
		r.Header.Set("Authorization", "Bearer "+string(token))
		r.Header.Set("Idempotency-Key", key)
		w := httptest.NewRecorder()
		c.desk.ServeHTTP(w, r)
		var out map[string]any
		require.NoError(c, json.Unmarshal(w.Body.Bytes(), &out), w.Body.String())
		return w.Code, out
	}
	body := `{"agreement_id":"` + string(a.ID) + `"}`
	status, first := open("key-1", body)
	require.Equal(t, 201, status, "%v", first)
	status, again := open("key-1", body)
	require.Equal(t, 201, status)
	require.Equal(t, first["id"], again["id"])
	status, other := open("key-1", `{"agreement_id":"`+nothing+`"}`)
	require.Equal(t, []any{409, "idempotency.reused"}, []any{status, other["code"]})
	status, taken := open("key-2", body)
	require.Equal(t, []any{409, "claim.exists"}, []any{status, taken["code"]})
	for _, key := range []string{strings.Repeat("k", 65), "with space", "钥匙"} {
		status, bad := open(key, body)
		require.Equal(t, 422, status, "%q: %v", key, bad)
	}
	require.EqualValues(t, 1, c.city.Count(t, "claims", ""))
}
