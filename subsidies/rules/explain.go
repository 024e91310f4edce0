package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"yunhui/services/kernel"
)

// explain says why a condition does not hold: in the document's words, if it has
// any, with the facts that were found otherwise and the day on which it would hold.
func (c *condition) explain(v *view, finding *Finding) {
	finding.Compared = c.logic.failing(v)
	finding.EligibleFrom = c.holdsFrom(v)
	finding.Reason = c.reason.render(v)
	if c.predicate.Reason == (kernel.Text{}) {
		finding.Reason = c.logic.sayFailing(finding.Compared)
	}
	finding.Remedy = c.predicate.Remedy
	day := string(finding.EligibleFrom)
	from := both(day+" 起符合", "eligible from "+day)
	switch {
	case day != "" && finding.Remedy == (kernel.Text{}):
		finding.Remedy = both(from.ZH, "Eligible from "+day)
	case day != "":
		finding.Remedy = both(finding.Remedy.ZH+"；"+from.ZH, finding.Remedy.EN+"; "+from.EN)
	case finding.Remedy == (kernel.Text{}):
		finding.Remedy = remedyOf(finding.Compared)
	}
}

// failing lists the comparisons of known facts that do not hold.
func (l *logic) failing(v *view) []Comparison {
	var out []Comparison
	if l.kind == logicAtom {
		if c, holds, known := l.atom.compare(v); known && !holds {
			out = append(out, c)
		}
		return out
	}
	for _, p := range l.parts {
		out = append(out, p.failing(v)...)
	}
	return out
}

func (a *atom) compare(v *view) (c Comparison, holds, known bool) {
	value, ok := a.fact.get(v)
	if !ok {
		return c, false, false
	}
	wanted, threshold, ok := a.wanted(v)
	if !ok {
		return c, false, false
	}
	c = Comparison{Fact: a.fact.name, Label: sayingOf(a.fact), Value: sayFact(a.fact, value), Operator: a.op, Threshold: threshold}
	switch a.op {
	case "in":
		holds = slices.ContainsFunc(wanted, func(w ref.Val) bool { return value.Equal(w) == types.True })
	case "not in":
		holds = !slices.ContainsFunc(wanted, func(w ref.Val) bool { return value.Equal(w) == types.True })
	case "==":
		holds = value.Equal(wanted[0]) == types.True
	case "!=":
		holds = value.Equal(wanted[0]) != types.True
	default:
		comparer, ok := value.(traits.Comparer)
		if !ok {
			return c, false, false
		}
		order, ok := comparer.Compare(wanted[0]).(types.Int)
		if !ok {
			return c, false, false
		}
		holds = inOrder(a.op, int(order))
	}
	return c, holds, true
}

func inOrder(op string, order int) bool {
	switch op {
	case ">=":
		return order >= 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	default:
		return order < 0
	}
}

// wanted returns what the fact is compared with, and its words.
func (a *atom) wanted(v *view) (values []ref.Val, words kernel.Text, ok bool) {
	switch {
	case a.parameter != nil:
		n := a.parameter.at(v.f.On).Value
		return []ref.Val{types.Int(n)}, sayAmount(n, a.parameter.Unit), true
	case a.other != nil:
		value, known := a.other.get(v)
		if !known {
			return nil, kernel.Text{}, false
		}
		return []ref.Val{value}, sayFact(a.other, value), true
	default:
		zh, en := make([]string, len(a.constants)), make([]string, len(a.constants))
		for i, c := range a.constants {
			said := sayFact(a.fact, c)
			zh[i], en[i] = said.ZH, said.EN
		}
		return a.constants, both(strings.Join(zh, "、"), strings.Join(en, ", ")), true
	}
}

// sayings name facts where the label asks for another: the age is told by the
// day of foundation.
var sayings = map[string]kernel.Text{"enterprise.age_months": kernel.T("企业成立时间", "Time since foundation")}

func sayingOf(w *word) kernel.Text {
	if s, ok := sayings[w.name]; ok {
		return s
	}
	return w.label
}

func sayFact(w *word, val ref.Val) kernel.Text {
	if n, ok := val.(types.Int); ok && (strings.HasSuffix(w.name, "_months") || w.name == "agreement.months") {
		return sayAmount(int64(n), UnitMonths)
	}
	return sayValue(w.name, val)
}

// short says one comparison: "企业成立时间 11 个月，不足 12 个月".
func (c Comparison) short() kernel.Text {
	phrase := map[string]kernel.Text{
		">=": kernel.T("不足", "at least"), ">": kernel.T("未超过", "more than"), "<=": kernel.T("超过", "at most"), "<": kernel.T("已达到或超过", "less than"),
		"==": kernel.T("应为", "must be"), "!=": kernel.T("不能是", "must not be"), "in": kernel.T("应为其一：", "must be one of"), "not in": kernel.T("不能是其一：", "must not be one of"),
	}[c.Operator]
	en := c.Label.EN + ": " + c.Value.EN + "; " + phrase.EN + " " + c.Threshold.EN
	if strings.ContainsAny(c.Operator, "<>") {
		en += " is needed"
	}
	zh := c.Label.ZH + " " + c.Value.ZH + "，" + phrase.ZH
	if strings.HasSuffix(phrase.ZH, "：") {
		return both(zh+c.Threshold.ZH, en)
	}
	return both(zh+" "+c.Threshold.ZH, en)
}

func (l *logic) sayFailing(all []Comparison) kernel.Text {
	if len(all) == 0 {
		return kernel.T("条件不满足", "The condition is not met")
	}
	zh, en := make([]string, len(all)), make([]string, len(all))
	for i, c := range all {
		said := c.short()
		zh[i], en[i] = said.ZH, said.EN
	}
	if l.kind == logicOr {
		return both(strings.Join(zh, "；或 "), strings.Join(en, "; or "))
	}
	return both(strings.Join(zh, "；"), strings.Join(en, "; "))
}

func remedyOf(all []Comparison) kernel.Text {
	if len(all) == 0 {
		return kernel.T("事实变化后请重新测算", "Ask again once the facts have changed")
	}
	return kernel.T("“%[1]s”达到要求后可申请", "Apply once this is as required: %[2]s", all[0].Label.ZH, all[0].Label.EN)
}

// holdsFrom finds the first day after the day of application on which the
// condition would hold, were nothing to change but the day. The days tried are
// those on which a comparison can turn; each is tried with the expression itself,
// so that what is promised is what will be found.
func (c *condition) holdsFrom(v *view) kernel.Date {
	var days []kernel.Date
	c.logic.each(func(a *atom) { days = append(days, a.turns(v)...) })
	slices.Sort(days)
	last := v.doc.Window.To
	for _, day := range slices.Compact(days) {
		if day <= v.f.On || !day.Valid() || (last != "" && day > last) {
			continue
		}
		f := *v.f
		f.On = day
		later := view{f: &f, doc: v.doc, list: v.list, contract: v.contract}
		if out, _, err := c.program.Eval(&later); err == nil && out == types.True {
			return day
		}
	}
	return ""
}

// maxMonths bounds the ages that dates are reckoned from.
const maxMonths = 12 * 200

// turns lists the days on which a comparison may begin to hold.
func (a *atom) turns(v *view) []kernel.Date {
	var out []kernel.Date
	day := func(d kernel.Date) {
		if d.Valid() && d < "9999-01-01" {
			out = append(out, d, d.AddDays(1))
		}
	}
	number := func(n int64) {
		born := v.f.Enterprise.FoundedOn
		if a.fact.name == "enterprise.age_months" && born != "" && born < "9000-01-01" && n >= 0 && n <= maxMonths {
			out = append(out, born.AddMonths(int(n)), born.AddMonths(int(n)+1))
		}
	}
	if a.parameter != nil {
		for _, value := range a.parameter.Values {
			day(value.From)
			number(value.Value)
		}
	}
	for _, c := range a.constants {
		if n, ok := c.(types.Int); ok {
			number(int64(n))
		}
		if text, ok := c.(types.String); ok && a.fact.name == "on" {
			day(kernel.Date(text))
		}
	}
	if a.other == nil {
		return out
	}
	for _, w := range []*word{a.fact, a.other} {
		value, _ := w.get(v)
		if text, ok := value.(types.String); ok && w.name != "on" {
			day(kernel.Date(text))
		}
	}
	return out
}
