package registry

import (
	"fmt"
	"strings"

	"yunhui/services/kernel"
)

// figure writes a figure with its unit: 120人, 2000万元.
func (r IndicatorResult) figure(n int64) kernel.Text {
	if r.Indicator == HeadCount {
		return kernel.Text{ZH: fmt.Sprintf("%d人", n), EN: grouped(n)}
	}
	return kernel.Text{ZH: wan(n) + "万元", EN: yuan(n)}
}

// explain says which bound the figure reached and which it missed.
func explain(r IndicatorResult) kernel.Text {
	var zh, en []string
	if r.Floor != nil {
		f := r.figure(*r.Floor)
		zh = append(zh, fmt.Sprintf("达到%s下限%s", short(r.Class), f.ZH))
		en = append(en, fmt.Sprintf("reaches the bound of %s for %s", f.EN, r.Class))
	}
	if r.Next != nil {
		above := SizeClasses()[r.Class.Rank()+1]
		f := r.figure(*r.Next)
		zh = append(zh, fmt.Sprintf("未达%s下限%s", short(above), f.ZH))
		en = append(en, fmt.Sprintf("is below the bound of %s for %s", f.EN, above))
	}
	value := r.figure(r.Value)
	return kernel.Text{
		ZH: fmt.Sprintf("%s%s：%s，单看此项为%s", r.Name.ZH, value.ZH, strings.Join(zh, "，"), short(r.Class)),
		EN: fmt.Sprintf("%s of %s %s: %s by this figure alone", r.Name.EN, value.EN, strings.Join(en, " and "), r.Class),
	}
}

// conclusion names the class, the rule and the figures that decided.
func conclusion(c Classification) kernel.Text {
	var zh, en []string
	for _, r := range c.Indicators {
		if r.Decided {
			zh = append(zh, r.Name.ZH)
			en = append(en, strings.ToLower(r.Name.EN))
		}
	}
	rule := kernel.T("各项下限须同时满足，以较低者为准", "every bound must be met, so the lowest figure decides")
	if len(c.Indicators) == 1 {
		rule = kernel.T("本行业只看一项指标", "this industry has a single figure")
	}
	return kernel.Text{
		ZH: fmt.Sprintf("按%s（%s）“%s”一栏，%s：由%s决定，划为%s", c.StandardName.ZH, c.Document, c.IndustryName.ZH, rule.ZH, strings.Join(zh, "、"), c.Name.ZH),
		EN: fmt.Sprintf("By the %s (%s), row %q: %s; decided by %s, this is a %s", lowerFirst(c.StandardName.EN), c.Document, c.IndustryName.EN, rule.EN, strings.Join(en, " and "), lowerFirst(c.Name.EN)),
	}
}

// short is the class without the word for enterprise: 中型.
func short(c SizeClass) string { return strings.TrimSuffix(c.Name().ZH, "企业") }

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// wan writes fen in 万元, exactly and without trailing zeros.
func wan(fen int64) string {
	s := fmt.Sprintf("%d.%06d", fen/fenPerWan, fen%fenPerWan)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// yuan writes fen as yuan with thousands grouped, for English readers.
func yuan(fen int64) string {
	s := "CNY " + grouped(fen/100)
	if rest := fen % 100; rest != 0 {
		s += fmt.Sprintf(".%02d", rest)
	}
	return s
}

func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
