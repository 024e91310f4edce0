package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// TestLifeOnMariaDBAndRedis plays one life of a subsidy over HTTP, with serve and
// work as processes of their own, on MariaDB and a Redis that is flushed, killed
// and started again while workers die in the middle of it.
func TestLifeOnMariaDBAndRedis(t *testing.T) {
	t.Parallel()
	if os.Getenv("YUNHUI_TEST_REDIS") == "" {
		t.Skip("not run on Redis: YUNHUI_TEST_REDIS names no server, and the test takes that for a machine without one")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("not run: there is no redis-server to start and to kill")
	}
	l := openLife(t, databasetest.Address(t, database.MySQL))
	l.registerAndAdmit()
	l.needAndOffer()
	l.agree()
	l.claim()
	l.review()
	l.notice()
	l.pay()
	l.afterwards()
}

// life is the stage: the processes, the clock and who plays.
type life struct {
	t      *testing.T
	bin    string
	config string
	clock  string
	base   string
	redis  *redisServer
	serve  *running
	work   []*running

	visitor, firm, seller, district, city, second, finance *person

	firmCode, sellerCode string
	firmID, sellerID     string
	proposal, agreement  string
	claimID              string
	ahead                time.Duration
}

func openLife(t *testing.T, address string) *life {
	t.Helper()
	l := &life{t: t, bin: binary(t), redis: &redisServer{port: freePort(t)}}
	port := freePort(t)
	l.base = fmt.Sprintf("http://127.0.0.1:%d", port)
	l.clock = filepath.Join(t.TempDir(), "clock")
	writeFile(t, l.clock, "0s")
	l.config = settingsFile(t, "demo: true", "database: "+address, fmt.Sprintf("listen: 127.0.0.1:%d", port), fmt.Sprintf("redis: redis://127.0.0.1:%d/0", l.redis.port))
	l.redis.start(t)
	l.command(0, "migrate")
	furnish(t, openHouse(t, l.config), nil)
	l.serveAgain()
	l.hire()
	l.visitor = at(t, l.base, "")
	for login, p := range map[string]**person{"district": &l.district, "city": &l.city, "city-second": &l.second, "finance": &l.finance} {
		*p = at(t, l.base, login)
	}
	return l
}

// command runs a command to its end and wants an exit code.
func (l *life) command(want int, args ...string) string {
	l.t.Helper()
	p := start(l.t, l.bin, append([]string{"--config", l.config}, args...)...)
	require.True(l.t, p.ends(), "%v does not end", args)
	require.Equal(l.t, want, p.cmd.ProcessState.ExitCode(), "%v:\n%s", args, p.out.String())
	return p.out.String()
}

func (l *life) serveAgain() {
	l.t.Helper()
	l.serve = start(l.t, l.bin, "--config", l.config, "serve", "--no-workers", "--clock-file", l.clock)
	require.Eventually(l.t, func() bool {
		r, err := http.NewRequestWithContext(l.t.Context(), http.MethodGet, l.base+"/readyz", http.NoBody)
		require.NoError(l.t, err)
		answer, err := browser.Do(r)
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	}, patient, 50*time.Millisecond)
}

// hire starts one more worker.
func (l *life) hire() {
	l.t.Helper()
	l.work = append(l.work, start(l.t, l.bin, "--config", l.config, "work", "--clock-file", l.clock))
}

// strike kills every worker.
func (l *life) strike() {
	for _, w := range l.work {
		w.kill()
	}
	l.work = nil
}

// later lets time pass for every process, and everybody log in anew.
func (l *life) later(d time.Duration) {
	l.t.Helper()
	l.ahead += d
	writeFile(l.t, l.clock, l.ahead.String())
	require.Eventually(l.t, func() bool { // until the front desk has looked at the file, it still takes the old tokens
		status, _ := l.firm.ask(http.MethodGet, "/me", "", "", nil)
		return status == http.StatusUnauthorized
	}, patient, 50*time.Millisecond)
	for _, p := range []*person{l.firm, l.seller, l.district, l.city, l.second, l.finance} {
		p.again()
	}
}

func (l *life) today() kernel.Date { return kernel.DayOf(time.Now().Add(l.ahead)) }

func (l *life) registerAndAdmit() {
	l.t.Helper()
	code := func(serial string) string {
		c, err := registry.MakeCreditCode("91", "500103", serial)
		require.NoError(l.t, err)
		return c
	}
	l.firmCode, l.sellerCode = code("MAYX0001"), code("MAYX0002")
	firm := map[string]any{
		"kind": "enterprise", "credit_code": l.firmCode, "name": "𠮷祥𬭎达（虚构）制造有限公司", "industry": "industry", "section": "C", "district": homeDistrict,
		"head_count": 60, "revenue_fen": 500_000_000, "contact_name": "李某", "contact_phone": "13800138000",
		"bank_name": "巴渝示例银行（虚构）", "bank_code": "999653000001", "account_name": "𠮷祥𬭎达（虚构）制造有限公司", "account_number": "9996530000001001",
		"person_name": "李某", "login": "firm", "password": password,
	}
	made := l.visitor.post("/auth/register", 201, firm)
	require.Equal(l.t, "small", text(made, "size_class"))
	l.firmID = text(made, "organisation")
	firm["login"] = "firm-again"
	l.visitor.post("/auth/register", 409, firm)
	l.sellerID = text(l.visitor.post("/auth/register", 201, map[string]any{
		"kind": "provider", "credit_code": l.sellerCode, "name": "云川（虚构）科技有限公司", "industry": "software", "section": "I", "district": homeDistrict,
		"contact_name": "王某", "contact_phone": "13900139000", "person_name": "王某", "login": "seller", "password": password,
	}), "organisation")
	l.firm, l.seller = at(l.t, l.base, "firm"), at(l.t, l.base, "seller")
	for _, id := range []string{l.firmID, l.sellerID} {
		seen := l.district.get("/organisations/" + id)
		l.district.post("/organisations/"+id+"/verification", 200, map[string]any{"version": number(seen, "version"), "outcome": "verified"})
	}
	l.city.post("/providers/"+l.sellerID+"/admission", 204, map[string]any{"outcome": "admitted"})
}

func (l *life) needAndOffer() {
	l.t.Helper()
	offer := l.seller.post("/offers", 201, map[string]any{
		"category": "infra.compute", "depth": "business", "class": "A", "name_zh": "云川云主机", "summary_zh": "弹性云主机，按年计费", "description_zh": "为中小制造企业提供的弹性云主机服务。",
		"plans": []any{map[string]any{"name_zh": "标准版", "unit": "year", "price_fen": 1_200_000}},
	})
	offer = l.seller.post("/offers/"+text(offer, "id")+"/list", 200, map[string]any{})
	plan := one(l.t, offer, "plans")
	quote := l.visitor.post("/quotes", 200, map[string]any{
		"policy": "chongqing-demo-2026", "firm": map[string]any{"size_class": "small"}, "lines": []any{map[string]any{"offer_id": text(offer, "id"), "plan_id": text(plan, "id")}},
	})
	require.EqualValues(l.t, 360_000, number(quote, "potential_subsidy_fen"), "30 % of ¥12,000")

	demand := l.firm.post("/demands", 201, map[string]any{"title": "需要云主机", "need": "想把进销存搬到云上，需要稳定的云主机。", "category": "infra.compute", "budget_fen": 1_500_000})
	id := text(demand, "id")
	matches := rows(l.firm.get("/demands/"+id+"/matches"), "offers")
	require.NotEmpty(l.t, matches)
	require.NotEmpty(l.t, rows(matches[0], "reasons"), "with its reasons")
	l.firm.post("/demands/"+id+"/invitations", 200, map[string]any{"providers": []string{l.sellerID}})
	l.seller.post("/demands/"+id+"/proposals", 200, map[string]any{
		"offer_id": text(offer, "id"), "plan_id": text(plan, "id"), "quantity": 1, "discount_fen": 200_000, "message": "可提供迁移支持", "valid_until": l.today().AddDays(30),
	})
	proposal := one(l.t, l.firm.get("/demands/"+id), "proposals")
	l.proposal = text(proposal, "id")
	l.firm.post("/proposals/"+l.proposal+"/choose", 200, map[string]any{"version": number(proposal, "version")})
}

func (l *life) agree() {
	l.t.Helper()
	a := l.firm.post("/agreements", 201, map[string]any{"policy": "chongqing-demo-2026", "proposal_id": l.proposal, "starts_on": l.today(), "ends_on": l.today().AddDays(365)})
	l.agreement = text(a, "id")
	path := "/agreements/" + l.agreement
	l.seller.post(path+"/confirm", 200, map[string]any{"version": number(a, "version")})
	l.firm.post(path+"/confirm", 200, map[string]any{})
	accepted := l.district.post(path+"/accept", 200, map[string]any{})
	legs, _ := accepted["legs"].(map[string]any)
	require.Equal(l.t, []int64{1_200_000, 200_000, 300_000, 180_000, 120_000, 700_000}, []int64{
		number(legs, "list_price_fen"), number(legs, "provider_discount_fen"), number(legs, "government_subsidy_fen"), number(legs, "municipal_fen"), number(legs, "district_fen"), number(legs, "enterprise_share_fen"),
	})
	meter := rows(l.visitor.get("/policies/chongqing-demo-2026"), "meter")
	require.EqualValues(l.t, 180_000, number(meter[0], "reserved_fen"), "everybody sees the budget move")
}

func (l *life) claim() {
	l.t.Helper()
	c := l.firm.post("/claims", 201, map[string]any{"agreement_id": l.agreement})
	l.claimID = text(c, "id")
	path := "/claims/" + l.claimID
	today := l.today()
	l.firm.write(http.MethodPut, path, 200, map[string]any{
		"version": number(c, "version"), "contract_number": "云川〔2026〕0001 号", "contract_signed_on": today, "accepted_on": today,
		"invoices": []any{map[string]any{"number": string(today[2:4]) + "500000000000000042", "issued_on": today, "seller_code": l.sellerCode, "buyer_code": l.firmCode, "amount_fen": 1_000_000, "tax_fen": 56_604, "item": "*信息技术服务*云主机"}},
		"payments": []any{map[string]any{"paid_on": today, "amount_fen": 1_000_000, "payer": "𠮷祥𬭎达（虚构）制造有限公司", "payee": "云川（虚构）科技有限公司", "bank_reference": "YS1"}},
	})
	for _, kind := range []string{"contract", "invoice", "payment", "acceptance"} {
		l.firm.upload(path+"/evidence", 201, kind+"（示例）.pdf", "%PDF-1.4\n"+kind+"\n%%EOF\n", map[string]string{"kind": kind})
	}
	l.strike() // nobody works
	require.Equal(l.t, "+OK", l.redis.tell(l.t, "FLUSHALL"))
	key := string(kernel.NewID(time.Now()))
	for range 3 { // impatient, under one key
		status, told := l.firm.ask(http.MethodPost, path+"/submit", key, "application/json", strings.NewReader(`{"truthful":true}`))
		require.Equal(l.t, 200, status, string(told))
	}
	require.Equal(l.t, "submitted", text(l.firm.get(path), "state"))
	l.hire()
	l.hire()
	checked := l.firm.until(path, "state", "checked")
	require.Len(l.t, rows(checked, "checks"), 7)
	require.Len(l.t, rows(checked, "timeline"), 3, "opened, submitted, checked: once each")
}

func (l *life) review() {
	l.t.Helper()
	path := "/claims/" + l.claimID + "/decision"
	l.seller.post(path, 200, map[string]any{"outcome": "confirm"})
	l.redis.process.kill() // from here on there is no Redis
	l.district.post(path, 200, map[string]any{"outcome": "approve"})
	l.serve.kill() // and for a moment no front desk
	l.serveAgain()
	l.city.post(path, 200, map[string]any{"outcome": "approve"})
	status, told := l.second.ask(http.MethodPost, path, "", "application/json", strings.NewReader(`{"outcome":"approve"}`))
	require.Equal(l.t, 409, status, string(told))
	l.redis.start(l.t)
	require.Eventually(l.t, func() bool { // what waited in the outbox arrives
		for _, n := range rows(l.city.get("/notifications"), "items") {
			if text(n, "kind") == "claim.district_approved" {
				return true
			}
		}
		return false
	}, patient, 200*time.Millisecond)
}

func (l *life) notice() {
	l.t.Helper()
	notice := l.city.post("/notices", 201, map[string]any{"claim_ids": []string{l.claimID}})
	public := l.visitor.get("/notices/" + text(notice, "id"))
	entry := one(l.t, public, "items")
	require.Equal(l.t, "𠮷祥𬭎达（虚构）制造有限公司", text(entry, "enterprise"))
	require.NotContains(l.t, fmt.Sprint(public), l.firmCode, "the code is masked")
	require.NotContains(l.t, fmt.Sprint(public), "13800138000")
	l.visitor.post("/notices/"+text(notice, "id")+"/objections", 201, map[string]any{"claim_id": l.claimID, "text": "合同金额与实际交付明显不符，请核查。"})
	objection := one(l.t, l.city.get("/objections?state=open"), "items")
	l.second.post("/objections/"+text(objection, "id")+"/dismiss", 200, map[string]any{"answer": "经核实，合同与交付相符。"})
	require.Equal(l.t, "noticed", text(l.firm.get("/claims/"+l.claimID), "state"))
	l.later(20 * 24 * time.Hour) // five working days, whatever holidays there are
	l.firm.until("/claims/"+l.claimID, "state", "approved")
}

func (l *life) pay() {
	l.t.Helper()
	batch := func(result string) {
		l.t.Helper()
		b := l.finance.post("/batches", 201, map[string]any{"policy": "chongqing-demo-2026"})
		path := "/batches/" + text(b, "id")
		l.finance.post(path+"/close", 200, map[string]any{})
		status, list := l.finance.ask(http.MethodGet, path+"/export?format=csv", "", "", nil)
		require.Equal(l.t, 200, status)
		require.Contains(l.t, string(list), "9996530000001001")
		require.Contains(l.t, string(list), "3000.00")
		line := one(l.t, b, "lines")
		results := "申请编号,金额,结果,失败原因,付款日期,流水号\n" + text(line, "claim_number") + ",3000.00," + result + "\n"
		for range 2 { // the same file again changes nothing
			l.finance.upload(path+"/results", 200, "结果.csv", results, nil)
		}
	}
	batch("失败,账号户名不符,,")
	require.Equal(l.t, "approved", text(l.firm.get("/claims/"+l.claimID), "state"))
	l.strike()
	batch("成功,," + string(l.today()) + ",LS0001")
	l.hire()
	paid := l.firm.until("/claims/"+l.claimID, "state", "paid")
	var acts []string
	for _, step := range rows(paid, "timeline") {
		acts = append(acts, text(step, "act"))
	}
	require.Equal(l.t, []string{
		"open", "submit", "pass_checks", "confirm", "approve", "approve", "put_on_notice", "object", "dismiss_objection", "award", "batch", "fail_payment", "batch", "pay",
	}, acts)
	received := l.firm.get("/receivables")
	require.EqualValues(l.t, 300_000, number(one(l.t, received, "items"), "amount_fen"))
	require.Eventually(l.t, func() bool { return heard(l.firm, "claim.paid") == 1 }, patient, 200*time.Millisecond, "the firm is told once")
}

// heard counts a person's notifications of a kind.
func heard(p *person, kind string) int {
	n := 0
	for _, x := range rows(p.get("/notifications?page_size=100"), "items") {
		if text(x, "kind") == kind {
			n++
		}
	}
	return n
}

// afterwards everything stops as it should, and the books are in order until
// somebody touches them.
func (l *life) afterwards() {
	l.t.Helper()
	require.Eventually(l.t, func() bool { // what is done is sealed within seconds
		h := openHouse(l.t, l.config)
		var open int64
		require.NoError(l.t, h.db.Read(context.Background()).Table("outbox").Where("state = 'open'").Count(&open).Error)
		var unsealed int64
		require.NoError(l.t, h.db.Read(context.Background()).Table("audit_entries").Where("seq IS NULL").Count(&unsealed).Error)
		return open == 0 && unsealed == 0
	}, patient, 500*time.Millisecond)
	l.serve.stop(l.t)
	for _, w := range l.work {
		w.stop(l.t)
	}
	out := l.command(0, "verify")
	require.NotContains(l.t, out, "BROKEN")
	h := openHouse(l.t, l.config)
	for _, kind := range []string{"claim.checked", "claim.approved", "agreement.accepted"} {
		var n int64
		require.NoError(l.t, h.db.Read(context.Background()).Raw("SELECT COUNT(*) FROM (SELECT person_id, dedupe FROM notifications WHERE kind = ? GROUP BY person_id, dedupe HAVING COUNT(*) > 1) x", kind).Scan(&n).Error)
		require.Zero(l.t, n, "nobody is told twice of one thing")
	}
	require.NoError(l.t, database.Run(context.Background(), h.db, "test.tamper", func(tx *database.Tx) error {
		return tx.Exec("UPDATE postings SET amount_fen = amount_fen + 1 WHERE account = 'paid' AND scope = 'city'").Error
	}))
	require.Contains(l.t, l.command(1, "verify"), "BROKEN  double entry")
}
