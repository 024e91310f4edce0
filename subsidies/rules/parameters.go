package rules

import (
	"fmt"
	"slices"
	"strings"

	"yunhui/services/kernel"
)

// The units of a parameter.
const (
	UnitRate   = "bp"
	UnitMonths = "months"
	UnitDays   = "days"
	UnitCount  = "count"
)

// Parameter is a figure of the scheme that changes by date. Rates, caps and
// thresholds may name it, and expressions read it as parameter.NAME.
type Parameter struct {
	Name      string      `json:"name"`
	Clause    string      `json:"clause"`
	Label     kernel.Text `json:"label"`
	Unit      string      `json:"unit"` // fen, bp, months, days or count
	Reference string      `json:"reference,omitempty"`
	Values    []Value     `json:"values"`
}

// Value is what a parameter is from a day on; the first one may have no day.
type Value struct {
	From      kernel.Date `json:"from,omitempty"`
	Value     int64       `json:"value"`
	Reference string      `json:"reference,omitempty"`
}

// at returns the value in force on a day; before the first day it is the first.
func (p *Parameter) at(on kernel.Date) Value {
	out := p.Values[0]
	for _, v := range p.Values[1:] {
		if v.From > on {
			break
		}
		out = v
	}
	return out
}

const parameterPrefix = "parameter."

// parameter finds what a name such as "parameter.rate" stands for.
func (d *Document) parameter(name string) *Parameter {
	name = strings.TrimPrefix(name, parameterPrefix)
	for i := range d.Parameters {
		if d.Parameters[i].Name == name {
			return &d.Parameters[i]
		}
	}
	return nil
}

// figure returns the figure of a part: its own, or its parameter's of the day,
// which then has a line of its own in the trace.
func (w *work) figure(own int64, parameter string, line int) int64 {
	if parameter == "" {
		return own
	}
	p := w.p.doc.parameter(parameter)
	v := p.at(w.f.On)
	formula := sayAmount(v.Value, p.Unit)
	if v.From != "" {
		formula.ZH += "（" + string(v.From) + " 起）"
		formula.EN += " (from " + string(v.From) + ")"
	}
	w.trace = append(w.trace, Step{Clause: p.Clause, Line: line, Label: p.Label, Formula: formula, Unit: p.Unit, Value: v.Value})
	return v.Value
}

// figureOf is figure without a trace.
func (p *Policy) figureOf(own int64, parameter string, on kernel.Date) int64 {
	if parameter == "" {
		return own
	}
	return p.doc.parameter(parameter).at(on).Value
}

// LimitOn returns a cap's limit on a day.
func (d Document) LimitOn(c Cap, on kernel.Date) kernel.Fen {
	if c.LimitParameter == "" {
		return c.Limit
	}
	return kernel.Fen(d.parameter(c.LimitParameter).at(on).Value)
}

// changes lists days that stand for every stretch of time in which the figures
// and periods of the document stay the same, in order.
func (d *Document) changes() []kernel.Date {
	out := []kernel.Date{"0001-01-01"}
	begin := func(p kernel.Period) {
		if p.From.Valid() {
			out = append(out, p.From)
		}
		if p.To.Valid() && p.To < "9999-12-31" {
			out = append(out, p.To.AddDays(1))
		}
	}
	begin(d.Window)
	for i := range d.Parameters {
		for _, v := range d.Parameters[i].Values {
			begin(kernel.Period{From: v.From})
		}
	}
	for i := range d.Rates {
		begin(d.Rates[i].Effective)
	}
	for i := range d.Caps {
		begin(d.Caps[i].Effective)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sayAmount writes a number with its unit: "¥100.00", "30%", "12 个月".
func sayAmount(n int64, unit string) kernel.Text {
	switch unit {
	case UnitFen:
		return same(money(kernel.Fen(n)))
	case UnitRate:
		return same(kernel.Rate(n).Percent())
	case UnitMonths:
		return both(itoa(n)+" 个月", itoa(n)+plural(n, " month"))
	case UnitDays:
		return both(itoa(n)+" 天", itoa(n)+plural(n, " day"))
	default:
		return same(itoa(n))
	}
}

func plural(n int64, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

// checkParameters refuses values that are out of order or out of range, a window
// that opens before the first value, and names nobody can use.
func checkParameters(d *Document, faults *kernel.Faults) {
	seen := map[string]bool{}
	for i := range d.Parameters {
		p, path := &d.Parameters[i], at("parameters", i)
		faults.Check(!seen[p.Name], path+".name", "policy.parameter_duplicate", kernel.T("参数 %s 重复", "There are two parameters %s", p.Name))
		seen[p.Name] = true
		for k, v := range p.Values {
			here := fmt.Sprintf("%s.values[%d]", path, k)
			checkDay(v.From, here+".from", faults)
			faults.Check(k == 0 || v.From > p.Values[k-1].From, here+".from", "policy.parameter_order",
				kernel.T("第 %s 条：各取值须按起始日期先后排列，且不重复", "Clause %s: the values must follow one another by date", p.Clause))
			faults.Check(p.Unit != UnitRate || v.Value <= int64(kernel.Whole), here+".value", "maximum", kernel.T("比例不得超过 10000", "A rate is at most 10000"))
		}
		first := p.Values[0].From
		faults.Check(first == "" || (d.Window.From != "" && first <= d.Window.From), path+".values[0].from", "policy.parameter_gap",
			kernel.T("第 %[1]s 条：%[2]s 之前没有取值；请去掉首个取值的日期，或使其不晚于申报期首日", "Clause %[1]s: there is no value before %[2]s; leave the first value without a date, or begin no later than the window", p.Clause, first))
	}
	used := map[string]bool{}
	for _, r := range d.references() {
		p := d.parameter(r.name)
		if p == nil {
			faults.Add(r.path, "policy.parameter_unknown", kernel.T("没有参数 %q", "There is no parameter %q", r.name))
			continue
		}
		used[p.Name] = true
		faults.Check(p.Unit == r.unit, r.path, "policy.parameter_unit", kernel.T("参数 %[1]s 的单位是 %[2]s，此处须为 %[3]s", "The parameter %[1]s is in %[2]s, here %[3]s is wanted", p.Name, p.Unit, r.unit))
	}
	words := d.expressions()
	for i, p := range d.Parameters {
		inWords := slices.ContainsFunc(words, func(text string) bool { return strings.Contains(text, parameterPrefix+p.Name) })
		faults.Check(used[p.Name] || inWords, at("parameters", i), "policy.parameter_idle", kernel.T("参数 %s 没有被任何部分使用", "Nothing uses the parameter %s", p.Name))
	}
}

// expressions lists all texts that may read a parameter.
func (d *Document) expressions() []string {
	var out []string
	for _, e := range d.Eligibility {
		out = append(out, e.Expression, e.Reason.ZH, e.Reason.EN)
	}
	if d.Allotment != nil {
		for _, b := range d.Allotment.Bands {
			out = append(out, b.Expression)
		}
	}
	return out
}

// reference is one place that names a parameter instead of a figure.
type reference struct{ path, name, unit string }

// references lists them all.
func (d *Document) references() []reference {
	var out []reference
	add := func(path, name, unit string) {
		if name != "" {
			out = append(out, reference{path, name, unit})
		}
	}
	for i, r := range d.Rates {
		add(at("rates", i)+".rate_parameter", r.RateParameter, UnitRate)
		add(at("rates", i)+".flat_parameter", r.FlatParameter, UnitFen)
	}
	for i, c := range d.Caps {
		add(at("caps", i)+".limit_parameter", c.LimitParameter, UnitFen)
	}
	if t := d.MinimumPaid; t != nil {
		add("minimum_paid.ratio_parameter", t.Parameter, UnitRate)
	}
	if t := d.MinimumEnterpriseShare; t != nil {
		add("minimum_enterprise_share.ratio_parameter", t.Parameter, UnitRate)
	}
	if m := d.MinimumSubsidy; m != nil {
		add("minimum_subsidy.amount_parameter", m.Parameter, UnitFen)
	}
	return out
}

// checkFigure wants a figure or a parameter, not both and not neither.
func checkFigure(own int64, parameter, path, field, other string, faults *kernel.Faults) {
	switch {
	case own == 0 && parameter == "":
		faults.Add(path+"."+field, "required", kernel.T("请给出数值，或以 %s 指定参数", "Give a figure, or name a parameter in %s", other))
	case own != 0 && parameter != "":
		faults.Add(path+"."+other, "policy.figure_twice", kernel.T("数值与参数只能给出一个", "Give either a figure or a parameter"))
	}
}
