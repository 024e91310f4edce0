package rest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

// wholeDraft is the JSON of a document that can be published.
func wholeDraft(t *testing.T, change func(*rules.Document)) string {
	t.Helper()
	doc := subsidiestest.Document(t, "drafted")
	if change != nil {
		change(&doc)
	}
	b, err := json.Marshal(doc)
	require.NoError(t, err)
	return string(b)
}

func (c counter) newDraft(document string) (path string, view map[string]any) {
	c.Helper()
	status, view := c.ask(subsidiestest.CityOfficer, "POST", "/api/v1/policy-drafts", `{"document":`+document+`}`)
	require.Equal(c, 201, status, view)
	return "/api/v1/policy-drafts/" + view["id"].(string), view
}

func TestAnOfficerAuthorsAndASecondPublishesOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	author, second := subsidiestest.CityOfficer, subsidiestest.CityReviewer
	status, empty := c.ask(author, "POST", "/api/v1/policy-drafts", `{}`)
	require.Equal(t, 201, status, empty)
	require.Equal(t, map[string]any{}, empty["document"])
	require.NotEmpty(t, empty["check"].(map[string]any)["faults"])
	path := "/api/v1/policy-drafts/" + empty["id"].(string)

	status, saved := c.ask(author, "PUT", path, `{"rev":1,"document":`+wholeDraft(t, nil)+`}`)
	require.Equal(t, 200, status, saved)
	require.Equal(t, []any{"drafted", 1.0, 2.0, 0.0}, []any{saved["code"], saved["version"], saved["rev"], saved["faults"]})
	require.Equal(t, map[string]any{"edit": true, "submit": true, "return": false, "publish": false, "withdraw": true}, saved["can"])
	check := saved["check"].(map[string]any)
	require.Equal(t, []any{[]any{}, []any{}, []any{}, []any{}}, []any{check["faults"], check["warnings"], check["cases"], check["changes"]})
	status, stale := c.ask(author, "PUT", path, `{"rev":1,"document":{}}`)
	require.Equal(t, []any{409, "stale"}, []any{status, stale["code"]})

	yaml := c.send(author, "GET", path+"/yaml", "", "")
	require.Equal(t, 200, yaml.Code)
	require.Contains(t, yaml.Header().Get("Content-Disposition"), "drafted-1.yaml")
	w := c.send(author, "PUT", path+"/yaml?rev=2", strings.Replace(yaml.Body.String(), "reservation_days: ", "reservation_days: 1", 1), "text/yaml")
	require.Equal(t, 200, w.Code, w.Body.String())
	for _, body := range []string{"a: [", "a: &x 1", "a: *x"} {
		_, code, faults := c.refused(author, "PUT", path+"/yaml?rev=3", body, "text/yaml")
		require.Equal(t, "policy.yaml", code)
		require.Regexp(t, `^line \d+, column \d+ `, faults[0])
	}
	w = c.send(author, "PUT", path+"/yaml?rev=3", yaml.Body.String(), "text/yaml")
	require.Equal(t, 200, w.Code, w.Body.String())
	_, again := c.ask(author, "GET", path, "")
	require.Equal(t, saved["document"], again["document"])

	status, sent := c.ask(author, "POST", path+"/submit", `{"rev":4}`)
	require.Equal(t, []any{200, "submitted"}, []any{status, sent["state"]})
	status, own := c.ask(author, "POST", path+"/publish", `{"rev":5}`)
	require.Equal(t, []any{409, "four_eyes"}, []any{status, own["code"]})
	status, list := c.ask(subsidiestest.Auditor, "GET", "/api/v1/policy-drafts?state=submitted&page_size=1", "")
	require.Equal(t, 200, status)
	require.Equal(t, "市级乙", list["items"].([]any)[0].(map[string]any)["author_name"])
	status, out := c.ask(second, "POST", path+"/publish", `{"rev":5}`)
	require.Equal(t, []any{200, "published"}, []any{status, out["state"]}, out)
	require.NotEmpty(t, out["published_at"])
	status, law := c.ask(subsidiestest.Nobody, "GET", "/api/v1/policies/drafted", "")
	require.Equal(t, 200, status)
	require.Len(t, law["versions"], 1)

	status, next := c.ask(author, "POST", "/api/v1/policy-drafts", `{"code":"drafted","based_on_version":1}`)
	require.Equal(t, 201, status, next)
	document := next["document"].(map[string]any)
	require.EqualValues(t, 2, document["version"])
	require.NotContains(t, document, "in_force_from")
	document["in_force_from"] = "2027-01-01"
	document["rates"].([]any)[0].(map[string]any)["rate_bp"] = 1234
	body, err := json.Marshal(map[string]any{"document": document})
	require.NoError(t, err)
	status, told := c.ask(subsidiestest.Auditor, "POST", "/api/v1/policy-drafts/check", string(body))
	require.Equal(t, 200, status)
	require.Empty(t, told["faults"])
	require.Contains(t, fmt.Sprint(told["changes"]), "rates[0].rate_bp")
	require.Contains(t, fmt.Sprint(told["changes"]), "12.34%")
	status, _ = c.ask(author, "POST", "/api/v1/policy-drafts", `{"code":"drafted","based_on_version":9}`)
	require.Equal(t, 404, status)
	status, words := c.ask(subsidiestest.Nobody, "GET", "/api/v1/policies/drafted", "")
	require.Equal(t, 200, status, words)
}

func TestEveryRouteOfDraftsLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	path, _ := c.newDraft("{}")
	const city, auditor = kernel.RoleCityOfficer, kernel.RoleAuditor
	before := c.city.Marks(t)
	for route, may := range map[string][]kernel.Role{
		"GET /api/v1/policy-drafts":        {city, auditor},
		"POST /api/v1/policy-drafts":       {city},
		"POST /api/v1/policy-drafts/check": {city, auditor},
		"GET " + path:                      {city, auditor},
		"PUT " + path:                      {city},
		"GET " + path + "/yaml":            {city, auditor},
		"PUT " + path + "/yaml":            {city},
		"POST " + path + "/submit":         {city},
		"POST " + path + "/return":         {city},
		"POST " + path + "/publish":        {city},
		"POST " + path + "/withdraw":       {city},
	} {
		method, url, _ := strings.Cut(route, " ")
		for role, who := range people("org-firm-1") {
			body := ""
			if method != "GET" {
				body = `{"rev":"x"}` // never good
			}
			status := c.send(who, method, url, body, "application/json").Code
			allowed := strings.Contains(fmt.Sprint(may), string(role)) && role != ""
			require.Equal(t, allowed, status != 401 && status != 403, "%s by %q: %d", route, role, status)
		}
	}
	require.Equal(t, before, c.city.Marks(t))
}

func TestABadDocumentIsRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	who := subsidiestest.CityOfficer
	path, _ := c.newDraft(`{"title":"so far"}`)
	for name, x := range map[string]struct {
		document string
		status   int
		code     string
	}{
		"a list":            {`[]`, 422, "policy.json"},
		"a text":            {`"x"`, 422, "policy.json"},
		"null":              {`null`, 422, ""},
		"repeated":          {`{"a":1,"a":2}`, 422, "policy.json"},
		"repeated below":    {`{"x":[{"a":1,"a":2}]}`, 422, "policy.json"},
		"too deep":          {`{"a":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`, 422, "policy.json"},
		"a million arrays":  {strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000), 422, ""},
		"unclosed arrays":   {strings.Repeat("[", 1_000_000), 422, ""},
		"hidden characters": {"{\"title\":{\"zh\":\"a\u200bb\"}}", 422, "invalid_input"},
		"reversed text":     {"{\"t\":\"\\u202ex\"}", 422, "invalid_input"},
		"too large":         {`{"a":"` + strings.Repeat("x", rules.MaxDocument) + `"}`, 413, ""},
		"far too large":     {`{"a":"` + strings.Repeat("x", 3<<20) + `"}`, 413, ""},
		"cut off":           {`{"a":`, 422, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, route := range [][2]string{{"PUT " + path, `{"rev":1,"document":%s}`}, {"POST /api/v1/policy-drafts/check", `{"document":%s}`}} {
				method, url, _ := strings.Cut(route[0], " ")
				status, code, _ := c.refused(who, method, url, fmt.Sprintf(route[1], x.document), "application/json")
				require.Contains(t, []int{x.status, 400, 413}, status, code)
				if x.code != "" {
					require.Equal(t, x.code, code)
				}
			}
		})
	}
	for _, body := range []string{`{"document":{}}`, `{"rev":0,"document":{}}`, `{"rev":1}`, `{"rev":1,"document":{},"more":1}`, `{"rev":9007199254740993,"document":{}}`} {
		status, _, _ := c.refused(who, "PUT", path, body, "application/json")
		require.Contains(t, []int{409, 422}, status, body)
	}
	c.refused(who, "PUT", path+"/yaml", "a: 1", "text/yaml")
	c.refused(who, "PUT", path+"/yaml?rev=x", "a: 1", "text/yaml")
	c.refused(who, "PUT", path+"/yaml?rev=1", "a: "+strings.Repeat("x", rules.MaxDocument), "text/yaml")
	_, kept := c.ask(who, "GET", path, "")
	require.Equal(t, map[string]any{"title": "so far"}, kept["document"])
}
