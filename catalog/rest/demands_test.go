package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/catalog/demands"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

func proposal(s *stock, i int, discount int) string {
	return fmt.Sprintf(`{"offer_id":%q,"plan_id":%q,"quantity":12,"discount_fen":%d,"message":"含实施","valid_until":"2026-12-31"}`, s.offers[i].ID, s.plans[i].ID, discount)
}

func TestADemandIsAnsweredAndChosen(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		s := market()
		h := open(t, db, clock, s.rows()...)
		status, posted := h.call(firm1, "POST", "/api/v1/demands", demand)
		require.Equal(t, http.StatusCreated, status, posted)
		path := "/api/v1/demands/" + posted["id"].(string)
		require.Equal(t, []any{"invite", "close"}, posted["acts"])

		matches := h.must(firm1, "GET", path+"/matches", "")
		best := matches["offers"].([]any)[0].(map[string]any)
		require.Equal(t, "进销存与库存管理", best["offer"].(map[string]any)["name_zh"])
		require.ElementsMatch(t, []string{"words", "category", "budget", "systems", "chain", "size", "district"}, names(best, "reasons", "code"))
		require.NotEmpty(t, matches["weights"])
		require.Equal(t, "巴渝示例软件", matches["providers"].([]any)[0].(map[string]any)["provider"].(map[string]any)["name"])

		lead := h.must(sells1, "GET", path, "")
		require.Nil(t, lead["enterprise"], "an uninvited provider is told who asks")
		require.Empty(t, lead["enterprise_id"])
		status, _ = h.call(sells2, "GET", path, "")
		require.Equal(t, http.StatusNotFound, status, "a provider of another trade sees the demand")

		page := h.must(firm1, "POST", path+"/invitations", fmt.Sprintf(`{"providers":[%q,%q]}`, p2, p2))
		require.Equal(t, []string{"山城虚构云"}, names(page, "invitations", "name"))
		asked := h.must(sells2, "GET", path, "")
		require.Equal(t, true, asked["invited"])
		require.Equal(t, "示例企业 firm-1", asked["enterprise"].(map[string]any)["name"])

		h.must(sells1, "POST", path+"/proposals", proposal(s, 0, 10_000))
		h.must(sells2, "POST", path+"/proposals", proposal(s, 1, 0))
		revised := h.must(sells1, "POST", path+"/proposals", proposal(s, 0, 20_000))
		mine := revised["proposals"].([]any)
		require.Len(t, mine, 1, "a provider sees its own proposal only")
		require.EqualValues(t, 2, mine[0].(map[string]any)["version"])
		require.EqualValues(t, 118_800, mine[0].(map[string]any)["list_price_fen"])
		require.EqualValues(t, 98_800, mine[0].(map[string]any)["net_fen"])

		page = h.must(firm1, "GET", path, "")
		require.Len(t, page["proposals"], 2)
		choose := "/api/v1/proposals/" + mine[0].(map[string]any)["id"].(string) + "/choose"
		status, p := h.call(firm1, "POST", choose, `{"version":1}`)
		require.Equal(t, http.StatusConflict, status)
		require.Equal(t, "stale", p["code"], "a revised proposal was chosen blindly")
		status, _ = h.call(firm2, "POST", choose, `{"version":2}`)
		require.Equal(t, http.StatusNotFound, status)
		page = h.must(firm1, "POST", choose, `{"version":2}`)
		require.Equal(t, "chosen", page["status"])
		require.Equal(t, []string{"chosen", "declined"}, sorted(names(page, "proposals", "status")))
		require.Empty(t, page["acts"])

		won := h.must(sells1, "GET", path, "")
		require.NotNil(t, won["enterprise"], "the chosen provider is told who asks")
		lost := h.must(sells2, "GET", path, "")
		require.Nil(t, lost["chosen_proposal_id"], "a provider is told whose answer was chosen")
		for _, c := range [][3]string{{"POST", choose, `{"version":3}`}, {"POST", path + "/close", `{"reason":"不再需要"}`}, {"POST", path + "/invitations", fmt.Sprintf(`{"providers":[%q]}`, p1)}} {
			status, p := h.call(firm1, c[0], c[1], c[2])
			require.Equal(t, http.StatusConflict, status, c[1])
			require.Equal(t, "demand.not_open", p["code"])
		}
		status, p = h.call(sells1, "POST", path+"/proposals", proposal(s, 0, 0))
		require.Equal(t, http.StatusConflict, status)
		require.Equal(t, "demand.not_open", p["code"])
		require.Equal(t, []string{demands.Posted, demands.Invited, demands.Answered, demands.Answered, demands.Answered, demands.Chosen}, h.messages())
		h.sound()

		desk := &demands.Desk{DB: db, Shelf: h.shelf, Registry: h.register}
		id := kernel.ID(mine[0].(map[string]any)["id"].(string))
		taken, err := desk.Proposal(t.Context(), firm1.Org, id)
		require.NoError(t, err)
		require.Equal(t, kernel.Fen(20_000), taken.Discount)
		require.Equal(t, "标准版", taken.Listed.Plan.ZH)
		_, err = desk.Proposal(t.Context(), firm2.Org, id)
		require.True(t, kernel.IsCode(err, "not_found"))
	})
}

func TestAClosedDemandDeclinesItsAnswers(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	path := "/api/v1/demands/" + h.must(firm1, "POST", "/api/v1/demands", demand)["id"].(string)
	h.must(sells1, "POST", path+"/proposals", proposal(s, 0, 0))
	page := h.must(firm1, "POST", path+"/close", `{"reason":"已自行解决"}`)
	require.Equal(t, "closed", page["status"])
	require.Equal(t, []string{"declined"}, names(page, "proposals", "status"))
	require.Equal(t, "已自行解决", h.must(sells1, "GET", path, "")["closed_reason"])
	h.sound()
}

func TestAnExpiredProposalIsNotChosen(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	path := "/api/v1/demands/" + h.must(firm1, "POST", "/api/v1/demands", demand)["id"].(string)
	page := h.must(sells1, "POST", path+"/proposals", proposal(s, 0, 0))
	clock.Set(kernel.Date("2027-01-01").Start())
	choose := "/api/v1/proposals/" + page["proposals"].([]any)[0].(map[string]any)["id"].(string) + "/choose"
	status, p := h.call(firm1, "POST", choose, `{"version":1}`)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "proposal.expired", p["code"])
	require.Equal(t, "open", h.must(firm1, "GET", path, "")["status"])
	h.sound()
}

func TestOnlyTheTwoSidesMayAct(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	path := "/api/v1/demands/" + h.must(firm1, "POST", "/api/v1/demands", demand)["id"].(string)
	page := h.must(sells1, "POST", path+"/proposals", proposal(s, 0, 0))
	choose := "/api/v1/proposals/" + page["proposals"].([]any)[0].(map[string]any)["id"].(string) + "/choose"
	before := h.written()
	const enterprise, provider = "enterprise", "provider"
	for _, c := range []struct{ method, path, body, side string }{
		{"POST", "/api/v1/demands", demand, enterprise},
		{"GET", "/api/v1/demands", "", "both"},
		{"GET", path, "", "both"},
		{"GET", path + "/matches", "", enterprise},
		{"POST", path + "/invitations", fmt.Sprintf(`{"providers":[%q]}`, p1), enterprise},
		{"POST", path + "/close", `{"reason":"不再需要"}`, enterprise},
		{"POST", path + "/proposals", proposal(s, 0, 0), provider},
		{"POST", choose, `{"version":1}`, enterprise},
	} {
		status, _ := h.call(nobody, c.method, c.path, c.body)
		require.Equal(t, http.StatusUnauthorized, status, c.path)
		for _, who := range others() {
			status, _ := h.call(who, c.method, c.path, c.body)
			require.Equal(t, http.StatusForbidden, status, "%s as %s", c.path, who.Role)
		}
		if c.side == enterprise {
			status, _ := h.call(sells1, c.method, c.path, c.body)
			require.Equal(t, http.StatusForbidden, status, c.path)
		}
		if c.side == provider {
			status, _ := h.call(firm1, c.method, c.path, c.body)
			require.Equal(t, http.StatusForbidden, status, c.path)
		}
		if c.path != "/api/v1/demands" {
			stranger := firm2
			if c.side == provider {
				stranger = sells2
			}
			status, _ := h.call(stranger, c.method, c.path, c.body)
			require.Equal(t, http.StatusNotFound, status, "%s as a stranger", c.path)
		}
	}
	require.Empty(t, names(h.must(firm2, "GET", "/api/v1/demands", ""), "items", "id"))
	require.Empty(t, names(h.must(sells2, "GET", "/api/v1/demands", ""), "items", "id"))
	require.Len(t, names(h.must(sells1, "GET", "/api/v1/demands", ""), "items", "id"), 1)
	require.Empty(t, names(h.must(sells1, "GET", "/api/v1/demands?invited=true", ""), "items", "id"))
	require.Equal(t, before, h.written())
}

func TestBadDemandsAndProposalsLeaveNothing(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	path := "/api/v1/demands/" + h.must(firm1, "POST", "/api/v1/demands", demand)["id"].(string)
	before := h.written()
	good := proposal(s, 0, 0)
	invite := func(ids ...kernel.ID) string { return `{"providers":["` + string(ids[0]) + `"]}` }
	for _, c := range []struct {
		who                  kernel.Actor
		path, body, old, put string
		want                 string
	}{
		{firm1, "/api/v1/demands", demand, `app.erp`, `app.nosuch`, "category:category.unknown"},
		{firm1, "/api/v1/demands", demand, `200000`, `0`, "budget_fen:field.range"},
		{firm1, "/api/v1/demands", demand, `200000`, `1000000000000001`, "budget_fen:field.range"},
		{firm1, "/api/v1/demands", demand, `2027-03-01`, `2026-11-22`, "wanted_by:date.range"},
		{firm1, "/api/v1/demands", demand, `2027-03-01`, `2027-02-30`, "wanted_by:field.format"},
		{firm1, "/api/v1/demands", demand, `管好库存`, strings.Repeat("库", 101), "title:field.too_long"},
		{firm1, "/api/v1/demands", demand, `管好库存`, ` 管 `, "title:field.too_short"},
		{firm1, "/api/v1/demands", demand, `用友U8`, `用友\u2066U8`, "systems[0]:field.hidden_characters"},
		{firm1, path + "/invitations", invite(p3), "", "", "providers[0]:provider.unknown"},
		{firm1, path + "/invitations", invite("x"), "", "", "providers[0]:field.pattern"},
		{firm1, path + "/close", `{"reason":"  "}`, "", "", "reason:field.too_short"},
		{sells1, path + "/proposals", good, `"quantity":12`, `"quantity":0`, "quantity:field.range"},
		{sells1, path + "/proposals", good, `"discount_fen":0`, `"discount_fen":118801`, "discount_fen:discount.above_price"},
		{sells1, path + "/proposals", good, `"discount_fen":0`, `"discount_fen":-1`, "discount_fen:field.range"},
		{sells1, path + "/proposals", good, `2026-12-31`, `2026-11-22`, "valid_until:date.range"},
		{sells1, path + "/proposals", good, string(s.plans[0].ID), string(s.plans[1].ID), "plan_id:plan.not_yours"},
		{sells1, path + "/proposals", proposal(s, 1, 0), "", "", "plan_id:plan.not_yours"},
		{sells1, path + "/proposals", proposal(s, 2, 0), "", "", "plan_id:plan.not_yours"},
	} {
		status, p := h.call(c.who, "POST", c.path, strings.Replace(c.body, c.old, c.put, 1))
		require.Equal(t, http.StatusUnprocessableEntity, status, "%s %s: %v", c.path, c.put, p)
		require.Equal(t, c.want, fields(p), c.put)
	}
	require.Equal(t, before, h.written())
}

func TestOneKeyTakesEffectOnce(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	key := []string{"Idempotency-Key", "3f1c0a52-7a39-4c7e-9a25-0d8f8d1f7a11"}
	_, first := h.call(firm1, "POST", "/api/v1/demands", demand, key...)
	_, again := h.call(firm1, "POST", "/api/v1/demands", demand, key...)
	require.Equal(t, first["id"], again["id"])
	path := "/api/v1/demands/" + first["id"].(string) + "/proposals"
	h.call(sells1, "POST", path, proposal(s, 0, 0), key...)
	_, page := h.call(sells1, "POST", path, proposal(s, 0, 0), key...)
	require.EqualValues(t, 1, page["proposals"].([]any)[0].(map[string]any)["version"])
	require.Equal(t, []string{demands.Posted, demands.Answered}, h.messages())
}

func TestListsAskTheDatabaseAFixedNumberOfTimes(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	measure := func(who kernel.Actor, path string) (int64, int64) {
		h.queries.Store(0)
		h.register.asked.Store(0)
		h.must(who, "GET", path, "")
		return h.queries.Load(), h.register.asked.Load()
	}
	post := func() string {
		id := h.must(firm1, "POST", "/api/v1/demands", demand)["id"].(string)
		h.must(firm1, "POST", "/api/v1/demands/"+id+"/invitations", fmt.Sprintf(`{"providers":[%q]}`, p1))
		h.must(sells1, "POST", "/api/v1/demands/"+id+"/proposals", proposal(s, 0, 0))
		return id
	}
	id := post()
	type cost struct{ queries, asked int64 }
	before := map[string]cost{}
	for name, who := range map[string]kernel.Actor{"firm": firm1, "provider": sells1} {
		q, a := measure(who, "/api/v1/demands")
		before[name] = cost{q, a}
		require.LessOrEqual(t, q, int64(3), name)
	}
	for range 6 {
		post()
	}
	for name, who := range map[string]kernel.Actor{"firm": firm1, "provider": sells1} {
		q, a := measure(who, "/api/v1/demands")
		require.Equal(t, cost{q, a}, before[name], name)
	}
	q, _ := measure(firm1, "/api/v1/demands/"+id)
	require.LessOrEqual(t, q, int64(6))
	q, _ = measure(nobody, "/api/v1/offers/"+string(s.offers[0].ID))
	require.LessOrEqual(t, q, int64(3))
	q, _ = measure(sells1, "/api/v1/my/offers")
	require.EqualValues(t, 1, q)
}
