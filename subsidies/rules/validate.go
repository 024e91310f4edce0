package rules

import (
	"fmt"
	"slices"

	"yunhui/services/kernel"
)

// checkMeaning notes what the schema cannot see: parts that contradict one
// another, name clauses that do not exist, or can never apply.
func checkMeaning(d *Document, faults *kernel.Faults) {
	checkKind(d, faults)
	checkDay(d.InForceFrom, "in_force_from", faults)
	faults.Check(d.InForceFrom == "" || d.Window.To == "" || d.InForceFrom <= d.Window.To, "in_force_from", "policy.period_order",
		kernel.T("生效日期晚于申报期的最后一日", "It would come into force after the last day of the window"))
	checkPeriod(d.Window, "window", faults)
	checkPeriod(d.Redemption, "redemption", faults)
	faults.Check(d.Redemption.To == "" || d.Window.From == "" || d.Redemption.To >= d.Window.From, "redemption.to", "policy.period_order",
		kernel.T("兑付期不能在申报期开始之前结束", "Redemption must not end before the window opens"))
	for i, s := range d.Sources {
		checkDay(s.Accessed, at("sources", i)+".accessed", faults)
	}
	checkClauses(d, faults)
	checkParameters(d, faults)
	checkGroups(d, faults)
	checkRates(d, faults)
	checkCaps(d, faults)
	checkMatch(d, faults)
	checkMechanism(d, faults)
	checkAllotment(d, faults)
	checkCases(d, faults)
}

func checkKind(d *Document, faults *kernel.Faults) {
	faults.Check(d.Kind == KindInForce || d.Note.ZH != "", "note", "policy.note_required",
		kernel.T("参考或示例文档必须说明其性质", "A reference or illustrative document must say what it is"))
}

func checkPeriod(p kernel.Period, path string, faults *kernel.Faults) {
	from, to := checkDay(p.From, path+".from", faults), checkDay(p.To, path+".to", faults)
	if from && to && p.From != "" && p.To != "" {
		faults.Check(p.From <= p.To, path+".to", "policy.period_order", kernel.T("结束日期早于开始日期", "The end lies before the beginning"))
	}
}

func checkDay(d kernel.Date, path string, faults *kernel.Faults) bool {
	ok := d == "" || d.Valid()
	faults.Check(ok, path, "date", kernel.T("没有这一天", "There is no such day"))
	return ok
}

// checkRates refuses rules of no or two forms, bands that leave gaps or overlap,
// and rules that an earlier rule hides entirely.
func checkRates(d *Document, faults *kernel.Faults) {
	for i := range d.Rates {
		r, path := &d.Rates[i], at("rates", i)
		checkPeriod(r.Effective, path+".effective", faults)
		forms := 0
		for _, given := range []bool{r.Rate != nil, r.RateParameter != "", r.Flat != nil, r.FlatParameter != "", len(r.Bands) > 0} {
			if given {
				forms++
			}
		}
		faults.Check(forms == 1, path, "policy.rate_form", kernel.T("第 %[1]s 条：比例、定额、分档须且只须给出一种", "Clause %[1]s: give exactly one of rate_bp, flat_fen and bands", r.Clause))
		faults.Check(r.BandMode == "" || len(r.Bands) > 0, path+".band_mode", "policy.rate_form", kernel.T("没有分档，不应有分档方式", "There are no bands to have a mode"))
		checkBands(r, path, faults)
		for k := range i {
			earlier := &d.Rates[k]
			if earlier.AppliesTo.covers(r.AppliesTo) && periodCovers(earlier.Effective, r.Effective) {
				faults.Add(path+".applies_to", "policy.rate_unreachable", kernel.T("永远用不到：rates[%d] 已涵盖全部情形", "Can never apply: rates[%d] covers every case", k))
				break
			}
		}
		checkPurchase(d, r.AppliesTo, path, faults)
	}
}

func checkBands(r *RateRule, path string, faults *kernel.Faults) {
	for i, b := range r.Bands {
		here := fmt.Sprintf("%s.bands[%d]", path, i)
		last := i == len(r.Bands)-1
		faults.Check(last || b.To > b.From, here+".to_fen", "policy.bands_empty", kernel.T("第 %s 条：该档没有范围", "Clause %s: the band is empty", r.Clause))
		faults.Check(!last || b.To == 0, here+".to_fen", "policy.bands_closed", kernel.T("第 %s 条：最后一档不应有上限", "Clause %s: the last band must have no end", r.Clause))
		var before kernel.Fen
		if i > 0 {
			before = r.Bands[i-1].To
		}
		faults.Check(b.From <= before, here+".from_fen", "policy.bands_gap", kernel.T("第 %s 条：%s 至 %s 之间没有分档", "Clause %s: no band from %s to %s", r.Clause, money(before), money(b.From)))
		faults.Check(b.From >= before, here+".from_fen", "policy.bands_overlap", kernel.T("第 %s 条：与前一档重叠（%s 起）", "Clause %s: overlaps the band before (from %s)", r.Clause, money(b.From)))
	}
}

func checkPurchase(d *Document, s Selector, path string, faults *kernel.Faults) {
	if d.FirstPurchaseOnly != nil && s.Purchase == PurchaseLater {
		faults.Add(path+".applies_to.purchase", "policy.never_applies", kernel.T("仅限首次购买的政策没有后续购买", "A policy for first purchases only has no later ones"))
	}
}

func checkCaps(d *Document, faults *kernel.Faults) {
	if t := d.MinimumPaid; t != nil {
		checkFigure(int64(t.Rate), t.Parameter, "minimum_paid", "ratio_bp", "ratio_parameter", faults)
	}
	if t := d.MinimumEnterpriseShare; t != nil {
		checkFigure(int64(t.Rate), t.Parameter, "minimum_enterprise_share", "ratio_bp", "ratio_parameter", faults)
	}
	if m := d.MinimumSubsidy; m != nil {
		checkFigure(int64(m.Amount), m.Parameter, "minimum_subsidy", "amount_fen", "amount_parameter", faults)
	}
	for i := range d.Caps {
		c, path := &d.Caps[i], at("caps", i)
		s := c.AppliesTo
		checkPeriod(c.Effective, path+".effective", faults)
		checkPurchase(d, s, path, faults)
		faults.Check(c.Scope != CapCategory || len(s.Categories) > 0, path+".applies_to.categories", "required", kernel.T("类别上限须写明类别", "A category cap must name its categories"))
		checkFigure(int64(c.Limit), c.LimitParameter, path, "limit_fen", "limit_parameter", faults)
		overall := c.Scope == CapEnterpriseYear || c.Scope == CapEnterprisePolicy
		faults.Check(!overall || !c.perLines(), path+".applies_to", "policy.cap_selector",
			kernel.T("企业上限针对全部补贴，不能只限部分服务；请改用类别上限", "A cap on the enterprise covers all of its subsidy; use a category cap for some services"))
		checkShared(d, i, path, faults)
		checkAboveMinimum(d, c, path, faults)
	}
}

// checkShared refuses a shared cap that could not be counted in one place: a
// provider's quota counts all that the provider sells, a ceiling of categories all
// that is bought of them.
func checkShared(d *Document, i int, path string, faults *kernel.Faults) {
	c := &d.Caps[i]
	s := c.AppliesTo
	s.Providers = nil
	switch c.Scope {
	case CapProviderYear, CapProviderPolicy:
		faults.Check(s.Everything(), path+".applies_to", "policy.cap_selector",
			kernel.T("服务商额度针对其全部销售，只能按服务商分组区分", "A provider's quota covers all its sales; only groups of providers may have their own"))
	case CapPolicyCategory:
		s.Categories = nil
		faults.Check(s.Everything() && len(c.AppliesTo.Providers) == 0, path+".applies_to", "policy.cap_selector",
			kernel.T("类别总额度只能按类别限定", "A ceiling of categories is limited by categories alone"))
		faults.Check(len(c.AppliesTo.Categories) > 0, path+".applies_to.categories", "required", kernel.T("类别总额度须写明类别", "A ceiling of categories must name them"))
		for k := range i {
			o := &d.Caps[k]
			same := o.Scope == c.Scope && o.Key == c.Key && !slices.Equal(o.AppliesTo.Categories, c.AppliesTo.Categories)
			faults.Check(!same, path+".key", "policy.key_duplicate", kernel.T("额度代码 %s 已用于其他类别", "The key %s stands for other categories", c.Key))
		}
	}
	faults.Check((c.Key != "") == (c.Scope == CapPolicyCategory), path+".key", "policy.cap_key", kernel.T("类别总额度须有代码，其他上限不应有", "A ceiling of categories has a key, other caps have none"))
}

// checkAboveMinimum refuses a cap that lies below the least subsidy on some day.
func checkAboveMinimum(d *Document, c *Cap, path string, faults *kernel.Faults) {
	m := d.MinimumSubsidy
	if m == nil || (c.LimitParameter != "" && d.parameter(c.LimitParameter) == nil) || (m.Parameter != "" && d.parameter(m.Parameter) == nil) {
		return
	}
	for _, on := range d.changes() {
		limit, least := d.LimitOn(*c, on), m.Amount
		if m.Parameter != "" {
			least = kernel.Fen(d.parameter(m.Parameter).at(on).Value)
		}
		if limit < least && c.Effective.Holds(on) {
			faults.Add(path+".limit_fen", "policy.cap_below_minimum",
				kernel.T("第 %s 条：上限 %s 低于最低补贴额 %s", "Clause %s: the cap of %s lies below the least subsidy of %s", c.Clause, money(limit), money(least)))
			return
		}
	}
}

func checkMatch(d *Document, faults *kernel.Faults) {
	if d.Match == nil {
		return
	}
	for i := range d.Match.Groups {
		g, path := &d.Match.Groups[i], fmt.Sprintf("match.groups[%d]", i)
		checkPeriod(g.Effective, path+".effective", faults)
		faults.Check(len(g.Districts) > 0 || g.Effective != (kernel.Period{}), path+".districts", "required",
			kernel.T("第 %s 条：不写区县的分组须写明有效期", "Clause %s: a group without districts needs its period", g.Clause))
		for _, earlier := range d.Match.Groups[:i] {
			if !meet(earlier.Effective, g.Effective) {
				continue
			}
			if len(earlier.Districts) == 0 && periodCovers(earlier.Effective, g.Effective) {
				faults.Add(path, "policy.match_duplicate", kernel.T("第 %s 条：前面的分组已涵盖同期的全部区县", "Clause %s: an earlier group covers all districts of its time", g.Clause))
			}
			for k, district := range g.Districts {
				faults.Check(!slices.Contains(earlier.Districts, district), fmt.Sprintf("%s.districts[%d]", path, k), "policy.match_duplicate",
					kernel.T("区县 %s 同期已在前面的分组中", "The district %s is in an earlier group of the same time", district))
			}
		}
	}
}

// meet tells whether two periods share a day.
func meet(a, b kernel.Period) bool {
	return (a.To == "" || b.From == "" || b.From <= a.To) && (b.To == "" || a.From == "" || a.From <= b.To)
}

// checkGroups refuses a provider in two groups, selectors of groups nobody
// declared, and families that lie within one another.
func checkGroups(d *Document, faults *kernel.Faults) {
	keys, members := []string{OtherProviders}, map[string]bool{}
	for i, g := range d.ProviderGroups {
		path := at("provider_groups", i)
		faults.Check(!slices.Contains(keys, g.Key), path+".key", "policy.group_duplicate", kernel.T("服务商分组 %s 重复", "There are two groups of providers %s", g.Key))
		keys = append(keys, g.Key)
		for k, code := range g.Providers {
			faults.Check(!members[code], fmt.Sprintf("%s.providers[%d]", path, k), "policy.group_duplicate", kernel.T("服务商 %s 已在前面的分组中", "The provider %s is in an earlier group", code))
			members[code] = true
		}
	}
	known := func(s Selector, path string) {
		for k, key := range s.Providers {
			faults.Check(slices.Contains(keys, key), fmt.Sprintf("%s.applies_to.providers[%d]", path, k), "policy.group_unknown", kernel.T("没有服务商分组 %q", "There is no group of providers %q", key))
		}
	}
	for i, r := range d.Rates {
		known(r.AppliesTo, at("rates", i))
	}
	for i, c := range d.Caps {
		known(c.AppliesTo, at("caps", i))
	}
	for i, x := range d.Exclusive {
		for k, a := range x.Categories {
			for m, b := range x.Categories {
				faults.Check(m == k || !categoryWithin(a, b), fmt.Sprintf("%s.categories[%d]", at("exclusive", i), k), "policy.exclusive_overlap",
					kernel.T("第 %[1]s 条：%[2]s 包含在 %[3]s 之内，不能互斥", "Clause %[1]s: %[2]s lies within %[3]s; they cannot exclude one another", x.Clause, a, b))
			}
		}
	}
}

func checkMechanism(d *Document, faults *kernel.Faults) {
	faults.Check(d.Mechanism != Deduct || d.Payee == PayeeProvider, "payee", "policy.payee",
		kernel.T("直减方式下，补贴须付给服务商", "When the subsidy is deducted at purchase, the provider is the payee"))
}
