package rules

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"yunhui/services/kernel"
)

// Word is one fact that an expression may use.
type Word struct {
	Name  string      `json:"name"`
	Type  string      `json:"type"`
	Label kernel.Text `json:"label"`
}

// word binds a name to the facts. get says false when nobody has told the fact.
type word struct {
	name  string
	typ   *cel.Type
	label kernel.Text
	get   func(v *view) (ref.Val, bool)
}

var words = []word{
	{"on", cel.StringType, kernel.T("申请日期", "day of application"), func(v *view) (ref.Val, bool) { return types.String(v.f.On), true }},

	textWord("enterprise.credit_code", "统一社会信用代码", "credit code", func(f *Facts) string { return f.Enterprise.CreditCode }),
	textWord("enterprise.district", "所在区县", "district", func(f *Facts) string { return f.Enterprise.District }),
	textWord("enterprise.size_class", "企业规模（大、中、小、微）", "size class (large, medium, small, micro)", func(f *Facts) string { return f.Enterprise.SizeClass }),
	textWord("enterprise.industry", "所属行业（划型标准）", "industry of the size standard", func(f *Facts) string { return f.Enterprise.Industry }),
	textWord("enterprise.section", "国民经济行业门类", "section of GB/T 4754", section),
	textWord("enterprise.founded_on", "成立日期", "day of foundation", func(f *Facts) string { return string(f.Enterprise.FoundedOn) }),
	{"enterprise.chains", cel.ListType(cel.StringType), kernel.T("所属产业链", "industrial chains"), chains},
	{"enterprise.age_months", cel.IntType, kernel.T("成立日期", "day of foundation"), ageMonths},
	numberWord("enterprise.revenue_fen", "上年营业收入", "revenue of last year", func(f *Facts) int64 { return int64(f.Enterprise.Revenue) }),
	numberWord("enterprise.assets_fen", "资产总额", "total assets", func(f *Facts) int64 { return int64(f.Enterprise.Assets) }),
	numberWord("enterprise.head_count", "从业人员数", "head-count", func(f *Facts) int64 { return f.Enterprise.HeadCount }),
	{"enterprise.verified", cel.BoolType, kernel.T("是否已通过认证", "whether verified"), func(v *view) (ref.Val, bool) {
		return types.Bool(v.f.Enterprise.Verified), v.registered() || v.f.Enterprise.Verified
	}},
	flagWord("enterprise.blacklisted", "是否列入严重失信名单", "whether on the list of serious dishonesty", func(f *Facts) bool { return f.Enterprise.Blacklisted }),
	flagWord("enterprise.fiscal_violation", "近五年是否有严重财政违法行为", "whether a serious fiscal violation lies within five years", func(f *Facts) bool { return f.Enterprise.Violation }),
	{"enterprise.star", cel.IntType, kernel.T("上云星级（最高，未评为 0）", "star rating (the highest, 0 for none)"), func(v *view) (ref.Val, bool) {
		return types.Int(v.f.Enterprise.star()), len(v.f.Enterprise.Stars) > 0 || v.registered()
	}},
	{"enterprise.stars", cel.ListType(cel.IntType), kernel.T("已获的各级上云星级", "star ratings held"), func(v *view) (ref.Val, bool) {
		return adapter.NativeToValue(v.f.Enterprise.Stars), len(v.f.Enterprise.Stars) > 0 || v.registered()
	}},
	flagWord("enterprise.is_provider", "本身是否为入库服务商", "whether itself an admitted provider", func(f *Facts) bool { return f.Enterprise.IsProvider }),

	textWord("provider.credit_code", "服务商统一社会信用代码", "credit code of the provider", func(f *Facts) string { return f.Provider.CreditCode }),
	textWord("provider.district", "服务商所在地", "district of the provider", func(f *Facts) string { return f.Provider.District }),
	{"provider.admitted", cel.BoolType, kernel.T("服务商是否入库", "whether the provider is admitted"), func(v *view) (ref.Val, bool) {
		return types.Bool(v.f.Provider.Admitted), v.f.Provider.Admitted || v.f.Provider.CreditCode != ""
	}},
	{"provider.group", cel.StringType, kernel.T("服务商所在分组", "group of the provider"), func(v *view) (ref.Val, bool) {
		return types.String(v.doc.groupOf(v.f.Provider.CreditCode)), v.f.Provider.CreditCode != ""
	}},
	flagWord("provider.related", "服务商与企业是否为关联方", "whether provider and enterprise are related parties", func(f *Facts) bool { return f.Provider.Related }),

	dayWord("agreement.signed_on", "合同签订日期", "day of the contract", func(f *Facts) kernel.Date { return f.Agreement.SignedOn }),
	dayWord("agreement.starts_on", "服务开始日期", "first day of service", func(f *Facts) kernel.Date { return f.Agreement.StartsOn }),
	dayWord("agreement.ends_on", "服务结束日期", "last day of service", func(f *Facts) kernel.Date { return f.Agreement.EndsOn }),
	{"agreement.months", cel.IntType, kernel.T("服务期（足月）", "term of service in whole months"), func(v *view) (ref.Val, bool) {
		a := &v.f.Agreement
		if a.StartsOn == "" || a.EndsOn == "" {
			return nil, false
		}
		return types.Int(monthsBetween(a.StartsOn, a.EndsOn.AddDays(1))), true
	}},
	{"claim.invoiced_fen", cel.IntType, kernel.T("已开发票金额", "amount invoiced"), func(v *view) (ref.Val, bool) {
		if v.f.Claim.Invoiced == nil {
			return nil, false
		}
		return types.Int(*v.f.Claim.Invoiced), true
	}},
	dayWord("claim.first_invoice_on", "最早开票日期", "day of the first invoice", func(f *Facts) kernel.Date { return f.Claim.FirstInvoiceOn }),
	dayWord("claim.last_invoice_on", "最晚开票日期", "day of the last invoice", func(f *Facts) kernel.Date { return f.Claim.LastInvoiceOn }),
	dayWord("claim.last_paid_on", "最晚付款日期", "day of the last payment", func(f *Facts) kernel.Date { return f.Claim.LastPaidOn }),

	{"lines", cel.ListType(cel.ObjectType(lineType)), kernel.T("购买的服务", "the services bought"), func(v *view) (ref.Val, bool) { return v.lineList(), true }},
	amountWord("total.list_price_fen", "标价合计", "total list price", func(v *view) kernel.Fen { return v.list }),
	amountWord("total.contract_fen", "合同价合计", "total contract price", func(v *view) kernel.Fen { return v.contract }),
	{"total.paid_fen", cel.IntType, kernel.T("已付金额", "amount paid"), func(v *view) (ref.Val, bool) {
		if v.f.Paid == nil {
			return nil, false
		}
		return types.Int(*v.f.Paid), true
	}},
	amountWord("used.this_year_fen", "本年度已获补贴", "granted this year", func(v *view) kernel.Fen { return v.f.Used.ThisYear }),
	amountWord("used.this_policy_fen", "本政策累计已获补贴", "granted under this policy", func(v *view) kernel.Fen { return v.f.Used.ThisPolicy }),
	{"used.purchases", cel.IntType, kernel.T("此前已获补贴的购买次数", "earlier subsidised purchases"), func(v *view) (ref.Val, bool) { return types.Int(v.f.Used.Purchases), true }},
}

var wordIndex = func() map[string]*word {
	m := make(map[string]*word, len(words))
	for i := range words {
		m[words[i].name] = &words[i]
	}
	return m
}()

// Vocabulary lists the facts an expression may use, those of a line last.
func Vocabulary() []Word {
	out := make([]Word, 0, len(words)+len(lineFields))
	for _, w := range words {
		out = append(out, Word{w.name, w.typ.String(), w.label})
	}
	for _, w := range lineFields {
		out = append(out, Word{"lines[]." + w.name, w.typ.String(), w.label})
	}
	return out
}

func textWord(name, zh, en string, get func(*Facts) string) word {
	return word{name, cel.StringType, both(zh, en), func(v *view) (ref.Val, bool) {
		s := get(v.f)
		return types.String(s), s != ""
	}}
}

func dayWord(name, zh, en string, get func(*Facts) kernel.Date) word {
	return textWord(name, zh, en, func(f *Facts) string { return string(get(f)) })
}

func numberWord(name, zh, en string, get func(*Facts) int64) word {
	return word{name, cel.IntType, both(zh, en), func(v *view) (ref.Val, bool) {
		n := get(v.f)
		return types.Int(n), n != 0 || v.registered()
	}}
}

func amountWord(name, zh, en string, get func(*view) kernel.Fen) word {
	return word{name, cel.IntType, both(zh, en), func(v *view) (ref.Val, bool) { return types.Int(get(v)), true }}
}

// flagWord is a fact that is false until somebody says otherwise.
func flagWord(name, zh, en string, get func(*Facts) bool) word {
	return word{name, cel.BoolType, both(zh, en), func(v *view) (ref.Val, bool) { return types.Bool(get(v.f)), true }}
}

// sectionOf is the one section of GB/T 4754 that a row of the size standard lies
// in; the rows that span several are not in it.
var sectionOf = map[string]string{
	"agriculture": "A", "construction": "E", "wholesale": "F", "retail": "F", "transport": "G", "warehousing": "G", "post": "G",
	"accommodation": "H", "catering": "H", "information_transmission": "I", "software": "I", "real_estate": "K", "property_management": "K",
	"leasing_business": "L",
}

func section(f *Facts) string {
	if f.Enterprise.Section != "" {
		return f.Enterprise.Section
	}
	return sectionOf[f.Enterprise.Industry]
}

func chains(v *view) (ref.Val, bool) {
	list := v.f.Enterprise.Chains
	return types.NewStringList(adapter, list), len(list) > 0 || v.registered()
}

func ageMonths(v *view) (ref.Val, bool) {
	born := v.f.Enterprise.FoundedOn
	if born == "" {
		return nil, false
	}
	return types.Int(monthsBetween(born, v.f.On)), true
}

// monthsBetween counts whole months; it is negative when to lies before from.
func monthsBetween(from, to kernel.Date) int64 {
	if to < from {
		return -monthsBetween(to, from)
	}
	n := (int64(to.Year())-int64(from.Year()))*12 + month(to) - month(from)
	if from.AddMonths(int(n)) > to {
		n--
	}
	return n
}

func month(d kernel.Date) int64 { return int64(d[5]-'0')*10 + int64(d[6]-'0') }
