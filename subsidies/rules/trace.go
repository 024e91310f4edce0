package rules

import (
	"math/bits"
	"strconv"

	"yunhui/services/kernel"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// ordinal turns the 0-based index of a path into the 1-based number people use.
func ordinal(index string) string {
	n, err := strconv.Atoi(index)
	if err != nil {
		return index
	}
	return strconv.Itoa(n + 1)
}

func money(f kernel.Fen) string { return string(appendMoney(nil, f)) }

// appendMoney writes "¥100,000.00"; the same form serves both languages.
func appendMoney(b []byte, f kernel.Fen) []byte {
	u := uint64(f)
	if f < 0 {
		b, u = append(b, '-'), -u
	}
	b = append(b, "¥"...)
	b = appendGrouped(b, u/100)
	return append(b, '.', byte('0'+u%100/10), byte('0'+u%10))
}

func appendGrouped(b []byte, n uint64) []byte {
	var digits [20]byte
	s := strconv.AppendUint(digits[:0], n, 10)
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, d)
	}
	return b
}

// appendProduct writes "¥33,333.33 × 20% = ¥6,666.666 → ¥6,666.66": the exact
// product, and what rounding made of it when they differ.
func appendProduct(b []byte, f kernel.Fen, rate kernel.Rate, rounded kernel.Fen) []byte {
	b = appendMoney(b, f)
	b = append(b, " × "...)
	b = appendPercent(b, rate)
	b = append(b, " = "...)
	hi, lo := bits.Mul64(uint64(f), uint64(rate))
	q, rem := bits.Div64(hi, lo, uint64(kernel.Whole))
	b = appendMoney(b, kernel.Fen(q))
	if rem == 0 && kernel.Fen(q) == rounded {
		return b
	}
	for scale := uint64(1000); rem > 0; scale /= 10 {
		b = append(b, byte('0'+rem/scale))
		rem %= scale
	}
	return appendRounded(b, rounded)
}

func appendRounded(b []byte, f kernel.Fen) []byte { return appendMoney(append(b, " → "...), f) }

func appendPercent(b []byte, r kernel.Rate) []byte {
	if r%100 == 0 {
		return append(strconv.AppendInt(b, int64(r/100), 10), '%')
	}
	return append(b, r.Percent()...)
}

// note adds a step whose formula is what has been written to the buffer.
func (w *work) note(clause string, line int, label kernel.Text, formula []byte, value kernel.Fen) {
	s := string(formula)
	w.buf = formula[:0]
	w.trace = append(w.trace, Step{Clause: clause, Line: line, Label: label, Formula: kernel.Text{ZH: s, EN: s}, Unit: UnitFen, Value: int64(value)})
}

// The labels of steps.
var (
	labelContract     = kernel.T("合同价 = 标价 − 服务商优惠", "Contract price = list price − provider's discount")
	labelBasePaid     = kernel.T("按实付金额计的补贴基数", "Base by the amount paid")
	labelBaseTax      = kernel.T("扣除可抵扣增值税后的补贴基数", "Base without deductible VAT")
	labelExcluded     = kernel.T("该类别不计入补贴基数", "The category is excluded from the base")
	labelExcludedKind = kernel.T("该类费用不计入补贴基数", "This kind of cost is excluded from the base")
	labelInUse        = kernel.T("此前已在使用，不属于新上云", "Already in use before: not a new use")
	labelQuotaSet     = kernel.T("由主管部门调整后的额度", "Quota as set by the authority")
	labelExclusive    = kernel.T("同组互斥产品只补贴一种", "Of these product families only one is subsidised")
	labelUncovered    = kernel.T("不在补贴范围内", "Not covered")
	labelUndecided    = kernel.T("缺少事实，暂不计补贴", "Facts are missing; nothing reckoned yet")
	labelRate         = kernel.T("按比例补贴", "Subsidy by rate")
	labelBand         = kernel.T("按分档比例补贴", "Subsidy by band")
	labelBandSum      = kernel.T("各档合计", "Sum of the bands")
	labelFlat         = kernel.T("定额补贴，且不超过补贴基数", "Flat amount, at most the base")
	labelSum          = kernel.T("各项合计", "Sum of the lines")
	labelRound        = kernel.T("按政策取整", "Rounded as the policy says")
	labelCapped       = kernel.T("取各上限中最低者", "The lowest of the limits")
	labelShareCap     = kernel.T("上限：企业最低自付比例", "Limit: least share of the enterprise")
	labelBaseCap      = kernel.T("上限：补贴基数", "Limit: the base")
	labelPaidCap      = kernel.T("上限：实付金额", "Limit: the amount paid")
	labelNotMet       = kernel.T("条件未全部满足，补贴为零", "Not all conditions are met: no subsidy")
	labelMunicipal    = kernel.T("市级承担", "Paid by the city")
	labelDistrict     = kernel.T("区县承担", "Paid by the district")
	labelAllCity      = kernel.T("政策未规定区县分担，全部记为市级", "No sharing laid down; all is the city's")
	labelEnterprise   = kernel.T("企业自付 = 标价 − 服务商优惠 − 政府补贴", "Enterprise share = list price − discount − subsidy")

	capLabels = map[string]kernel.Text{
		CapClaim:            kernel.T("上限：单次申请", "Limit: one claim"),
		CapEnterpriseYear:   kernel.T("上限：企业年度，减去本年度已获补贴", "Limit: enterprise and year, less what was granted this year"),
		CapEnterprisePolicy: kernel.T("上限：企业在本政策下累计，减去已获补贴", "Limit: enterprise under this policy, less what was granted"),
		CapCategory:         kernel.T("上限：所列类别，减去该类别已获补贴", "Limit: the categories named, less what was granted for them"),
		CapProviderYear:     kernel.T("服务商年度额度剩余 = 额度 − 已占用", "What the provider's quota of the year leaves"),
		CapProviderPolicy:   kernel.T("服务商额度剩余 = 额度 − 已占用", "What the provider's quota leaves"),
		CapPolicyCategory:   kernel.T("所列类别总额度剩余 = 额度 − 已占用", "What the ceiling of the categories leaves"),
	}
)
