package rules

import (
	"maps"
	"slices"
	"strconv"

	"yunhui/services/kernel"
)

const (
	maxChains    = 64
	maxFactBytes = 64
)

// checker gathers faults; it builds a path only once there is a fault, for
// quotes are made by the hundred thousand.
type checker struct {
	faults kernel.Faults
	prefix string
	line   int // 1-based; 0 outside the lines
}

func (c *checker) add(field, code string, message kernel.Text) {
	path := c.prefix + field
	if c.line > 0 {
		path = "lines[" + strconv.Itoa(c.line-1) + "]." + field
	}
	c.faults.Add(path, code, message)
}

func (c *checker) amount(field string, v kernel.Fen) bool {
	switch {
	case v < 0:
		c.add(field, "negative", kernel.T("金额不能为负数", "An amount must not be negative"))
	case v > kernel.MaxFen:
		c.add(field, "too_large", kernel.T("金额超出可处理范围", "The amount is out of range"))
	default:
		return true
	}
	return false
}

func (c *checker) count(field string, v int64) bool {
	if v < 0 {
		c.add(field, "negative", kernel.T("不能为负数", "Must not be negative"))
	}
	return v >= 0
}

func (c *checker) member(field, v string, of []string) {
	if v != "" && !slices.Contains(of, v) {
		c.add(field, "unknown_value", kernel.T("应为以下之一：%v", "Must be one of %v", of))
	}
}

func (c *checker) day(field string, d kernel.Date) {
	if d != "" && !d.Valid() {
		c.add(field, "date", kernel.T("不是有效日期，应如 2020-01-31", "Not a date such as 2020-01-31"))
	}
}

func (c *checker) short(field, v string) {
	if len(v) > maxFactBytes {
		c.add(field, "too_long", kernel.T("最长 %d 字节", "At most %d bytes", maxFactBytes))
	}
}

// Check tells all that is wrong with the facts, by JSON path.
func (f *Facts) Check() error {
	var c checker
	if !f.On.Valid() {
		c.add("on", "date", kernel.T("请给出申请日期，如 2026-11-23", "Give the day of application, such as 2026-11-23"))
	}
	if f.Paid != nil {
		c.amount("paid_fen", *f.Paid)
	}
	f.Enterprise.check(&c)
	f.Agreement.check(&c)
	f.Claim.check(&c)
	f.Used.check(&c)
	switch {
	case len(f.Lines) == 0:
		c.prefix = ""
		c.add("lines", "required", kernel.T("请至少给出一项服务", "Give at least one line"))
	case len(f.Lines) > MaxLines:
		c.prefix = ""
		c.add("lines", "too_many", kernel.T("最多 %d 项", "At most %d lines", MaxLines))
	default:
		f.checkLines(&c)
	}
	return c.faults.Err()
}

func (e *EnterpriseFacts) check(c *checker) {
	c.prefix = "enterprise."
	c.member("size_class", e.SizeClass, SizeClasses)
	c.short("credit_code", e.CreditCode)
	c.short("district", e.District)
	c.short("industry", e.Industry)
	c.short("section", e.Section)
	if len(e.Chains) > maxChains {
		c.add("chains", "too_many", kernel.T("最多 %d 条", "At most %d", maxChains))
	}
	for _, chain := range e.Chains {
		c.short("chains", chain)
	}
	c.day("founded_on", e.FoundedOn)
	if len(e.Stars) > len(Stars) {
		c.add("stars", "too_many", kernel.T("最多 %d 个", "At most %d", len(Stars)))
	}
	for _, star := range e.Stars {
		if !slices.Contains(Stars, star) {
			c.add("stars", "unknown_value", kernel.T("应为以下之一：%v", "Must be one of %v", Stars))
		}
	}
	c.amount("revenue_fen", e.Revenue)
	c.amount("assets_fen", e.Assets)
	c.count("head_count", e.HeadCount)
}

func (a *AgreementFacts) check(c *checker) {
	c.prefix = "agreement."
	c.day("signed_on", a.SignedOn)
	c.day("starts_on", a.StartsOn)
	c.day("ends_on", a.EndsOn)
}

func (m *ClaimFacts) check(c *checker) {
	c.prefix = "claim."
	if m.Invoiced != nil {
		c.amount("invoiced_fen", *m.Invoiced)
	}
	c.day("first_invoice_on", m.FirstInvoiceOn)
	c.day("last_invoice_on", m.LastInvoiceOn)
	c.day("last_paid_on", m.LastPaidOn)
}

func (u *Used) check(c *checker) {
	c.prefix = "used."
	c.amount("this_year_fen", u.ThisYear)
	c.amount("this_policy_fen", u.ThisPolicy)
	c.count("purchases", int64(u.Purchases))
	for _, name := range slices.Sorted(maps.Keys(u.Quotas)) {
		q := u.Quotas[name]
		c.amount("quotas."+name+".used_fen", q.Used)
		if q.Set != nil {
			c.amount("quotas."+name+".set_fen", *q.Set)
		}
	}
	if len(u.ByCategory) == 0 {
		return
	}
	for _, category := range slices.Sorted(maps.Keys(u.ByCategory)) {
		c.amount("by_category_fen."+category, u.ByCategory[category])
	}
}

func (f *Facts) checkLines(c *checker) {
	var total kernel.Fen
	for i := range f.Lines {
		c.line = i + 1
		l := &f.Lines[i]
		sum, ok := l.check(c)
		if ok && total+sum > kernel.MaxFen {
			c.add("list_price_fen", "too_large", kernel.T("各项金额合计超出可处理范围", "The lines add up to more than can be handled"))
			return
		}
		total += sum
	}
}

// check returns the line's whole list price, and whether its amounts are sound.
func (l *Line) check(c *checker) (kernel.Fen, bool) {
	c.member("depth", l.Depth, Depths)
	c.member("class", l.Class, Classes)
	c.member("cost_kind", l.CostKind, CostKinds)
	c.short("category", l.Category)
	list, discount, tax, quantity := c.amount("list_price_fen", l.ListPrice), c.amount("discount_fen", l.Discount), c.amount("tax_fen", l.Tax), c.count("quantity", l.Quantity)
	if !list || !discount || !tax || !quantity {
		return 0, false
	}
	if l.Discount > l.ListPrice {
		c.add("discount_fen", "above_list_price", kernel.T("优惠不能高于标价", "The discount must not exceed the list price"))
		return 0, false
	}
	if l.Tax > l.ListPrice-l.Discount {
		c.add("tax_fen", "above_contract", kernel.T("税额不能高于合同价", "The tax must not exceed the contract price"))
		return 0, false
	}
	sum, err := l.ListPrice.Times(l.times())
	if err != nil || sum > kernel.MaxFen {
		c.add("list_price_fen", "too_large", kernel.T("单价乘数量超出可处理范围", "The price times the quantity is out of range"))
		return 0, false
	}
	return sum, true
}

func (l *Line) times() int64 { return max(l.Quantity, 1) }
