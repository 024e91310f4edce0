package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

const drawPath = "/api/v1/draws/by-draw/2026-12-02"

// withDraw publishes a policy with a draw whose window is open now.
func withDraw(c counter) {
	doc := subsidiestest.Document(c.T, "by-draw")
	doc.Clauses = append(slices.Clone(doc.Clauses), rules.Clause{Number: "7.1", Text: kernel.T("抽签。", "By draw."), Computes: []string{"allotment"}})
	doc.Allotment = &rules.Allotment{Clause: "7.1", By: rules.ByDraw, Window: kernel.Period{From: "2026-11-20", To: "2026-12-02"}, Bands: []rules.PriorityBand{
		{Clause: "7.1", Name: kernel.T("微型企业", "Micro enterprises"), Expression: "enterprise.size_class == 'micro'"},
	}}
	c.city.Publish(c.T, doc)
}

func TestADrawOverHTTP(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	withDraw(c)
	sole := c.city.Registry.NewFirm(subsidiestest.District)
	sole.CreditCode, sole.Name, sole.NameEN = "92"+sole.CreditCode[2:], "王小二五金店", "Wang Hardware"
	c.city.Registry.Put(sole)
	a := c.city.AgreementIn(t, subsidiestest.Deal{Policy: "by-draw", Firm: sole}, subsidies.AgreementEnterpriseConfirmed)
	c.city.AgreementIn(t, subsidiestest.Deal{Policy: "by-draw"}, subsidies.AgreementEnterpriseConfirmed)
	first, second := subsidiestest.CityReviewer, subsidiestest.CityOfficer

	status, all := c.ask(subsidiestest.Nobody, "GET", drawPath, "")
	require.Equal(t, 200, status)
	require.Equal(t, []any{"open", 2.0, ""}, []any{all["state"], all["entries"], all["list_digest"]})
	require.Empty(t, all["acts"], "a visitor looks on")
	require.Equal(t, "其他", all["bands"].([]any)[1].(map[string]any)["zh"])
	status, refused := c.ask(subsidiestest.Nobody, "GET", drawPath+"/list", "")
	require.Equal(t, []any{409, "opening.not_closed"}, []any{status, refused["code"]})

	seeds := map[kernel.ID]string{first.Person: strings.Repeat("a1", 32), second.Person: strings.Repeat("b2", 32)}
	post := func(who kernel.Actor, path, body string) map[string]any {
		t.Helper()
		status, out := c.ask(who, "POST", drawPath+path, body)
		require.Equal(t, 200, status, out)
		return out
	}
	for _, who := range []kernel.Actor{first, second} {
		post(who, "/pledges", fmt.Sprintf(`{"commitment":%q}`, openings.Pledge(seeds[who.Person])))
	}
	c.city.Clock.Set(kernel.Date("2026-12-03").Start().Add(time.Hour))
	closed := post(first, "/closing", "{}")
	require.Equal(t, "closed", closed["state"])
	require.NotContains(t, fmt.Sprint(closed), seeds[first.Person], "a pledged seed is secret")
	post(second, "/seeds", fmt.Sprintf(`{"seed":%q}`, seeds[second.Person]))
	drawn := post(first, "/seeds", fmt.Sprintf(`{"seed":%q}`, seeds[first.Person]))
	require.Equal(t, []any{"drawn", 1.0}, []any{drawn["state"], drawn["mine"]})

	status, list := c.ask(subsidiestest.Nobody, "GET", drawPath+"/list", "")
	require.Equal(t, 200, status)
	require.Equal(t, drawn["list_digest"], openings.Digest([]byte(list["list"].(string))))
	require.Equal(t, drawn["effective_seed"], openings.EffectiveSeed([]string{seeds[first.Person], seeds[second.Person]}, drawn["list_digest"].(string)))
	status, page := c.ask(subsidiestest.Nobody, "GET", drawPath+"/order?page_size=1", "")
	require.Equal(t, 200, status)
	require.Len(t, page["items"], 1)
	status, rest := c.ask(subsidiestest.Nobody, "GET", drawPath+"/order?page_size=1&cursor="+page["next_cursor"].(string), "")
	require.Equal(t, 200, status)
	require.Empty(t, rest["next_cursor"])
	told := fmt.Sprint(page, rest, drawn, list)
	require.NotContains(t, told, "王小二", "a sole trader's name is personal data")
	require.NotContains(t, told, "Wang Hardware")
	require.Contains(t, told, "王＊＊")
	require.NotContains(t, told, string(sole.ID))
	require.NotContains(t, told, first.Name, "nor is it published which officers they were")

	status, mine := c.ask(subsidiestest.Claimant(sole.ID), "GET", "/api/v1/agreements/"+string(a.ID), "")
	require.Equal(t, 200, status)
	standing := mine["standing"].(map[string]any)
	require.Contains(t, []any{1.0, 2.0}, standing["place"])
	require.Equal(t, fmt.Sprint(standing["place"]), fmt.Sprint(standing["ahead"].(float64)+1))
	require.NotContains(t, fmt.Sprint(standing), sole.CreditCode, "why, and not all that is known of the firm")
}

func TestEveryRouteOfDrawsLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	withDraw(c)
	c.city.Unmoved(t, func() {
		for _, path := range []string{"", "/list", "/order"} {
			for role, who := range people("x") {
				status, _ := c.ask(who, "GET", drawPath+path, "")
				require.NotContains(t, []int{401, 403, 500}, status, "%s as %q", path, role)
			}
		}
		for _, path := range []string{"/pledges", "/closing", "/seeds", "/losses"} {
			for role, who := range people("x") {
				status, _ := c.ask(who, "POST", drawPath+path, "{}")
				switch role {
				case kernel.RoleCityOfficer:
					require.Contains(t, []int{409, 422}, status, path)
				case "":
					require.Equal(t, 401, status, path)
				default:
					require.Equal(t, 403, status, "%s as %q", path, role)
				}
			}
		}
		officer := subsidiestest.CityOfficer
		for _, bad := range []string{`{"commitment":"x"}`, `{"commitment":1}`, `{"commitment":"` + strings.Repeat("A1", 32) + `"}`, `{"commitment":"` + strings.Repeat("a1", 33) + `"}`, `{"commitment":"` + strings.Repeat("a1", 32) + `","more":1}`} {
			status, _, _ := c.refused(officer, "POST", drawPath+"/pledges", bad, "application/json")
			require.Equal(t, 422, status, bad)
		}
		good := `{"commitment":"` + strings.Repeat("a1", 32) + `"}`
		for _, none := range []string{"/api/v1/draws/by-draw/2026-12-03", "/api/v1/draws/none/2026-12-02", "/api/v1/draws/" + subsidiestest.Policy + "/2026-12-02"} {
			status, code, _ := c.refused(officer, "POST", none+"/pledges", good, "application/json")
			require.Equal(t, 404, status, none)
			require.Equal(t, "not_found", code)
			for _, path := range []string{"", "/list", "/order"} {
				status, _ := c.ask(subsidiestest.Nobody, "GET", none+path, "")
				require.Equal(t, 404, status, none+path)
			}
		}
		status, _ := c.ask(subsidiestest.Nobody, "GET", drawPath+"/order?cursor=nonsense", "")
		require.Contains(t, []int{400, 422}, status)
	})
}
