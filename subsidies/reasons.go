package subsidies

import "yunhui/services/kernel"

// Reason is a coded ground for a return or a refusal; the decision adds a text.
type Reason struct {
	Code string      `json:"code"`
	Text kernel.Text `json:"text"`
}

// Reasons lists the coded grounds in the order the screens show them.
func Reasons() []Reason {
	return []Reason{
		{"evidence_missing", kernel.T("材料缺失或不清晰", "Evidence missing or illegible")},
		{"evidence_mismatch", kernel.T("材料之间不一致", "Documents contradict each other")},
		{"invoice_invalid", kernel.T("发票不符合要求", "Invoice does not qualify")},
		{"payment_unproven", kernel.T("付款凭证不足以证明实际支付", "Payment is not proven")},
		{"outside_window", kernel.T("不在政策期限内", "Outside the policy's dates")},
		{"not_eligible", kernel.T("企业或服务不符合政策条件", "Firm or service not eligible")},
		{"price_unreasonable", kernel.T("价格明显偏离公开标价", "Price far from the public list price")},
		{"double_funding", kernel.T("同一合同已获其他财政资金支持", "The contract has had other public money")},
		{"related_parties", kernel.T("企业与服务商存在关联关系", "Enterprise and provider are related")},
		{"not_recognised", kernel.T("服务商不认可此申请", "The provider does not recognise the claim")},
		{"check_failed", kernel.T("自动核验未通过", "Automatic checks failed")},
		{"objection_upheld", kernel.T("公示期异议成立", "An objection to the notice was upheld")},
		{"other", kernel.T("其他（见说明）", "Other (see the text)")},
	}
}

// KnownReason reports whether the code is one of Reasons.
func KnownReason(code string) bool {
	for _, r := range Reasons() {
		if r.Code == code {
			return true
		}
	}
	return false
}
