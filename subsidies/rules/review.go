package rules

import (
	"cmp"
	"fmt"
	"slices"

	"yunhui/services/kernel"
)

// Warning is what a second pair of eyes would say of a document that can be
// computed, but may not be meant. It names the place and the clause.
type Warning struct {
	Path    string      `json:"path"`
	Clause  string      `json:"clause,omitempty"`
	Code    string      `json:"code"`
	Message kernel.Text `json:"message"`
}

// reviewer gathers warnings.
type reviewer struct {
	p   *Policy
	d   *Document
	out []Warning
}

func (r *reviewer) warn(path, clause, code string, message kernel.Text) {
	r.out = append(r.out, Warning{path, clause, code, message})
}

// Review says what an officer should look at before publishing. It never refuses:
// what cannot be computed was refused when the policy was compiled.
func Review(p *Policy) []Warning {
	r := &reviewer{p: p, d: &p.doc}
	r.budget()
	r.capsAgainstEachOther()
	r.ratesAgainstShare()
	r.reach()
	r.periods()
	r.citations()
	slices.SortStableFunc(r.out, func(a, b Warning) int { return cmp.Compare(a.Path, b.Path) })
	return r.out
}

// budget warns of limits above the planned total, and of a policy under which one
// claim could take more than all of it.
func (r *reviewer) budget() {
	b := r.d.Budget
	if b == nil {
		if r.d.Kind == KindInForce {
			r.warn("budget", "", "policy.budget_missing", kernel.T("没有写明计划资金总额，无法判断是否会超出预算", "No planned total is given, so nothing can be said of the budget"))
		}
		return
	}
	for i := range r.d.Caps {
		c := &r.d.Caps[i]
		for _, on := range r.d.changes() {
			if limit := r.d.LimitOn(*c, on); limit > b.Total {
				r.warn(at("caps", i), c.Clause, "policy.cap_above_budget", kernel.T("第 %[1]s 条：上限 %[2]s 高于计划资金总额 %[3]s", "Clause %[1]s: the cap of %[2]s is above the planned total of %[3]s", c.Clause, money(limit), money(b.Total)))
				break
			}
		}
	}
	for i := range r.d.Rates {
		if most, bounded := r.mostOf(&r.d.Rates[i]); !bounded || most > b.Total {
			clause := r.d.Rates[i].Clause
			why := kernel.T("第 %[1]s 条：没有适用的上限，一份申请就可能超出计划资金总额 %[2]s", "Clause %[1]s: no cap applies, so one claim could take more than the planned total of %[2]s", clause, money(b.Total))
			if bounded {
				why = kernel.T("第 %[1]s 条：一份申请最多可得 %[2]s，高于计划资金总额 %[3]s", "Clause %[1]s: one claim could get %[2]s, more than the planned total of %[3]s", clause, money(most), money(b.Total))
			}
			r.warn(at("rates", i), clause, "policy.claim_above_budget", why)
		}
	}
}

// mostOf bounds what one claim can get by a rule: its flat amount, or the lowest
// cap that covers it on every day. It says false when nothing bounds it.
func (r *reviewer) mostOf(rule *RateRule) (kernel.Fen, bool) {
	most, bounded := kernel.MaxFen, false
	lower := func(f kernel.Fen) { most, bounded = min(most, f), true }
	if rule.Flat != nil {
		lower(*rule.Flat)
	}
	for i := range r.d.Caps {
		c := &r.d.Caps[i]
		if !c.AppliesTo.covers(rule.AppliesTo) || !periodCovers(c.Effective, rule.Effective) && c.Effective != (kernel.Period{}) {
			continue
		}
		var high kernel.Fen
		for _, on := range r.d.changes() {
			high = max(high, r.d.LimitOn(*c, on))
		}
		lower(high)
	}
	if bounded {
		return most, true
	}
	return r.mostByPurchase(rule)
}

// mostByPurchase looks for a pair of caps, one for first and one for later
// purchases, that bound a rule together.
func (r *reviewer) mostByPurchase(rule *RateRule) (kernel.Fen, bool) {
	high, seen := kernel.Fen(0), map[string]bool{}
	for i := range r.d.Caps {
		c := r.d.Caps[i]
		if c.AppliesTo.Purchase == "" || c.Effective != (kernel.Period{}) {
			continue
		}
		purchase := c.AppliesTo.Purchase
		c.AppliesTo.Purchase = ""
		if c.AppliesTo.covers(rule.AppliesTo) {
			seen[purchase] = true
			for _, on := range r.d.changes() {
				high = max(high, r.d.LimitOn(c, on))
			}
		}
	}
	return high, seen[PurchaseFirst] && (seen[PurchaseLater] || r.d.FirstPurchaseOnly != nil)
}

// capsAgainstEachOther warns of a cap that another one always cuts first.
func (r *reviewer) capsAgainstEachOther() {
	for i := range r.d.Caps {
		c := &r.d.Caps[i]
		for k := range r.d.Caps {
			o := &r.d.Caps[k]
			if i == k || !narrower(o.Scope, c.Scope) || !o.AppliesTo.covers(c.AppliesTo) || !periodCovers(o.Effective, c.Effective) {
				continue
			}
			idle := true
			for _, on := range r.d.changes() {
				idle = idle && r.d.LimitOn(*o, on) <= r.d.LimitOn(*c, on)
			}
			if idle {
				r.warn(at("caps", i), c.Clause, "policy.cap_idle", kernel.T("第 %[1]s 条：上限永远用不到，第 %[2]s 条的上限更低且范围更广", "Clause %[1]s: the cap never bites; that of clause %[2]s is lower and wider", c.Clause, o.Clause))
				break
			}
		}
	}
}

// narrower tells whether what stays under a cap of the first scope also stays
// under one of the second, at the same limit.
func narrower(first, second string) bool {
	wide := map[string]int{CapEnterprisePolicy: 2, CapEnterpriseYear: 1, CapClaim: 0}
	a, okA := wide[first]
	b, okB := wide[second]
	return okA && okB && a > b
}

// ratesAgainstShare warns of rates that can never be granted in full because the
// enterprise must bear more.
func (r *reviewer) ratesAgainstShare() {
	t := r.d.MinimumEnterpriseShare
	if t == nil || r.d.Base.VAT == VATExcluded {
		return
	}
	for i := range r.d.Rates {
		rule := &r.d.Rates[i]
		for _, on := range r.d.changes() {
			share := kernel.Rate(r.p.figureOf(int64(t.Rate), t.Parameter, on))
			for _, rate := range r.ratesOf(rule, on) {
				if rate+share > kernel.Whole {
					r.warn(at("rates", i), rule.Clause, "policy.rate_above_share", kernel.T("第 %[1]s 条：比例 %[2]s 加企业最低自付 %[3]s 超过 100%%，按全价购买时得不到足额", "Clause %[1]s: the rate of %[2]s and the least share of %[3]s are more than 100%%; it is never granted in full", rule.Clause, rate.Percent(), share.Percent()))
					return
				}
			}
		}
	}
}

func (r *reviewer) ratesOf(rule *RateRule, on kernel.Date) []kernel.Rate {
	switch {
	case rule.Rate != nil:
		return []kernel.Rate{*rule.Rate}
	case rule.RateParameter != "":
		return []kernel.Rate{kernel.Rate(r.p.figureOf(0, rule.RateParameter, on))}
	case rule.BandMode == BandWhole:
		out := make([]kernel.Rate, len(rule.Bands))
		for i, b := range rule.Bands {
			out[i] = b.Rate
		}
		return out
	default:
		return nil
	}
}

// reach warns of rules and caps for enterprises that the conditions shut out.
func (r *reviewer) reach() {
	none := 0
	for i := range r.d.Rates {
		if r.p.shutOut(r.d.Rates[i].AppliesTo) {
			none++
			r.warn(at("rates", i)+".applies_to", r.d.Rates[i].Clause, "policy.matches_nobody", kernel.T("第 %s 条：资格条件已将适用的企业全部排除，这条标准永远用不到", "Clause %s: the conditions shut out all enterprises that this rule is for", r.d.Rates[i].Clause))
		}
	}
	for i := range r.d.Caps {
		if r.p.shutOut(r.d.Caps[i].AppliesTo) {
			r.warn(at("caps", i)+".applies_to", r.d.Caps[i].Clause, "policy.matches_nobody", kernel.T("第 %s 条：资格条件已将适用的企业全部排除，这条上限永远用不到", "Clause %s: the conditions shut out all enterprises that this cap is for", r.d.Caps[i].Clause))
		}
	}
	if none == len(r.d.Rates) {
		r.warn("rates", r.d.Rates[0].Clause, "policy.grants_nothing", kernel.T("没有任何企业能得到补贴", "Nobody can be granted anything"))
	}
}

// periods warns of parts that are never in force while claims may be made.
func (r *reviewer) periods() {
	outside := func(p kernel.Period, path, clause string) {
		if !meet(p, r.d.Window) {
			r.warn(path+".effective", clause, "policy.outside_window", kernel.T("第 %s 条：有效期与申报期没有交集", "Clause %s: it is never in force within the window", clause))
		}
	}
	for i, rule := range r.d.Rates {
		outside(rule.Effective, at("rates", i), rule.Clause)
	}
	for i, c := range r.d.Caps {
		outside(c.Effective, at("caps", i), c.Clause)
	}
	if r.d.Match != nil {
		for i, g := range r.d.Match.Groups {
			outside(g.Effective, fmt.Sprintf("match.groups[%d]", i), g.Clause)
		}
	}
	for i := range r.d.Parameters {
		p := &r.d.Parameters[i]
		for k, v := range p.Values {
			if v.From != "" && r.d.Window.To != "" && v.From > r.d.Window.To {
				r.warn(fmt.Sprintf("%s.values[%d]", at("parameters", i), k), p.Clause, "policy.outside_window", kernel.T("第 %s 条：该取值自申报期结束后才生效", "Clause %s: the value begins after the window has closed", p.Clause))
			}
		}
	}
}

// citations warns of clauses in force that compute something and do not say where
// it was laid down.
func (r *reviewer) citations() {
	if r.d.Kind != KindInForce {
		return
	}
	for i, c := range r.d.Clauses {
		if len(c.Computes) > 0 && c.Citation == "" {
			r.warn(at("clauses", i)+".citation", c.Number, "policy.citation_missing", kernel.T("第 %s 条：没有写明原文位置", "Clause %s: it does not say where it stands in the original", c.Number))
		}
	}
}
