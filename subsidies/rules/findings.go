package rules

import (
	"slices"
	"strings"

	"yunhui/services/kernel"
)

// ask makes the finding undecided for want of the named facts.
func (f *Finding) ask(missing []string) {
	f.Passed, f.Unknown, f.Missing = false, true, slices.Clone(missing)
	zh, en := make([]string, len(missing)), make([]string, len(missing))
	for i, name := range missing {
		label := labelOf(name)
		zh[i], en[i] = label.ZH, label.EN
	}
	f.Reason = both("尚不能判断：还不知道"+strings.Join(zh, "、"), "Undecided: not told yet: "+strings.Join(en, ", "))
	f.Remedy = both("请告诉我们："+strings.Join(zh, "、"), "Tell us: "+strings.Join(en, ", "))
}

// labelOf names a fact for people; "lines[2].depth" is "第 3 项的…".
func labelOf(name string) kernel.Text {
	if w := wordIndex[name]; w != nil {
		return w.label
	}
	at, field, ok := strings.Cut(strings.TrimPrefix(name, "lines["), "].")
	if w := lineFieldNamed(field); ok && w != nil {
		n := ordinal(at)
		return both("第 "+n+" 项的"+w.label.ZH, w.label.EN+" of line "+n)
	}
	return both(name, name)
}

func (p *Policy) findWindow(f *Facts) (Finding, bool) {
	w := p.doc.Window
	w.From = max(w.From, p.doc.InForceFrom) // before that day another version is the law, or none
	if w.From == "" && w.To == "" {
		return Finding{}, false
	}
	span := string(w.From) + " – " + string(w.To)
	finding := Finding{Rule: both("在申报期内（"+span+"）", "Within the window ("+span+")"), Passed: w.Holds(f.On)}
	on := string(f.On)
	switch {
	case finding.Passed:
	case w.From != "" && f.On < w.From:
		finding.Reason = both("申请日期 "+on+" 早于申报期", "The day "+on+" lies before the window")
		finding.Remedy = both("可自 "+string(w.From)+" 起申请", "Apply from "+string(w.From)+" on")
	default:
		finding.Reason = both("申请日期 "+on+" 已过申报期", "The day "+on+" lies after the window")
		finding.Remedy = kernel.T("请查看新一批政策", "See the policies now open")
	}
	return finding, true
}

func (p *Policy) findFirstPurchase(f *Facts) (Finding, bool) {
	if p.doc.FirstPurchaseOnly == nil {
		return Finding{}, false
	}
	finding := Finding{Clause: p.doc.FirstPurchaseOnly.Clause, Rule: kernel.T("仅限首次购买", "First purchase only"), Passed: f.Used.Purchases == 0}
	if !finding.Passed {
		n := itoa(int64(f.Used.Purchases))
		finding.Reason = both("此前已有 "+n+" 次购买获得补贴", "Already subsidised for "+n+" earlier purchase(s)")
		finding.Remedy = kernel.T("本政策不再补贴后续购买，请查看其他政策", "Later purchases are not subsidised here; see other policies")
	}
	return finding, true
}

func (p *Policy) findPaid(f *Facts, contract kernel.Fen) (Finding, bool) {
	t := p.doc.MinimumPaid
	if t == nil {
		return Finding{}, false
	}
	rate := kernel.Rate(p.figureOf(int64(t.Rate), t.Parameter, f.On))
	share := rate.Percent()
	finding := Finding{Clause: t.Clause, Rule: both("实际付款不低于合同金额的 "+share, "At least "+share+" of the contract is paid"), Passed: true}
	if f.Paid == nil {
		finding.Reason = kernel.T("尚未付款：按全额付清测算，兑付时核验", "Nothing paid yet: reckoned as if paid in full, checked at the claim")
		return finding, true
	}
	least, err := (kernel.Rounding{Mode: kernel.RoundUp, Unit: 1}).Of(contract, rate)
	if err != nil || *f.Paid < least {
		finding.Passed = false
		finding.Reason = both("已付 "+money(*f.Paid)+"，至少应付 "+money(least), money(*f.Paid)+" is paid, "+money(least)+" is the least")
		finding.Remedy = both("再付 "+money(least-*f.Paid)+" 后即可申请", "Pay "+money(least-*f.Paid)+" more, then claim")
	}
	return finding, true
}

// findCoverage says whether a rule of the policy grants anything for the lines.
func (p *Policy) findCoverage(w *work) Finding {
	finding := Finding{Clause: p.doc.Rates[0].Clause, Rule: kernel.T("所购服务在补贴范围内", "The services bought are covered")}
	switch {
	case len(w.missing) > 0:
		finding.ask(w.missing)
	case w.covered > 0:
		finding.Passed = true
	default:
		finding.Reason = kernel.T("所列服务均不在本政策补贴范围内", "None of the lines is covered by this policy")
		finding.Remedy = kernel.T("请选择政策列明的服务类别", "Choose services of the categories the policy names")
	}
	return finding
}

func (p *Policy) findMinimum(subsidy kernel.Fen, on kernel.Date) (Finding, bool) {
	m := p.doc.MinimumSubsidy
	if m == nil {
		return Finding{}, false
	}
	least := kernel.Fen(p.figureOf(int64(m.Amount), m.Parameter, on))
	finding := Finding{Clause: m.Clause, Rule: both("补贴额不低于 "+money(least), "The subsidy is at least "+money(least)), Passed: subsidy >= least}
	if !finding.Passed {
		finding.Reason = both("测算补贴为 "+money(subsidy), "The subsidy would be "+money(subsidy))
		finding.Remedy = kernel.T("请合并多项服务一并申请", "Claim for several services together")
	}
	return finding, true
}
