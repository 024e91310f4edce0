package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

func TestAVisitorBrowsesWhatIsOnSaleAndNothingElse(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		s := market()
		h := open(t, db, clock, s.rows()...)
		h.queries.Store(0)
		for query, want := range map[string][]string{
			"":                              {"云上数据备份", "进销存与库存管理"},
			"?q=库存":                         {"进销存与库存管理"},
			"?q=停业":                         {},
			"?q=客户管理":                       {},
			"?category=app":                 {"进销存与库存管理"},
			"?category=data.backup":         {"云上数据备份"},
			"?sort=price":                   {"云上数据备份", "进销存与库存管理"},
			"?sort=-price":                  {"进销存与库存管理", "云上数据备份"},
			"?price_max_fen=5000":           {"云上数据备份"},
			"?provider=" + string(p1):       {"进销存与库存管理"},
			"?depth=resource":               {},
			"?chain=motorcycles&size=large": {},
		} {
			require.Equal(t, want, names(h.must(nobody, "GET", "/api/v1/offers"+query, ""), "items", "name_zh"), query)
		}
		require.Zero(t, h.queries.Load(), "a list asked the database")

		list := h.must(nobody, "GET", "/api/v1/offers?category=app&page_size=1", "")
		require.EqualValues(t, 1, list["total"])
		item := list["items"].([]any)[0].(map[string]any)
		require.Equal(t, "app.erp", item["category"])
		require.EqualValues(t, 9900, item["price_from_fen"])
		require.Equal(t, "巴渝示例软件", item["provider"].(map[string]any)["name"])
		facets := list["facets"].(map[string]any)
		require.Equal(t, []string{"app", "app.erp", "data", "data.backup"}, names(facets, "category", "value"))
		require.Equal(t, []string{"巴渝示例软件"}, []string{facets["provider"].([]any)[0].(map[string]any)["name"].(map[string]any)["zh"].(string)})

		first := h.must(nobody, "GET", "/api/v1/offers?page_size=1", "")
		second := h.must(nobody, "GET", "/api/v1/offers?page_size=1&cursor="+first["next_cursor"].(string), "")
		require.Equal(t, []string{"进销存与库存管理"}, names(second, "items", "name_zh"))
		require.Empty(t, second["next_cursor"])

		page := h.must(nobody, "GET", "/api/v1/offers/"+string(s.offers[0].ID), "")
		plan := page["plans"].([]any)[0].(map[string]any)
		require.EqualValues(t, 9900, plan["price_fen"])
		require.Len(t, plan["history"], 1)
		require.Empty(t, page["similar"])
		for _, hidden := range s.offers[2:] {
			status, _ := h.call(nobody, "GET", "/api/v1/offers/"+string(hidden.ID), "")
			require.Equal(t, http.StatusNotFound, status, hidden.NameZH)
		}
		h.must(sells1, "GET", "/api/v1/offers/"+string(s.offers[2].ID), "")

		require.Equal(t, []string{"巴渝示例软件", "山城虚构云"}, names(h.must(nobody, "GET", "/api/v1/providers", ""), "items", "name"))
		require.Equal(t, []string{"山城虚构云"}, names(h.must(nobody, "GET", "/api/v1/providers?category=data", ""), "items", "name"))
		seller := h.must(nobody, "GET", "/api/v1/providers/"+string(p1), "")
		require.EqualValues(t, 1, seller["offers"])
		require.Equal(t, []string{"进销存与库存管理"}, names(seller, "items", "name_zh"))
		status, _ := h.call(nobody, "GET", "/api/v1/providers/"+string(p3), "")
		require.Equal(t, http.StatusNotFound, status)

		tree := h.must(nobody, "GET", "/api/v1/categories", "")
		require.Len(t, tree["items"], 7)
		for _, x := range tree["items"].([]any) {
			if node := x.(map[string]any); node["code"] == "app" {
				require.EqualValues(t, 1, node["offers"])
				require.NotEmpty(t, node["children"])
			}
		}
	})
}

func TestBadQuestionsAreRefusedByName(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	h := open(t, db, clock, market().rows()...)
	for query, want := range map[string]string{
		"category=nosuch":                       "category:category.unknown",
		"chain=nosuch&category=x":               "category:category.unknown chain:chain.unknown",
		"depth=deep&sort=best&page_size=0":      "depth:field.choice page_size:field.range sort:field.choice",
		"price_max_fen=-1":                      "price_max_fen:field.range",
		"price_max_fen=99999999999999999999999": "price_max_fen:field.type",
		"colour=red":                            "colour:field.unknown",
		"q=a%E2%80%8Bb":                         "q:field.hidden_characters",
		"q=" + strings.Repeat("%E5%BA%93", 201): "q:field.too_long",
	} {
		status, p := h.call(nobody, "GET", "/api/v1/offers?"+query, "")
		require.Equal(t, http.StatusUnprocessableEntity, status, "%s %v", query, p)
		require.Equal(t, want, fields(p), query)
	}
	for _, path := range []string{"/api/v1/offers?cursor=x", "/api/v1/providers?cursor=x"} {
		status, p := h.call(nobody, "GET", path, "")
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Contains(t, p["code"], "cursor")
	}
	first := h.must(nobody, "GET", "/api/v1/offers?page_size=1", "")
	status, p := h.call(nobody, "GET", "/api/v1/offers?page_size=1&q=库存&cursor="+first["next_cursor"].(string), "")
	require.Equal(t, http.StatusUnprocessableEntity, status, "another query's cursor: %v", p)
}

func TestAProviderKeepsItsOffers(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock, market().rows()...)
		status, made := h.call(sells1, "POST", "/api/v1/offers", draft)
		require.Equal(t, http.StatusCreated, status, made)
		path := "/api/v1/offers/" + made["id"].(string)
		require.Equal(t, "draft", made["status"])
		require.EqualValues(t, 50000, made["price_from_fen"])
		require.Equal(t, []string{"未发布的客户管理", "车间看板", "进销存与库存管理"}, sorted(names(h.must(sells1, "GET", "/api/v1/my/offers", ""), "items", "name_zh")))
		require.Empty(t, names(h.must(nobody, "GET", "/api/v1/offers?q=车间看板", ""), "items", "name_zh"), "a draft is on sale")

		listed := h.must(sells1, "POST", path+"/list", `{"version":1}`)
		require.Equal(t, "listed", listed["status"])
		require.Equal(t, []string{"车间看板"}, names(h.must(nobody, "GET", "/api/v1/offers?q=车间看板", ""), "items", "name_zh"))

		plan := made["plans"].([]any)[0].(map[string]any)["id"].(string)
		edited := strings.Replace(draft, `{`, `{"version":2,`, 1)
		edited, _, _ = strings.Cut(edited, `"plans"`)
		edited += fmt.Sprintf(`"plans":[{"id":%q,"name_zh":"基础版","unit":"month","price_fen":45000}]}`, plan)
		clock.Advance(1)
		page := h.must(sells1, "PUT", path, edited)
		require.EqualValues(t, 45000, page["price_from_fen"])
		require.Len(t, page["plans"], 1)
		history := page["plans"].([]any)[0].(map[string]any)["history"].([]any)
		require.Len(t, history, 2)
		require.EqualValues(t, 45000, history[0].(map[string]any)["price_fen"])
		require.EqualValues(t, 45000, h.must(nobody, "GET", "/api/v1/offers?q=车间看板", "")["items"].([]any)[0].(map[string]any)["price_from_fen"])
		h.sound()

		status, p := h.call(sells1, "PUT", path, edited)
		require.Equal(t, http.StatusConflict, status)
		require.Equal(t, "stale", p["code"])
		status, p = h.call(sells1, "PUT", path, strings.NewReplacer(`"version":2`, `"version":3`, `"unit":"month"`, `"unit":"year"`).Replace(edited))
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Equal(t, "plans[0].unit:plan.unit_fixed", fields(p))

		h.must(sells1, "POST", path+"/withdraw", `{}`)
		require.Empty(t, names(h.must(nobody, "GET", "/api/v1/offers?q=车间看板", ""), "items", "name_zh"))
		status, p = h.call(sells1, "POST", path+"/withdraw", `{}`)
		require.Equal(t, http.StatusConflict, status)
		require.Equal(t, "offer.state", p["code"])
		h.sound()
	})
}

func TestNobodyElseTouchesAnOffer(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	s := market()
	h := open(t, db, clock, s.rows()...)
	before := h.written()
	path := "/api/v1/offers/" + string(s.offers[0].ID)
	edit := strings.Replace(draft, `{`, `{"version":1,`, 1)
	for _, c := range []struct {
		who    kernel.Actor
		status int
	}{{nobody, 401}, {firm1, 403}, {sells2, 404}, {others()[0], 403}, {others()[1], 403}, {others()[2], 403}, {others()[3], 403}, {others()[4], 403}} {
		for _, call := range [][3]string{{"PUT", path, edit}, {"POST", path + "/withdraw", `{}`}, {"POST", path + "/list", `{}`}} {
			status, p := h.call(c.who, call[0], call[1], call[2])
			require.Equal(t, c.status, status, "%s %s as %q: %v", call[0], call[1], c.who.Role, p)
		}
		if c.status != 404 {
			status, _ := h.call(c.who, "POST", "/api/v1/offers", draft)
			require.Equal(t, c.status, status)
			status, _ = h.call(c.who, "GET", "/api/v1/my/offers", "")
			require.Equal(t, c.status, status)
		}
	}
	status, p := h.call(sells3, "POST", "/api/v1/offers", draft)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "provider.not_admitted", p["code"])
	require.Equal(t, before, h.written())
}

func TestABadOfferIsRefusedWhole(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	h := open(t, db, clock, market().rows()...)
	before := h.written()
	for name, c := range map[string]struct {
		old, new string
		want     string
	}{
		"a parent category":    {`app.mes`, `app`, "category:category.unknown"},
		"unknown vocabularies": {`["motorcycles"],"sizes":["small"]`, `["boats"],"sizes":["huge"]`, "chains[0]:chain.unknown sizes[0]:size.unknown"},
		"a negative price":     {`50000`, `-1`, "plans[0].price_fen:field.range"},
		"an enormous price":    {`50000`, `100000000001`, "plans[0].price_fen:field.range"},
		"an unknown unit":      {`"month"`, `"week"`, "plans[0].unit:field.choice"},
		"blanks for a name":    {`车间看板`, `   `, "name_zh:field.required"},
		"a disguised name":     {`车间看板`, `车间\u202e看板`, "name_zh:field.hidden_characters"},
		"another's plan":       {`{"name_zh":"基础版"`, `{"id":"` + string(p1) + `","name_zh":"基础版"`, "plans[0].id:plan.unknown"},
		"an unknown field":     {`{"category"`, `{"owner":"x","category"`, "owner:field.unknown"},
		"a long summary":       {`车间进度一目了然`, strings.Repeat("长", 201), "summary_zh:field.too_long"},
	} {
		status, p := h.call(sells1, "POST", "/api/v1/offers", strings.Replace(draft, c.old, c.new, 1))
		require.Equal(t, http.StatusUnprocessableEntity, status, name)
		require.Equal(t, c.want, fields(p), name)
	}
	require.Equal(t, before, h.written())
	long := strings.Replace(draft, `车间进度一目了然`, strings.Repeat("𠮷", 200), 1)
	h.must(sells1, "POST", "/api/v1/offers", long)
}

func TestASuspendedProviderLeavesTheShelfWithTheNextRefresh(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		h := open(t, db, clock, market().rows()...)
		set := func(id kernel.ID, status string) {
			clock.Advance(5_000_000_000)
			require.NoError(t, database.Run(t.Context(), db, "suspend", func(tx *database.Tx) error {
				return tx.Model(&catalog.Provider{}).Where("id = ?", id).Updates(map[string]any{"status": status, "version": 2, "updated_at": tx.Now}).Error
			}))
			require.NoError(t, h.shelf.Refresh(t.Context()))
		}
		set(p1, "suspended")
		require.Equal(t, []string{"云上数据备份"}, names(h.must(nobody, "GET", "/api/v1/offers", ""), "items", "name_zh"))
		set(p3, catalog.ProviderAdmitted)
		require.Equal(t, []string{"停业者的进销存", "云上数据备份"}, names(h.must(nobody, "GET", "/api/v1/offers", ""), "items", "name_zh"))
	})
}
