package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"yunhui/catalog"
	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/catalog/rest"
	"yunhui/services/api"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
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

// register knows the enterprises of the tests and counts how often it is asked.
type register struct{ asked atomic.Int64 }

func (r *register) Enterprises(_ context.Context, ids ...kernel.ID) (map[kernel.ID]catalog.Enterprise, error) {
	r.asked.Add(1)
	out := map[kernel.ID]catalog.Enterprise{}
	for _, id := range ids {
		if strings.HasPrefix(string(id), "firm") {
			out[id] = catalog.Enterprise{ID: id, Name: "示例企业 " + string(id), District: "500103", SizeClass: "small", Industry: "industry", Chains: []string{"motorcycles"}}
		}
	}
	return out, nil
}

type house struct {
	testing.TB
	db       *database.DB
	clock    *kernel.ManualClock
	desk     *api.Desk
	shelf    *offers.Shelf
	register *register
	queries  *atomic.Int64
}

// open makes a market on a store: seed is what the store holds before.
func open(t testing.TB, db *database.DB, clock *kernel.ManualClock, seed ...any) house {
	t.Helper()
	for _, rows := range seed {
		require.NoError(t, database.Run(t.Context(), db, "seed", func(tx *database.Tx) error { return tx.CreateInBatches(rows, 500).Error }))
	}
	shelf := offers.NewShelf(db)
	require.NoError(t, shelf.Load(t.Context()))
	desk := api.New(api.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Clock: clock, Authenticator: bearer{}})
	reg := &register{}
	room := &rest.Room{
		Offers: &offers.Desk{DB: db, Shelf: shelf, Log: slog.New(slog.DiscardHandler)}, Shelf: shelf,
		Demands: &demands.Desk{DB: db, Shelf: shelf, Registry: reg}, Registry: reg,
	}
	room.Register(desk)
	h := house{t, db, clock, desk, shelf, reg, &atomic.Int64{}}
	count := func(q *gorm.DB) {
		if !q.DryRun { // a subquery being written
			h.queries.Add(1)
		}
	}
	require.NoError(t, db.Read(t.Context()).Callback().Query().After("gorm:query").Register("test:count", count))
	require.NoError(t, db.Read(t.Context()).Callback().Row().After("gorm:row").Register("test:count", count))
	return h
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
		require.NoError(h, err)
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.desk.ServeHTTP(w, r)
	raw, err := io.ReadAll(w.Body)
	require.NoError(h, err)
	var answer map[string]any
	if len(raw) > 0 {
		require.NoError(h, json.Unmarshal(raw, &answer), string(raw))
	}
	return w.Code, answer
}

// must is call that expects success.
func (h house) must(a kernel.Actor, method, path, body string) map[string]any {
	h.Helper()
	status, answer := h.call(a, method, path, body)
	require.Less(h, status, 300, "%s %s: %v", method, path, answer)
	return answer
}

// written counts everything that a use case of the market can write.
func (h house) written() string {
	h.Helper()
	var out []string
	for _, table := range []string{"offers", "plans", "list_prices", "demands", "demand_invitations", "proposals", "audit_entries", "outbox"} {
		var n int64
		require.NoError(h, h.db.Read(context.Background()).Table(table).Count(&n).Error)
		out = append(out, fmt.Sprint(table, " ", n))
	}
	var open, sent int64
	require.NoError(h, h.db.Read(context.Background()).Table("demands").Where("status = ?", "open").Count(&open).Error)
	require.NoError(h, h.db.Read(context.Background()).Table("proposals").Where("status = ? AND version = 1", "sent").Count(&sent).Error)
	return fmt.Sprint(out, " open ", open, " sent ", sent)
}

// messages lists the kinds in the outbox in the order they were sent.
func (h house) messages() (kinds []string) {
	h.Helper()
	require.NoError(h, h.db.Read(context.Background()).Table("outbox").Order("id").Pluck("kind", &kinds).Error)
	return kinds
}

func (h house) sound() {
	h.Helper()
	for _, verify := range []func(context.Context, *database.DB) ([]kernel.Breach, error){offers.Verify, demands.Verify} {
		breaches, err := verify(context.Background(), h.db)
		require.NoError(h, err)
		require.Empty(h, breaches)
	}
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

// names collects a text of each item.
func names(answer map[string]any, list, key string) []string {
	out := []string{}
	items, _ := answer[list].([]any)
	for _, x := range items {
		out = append(out, fmt.Sprint(x.(map[string]any)[key]))
	}
	return out
}

var (
	p1 = kernel.NewID(databasetest.Noon)
	p2 = kernel.NewID(databasetest.Noon)
	p3 = kernel.NewID(databasetest.Noon) // not admitted

	nobody = kernel.Actor{}
	firm1  = kernel.Actor{Person: "a1", Org: "firm-1", Role: kernel.RoleEnterprise}
	firm2  = kernel.Actor{Person: "a2", Org: "firm-2", Role: kernel.RoleEnterprise}
	sells1 = kernel.Actor{Person: "b1", Org: p1, Role: kernel.RoleProvider}
	sells2 = kernel.Actor{Person: "b2", Org: p2, Role: kernel.RoleProvider}
	sells3 = kernel.Actor{Person: "b3", Org: p3, Role: kernel.RoleProvider}
)

func others() []kernel.Actor {
	var out []kernel.Actor
	for _, role := range []kernel.Role{kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleOperator} {
		out = append(out, kernel.Actor{Person: "o-" + kernel.ID(role), Org: "bureau", Role: role, District: "500103"})
	}
	return out
}

// stock is a small market: ERP of the first provider, backup of the second, and
// what must not be seen of a third that is suspended.
type stock struct {
	providers []catalog.Provider
	offers    []catalog.Offer
	plans     []catalog.Plan
	marks     []catalog.PriceMark
}

func (s *stock) provider(id kernel.ID, name, status string) {
	s.providers = append(s.providers, catalog.Provider{
		ID: id, Status: status, Name: name, NameEN: name + " Co.", District: "500103", IntroZH: "虚构", IntroEN: "Fictional", Strengths: []string{"app"},
		Version: 1, CreatedAt: databasetest.Noon, UpdatedAt: databasetest.Noon,
	})
}

// offer adds an offer with one plan and returns it.
func (s *stock) offer(provider kernel.ID, category, name, status string, price kernel.Fen) catalog.Offer {
	at := databasetest.Noon.Add(time.Duration(len(s.offers)) * time.Second)
	o := catalog.Offer{
		ID: kernel.NewID(at), ProviderID: provider, Category: category, Depth: "business", Class: "", NameZH: name, NameEN: "Offer", SummaryZH: name + "，按月计费", SummaryEN: "By the month",
		DescriptionZH: "适合中小企业使用的" + name + "，可以试用。", DescriptionEN: "For small firms.", Chains: []string{"motorcycles"}, Sizes: []string{"small", "micro"}, Integrates: []string{"用友 U8"},
		Status: status, LowestPrice: price, Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	if status == catalog.OfferListed {
		o.ListedAt = &at
	}
	p := catalog.Plan{ID: kernel.NewID(at), OfferID: o.ID, Position: 1, NameZH: "标准版", NameEN: "Standard", Unit: "month", Price: price, Status: catalog.PlanActive, Version: 1}
	s.offers, s.plans = append(s.offers, o), append(s.plans, p)
	s.marks = append(s.marks, catalog.PriceMark{ID: kernel.NewID(at), PlanID: p.ID, Price: price, FromAt: at})
	return o
}

func (s *stock) rows() []any { return []any{&s.providers, &s.offers, &s.plans, &s.marks} }

// market is the usual stock; the offers are erp, backup, draft and suspended.
func market() *stock {
	s := &stock{}
	s.provider(p1, "巴渝示例软件", catalog.ProviderAdmitted)
	s.provider(p2, "山城虚构云", catalog.ProviderAdmitted)
	s.provider(p3, "停业示例", "suspended")
	s.offer(p1, "app.erp", "进销存与库存管理", catalog.OfferListed, 9_900)
	s.offer(p2, "data.backup", "云上数据备份", catalog.OfferListed, 4_900)
	s.offer(p1, "app.crm", "未发布的客户管理", catalog.OfferDraft, 100)
	s.offer(p3, "app.erp", "停业者的进销存", catalog.OfferListed, 1)
	return s
}

const draft = `{"category":"app.mes","depth":"capability","name_zh":"车间看板","summary_zh":"车间进度一目了然","description_zh":"把设备与工单的进度显示在一块屏上。",
	"chains":["motorcycles"],"sizes":["small"],"integrates":["用友U8"],"plans":[{"name_zh":"基础版","unit":"month","price_fen":50000},{"name_zh":"年付","unit":"year","price_fen":500000}]}`

const demand = `{"title":"管好库存","need":"我们仓库的库存总是对不上，需要进销存软件","category":"app.erp","budget_fen":200000,"wanted_by":"2027-03-01","systems":["用友U8"]}`
