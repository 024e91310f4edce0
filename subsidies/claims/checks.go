package claims

import (
	"context"
	"strings"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// Outcome is what a machine check found.
type Outcome string

// The outcomes. A fail returns the claim; a warning is left to the reviewers.
const (
	Pass Outcome = "pass"
	Warn Outcome = "warn"
	Fail Outcome = "fail"
)

// Finding is the result of one check 核验 on one submission.
type Finding struct {
	ClaimID   kernel.ID `json:"-"`
	Round     int64     `json:"-"`
	Code      string    `json:"code"`
	Outcome   Outcome   `json:"outcome"`
	MessageZH string    `json:"message_zh" gorm:"column:message_zh"`
	MessageEN string    `json:"message_en" gorm:"column:message_en"`
	At        time.Time `json:"at"`
}

// TableName names the table for the store.
func (Finding) TableName() string { return "claim_checks" }

// subject is all that the checks look at.
type subject struct {
	Sheet
	doc      rules.Document
	firm     subsidies.Firm
	provider subsidies.Firm
}

type check struct {
	code string
	run  func(subject) (Outcome, kernel.Text)
}

// checks lists the machine's checks (sources: the redemption rules of Guangdong
// 2020 and Huizhou 2021 as cited in docs/checks.md).
var checks = []check{
	{"amounts", checkAmounts},
	{"buyer", checkBuyer},
	{"dates", checkDates},
	{"invoice_form", checkForms},
	{"paid_share", checkPaidShare},
	{"parties", checkParties},
	{"seller", checkSeller},
}

// RunChecks checks a submitted claim once per submission, stores what was found
// and passes the claim to the provider, or returns it when a check failed. It is
// the handler of Check: repeated or late deliveries change nothing.
func (d *Desk) RunChecks(ctx context.Context, tx *database.Tx, id kernel.ID, round int64) error {
	c, err := get(tx.DB, kernel.System(), id)
	if err != nil {
		return err
	}
	if c.State != subsidies.ClaimSubmitted || c.Round != round {
		return nil
	}
	sheet, err := sheet(tx.DB, c)
	if err != nil {
		return err
	}
	firms, err := d.Registry.Firms(ctx, c.EnterpriseID, c.ProviderID)
	if err != nil {
		return err
	}
	policy, err := d.Policies.Version(ctx, c.PolicyCode, c.PolicyVersion)
	if err != nil {
		return err
	}
	found := inspect(subject{sheet, policy.Document(), firms[c.EnterpriseID], firms[c.ProviderID]})
	act, why := subsidies.ClaimPassChecks, record.Reason{}
	for i := range found {
		found[i].ClaimID, found[i].Round, found[i].At = c.ID, c.Round, tx.Now
		if found[i].Outcome == Fail {
			act, why.Code = subsidies.ClaimFailChecks, "check_failed"
			why.Note = strings.TrimSpace(why.Note + " " + found[i].MessageZH)
		}
	}
	if err := tx.Create(&found).Error; err != nil {
		return err
	}
	t, err := subsidies.ClaimMachine.Find(c.State, act, kernel.RoleSystem)
	if err != nil {
		return err
	}
	return Advance(tx, &c, t, Move{Act: act, Reason: why})
}

func inspect(s subject) []Finding {
	found := make([]Finding, 0, len(checks))
	for _, c := range checks {
		outcome, text := c.run(s)
		found = append(found, Finding{Code: c.code, Outcome: outcome, MessageZH: text.ZH, MessageEN: text.EN})
	}
	return found
}

func checkAmounts(s subject) (Outcome, kernel.Text) {
	var invoiced, paid kernel.Fen
	for _, v := range s.Invoices {
		invoiced += v.Amount
	}
	for _, p := range s.Payments {
		paid += p.Amount
	}
	subsidy, contract := s.Claim.Legs.Subsidy, s.Claim.Legs.Contract()
	switch {
	case invoiced < subsidy:
		return Fail, kernel.T("发票合计 %s 元少于补贴 %s 元", "Invoices of ¥%s are below the subsidy of ¥%s", invoiced.Yuan(), subsidy.Yuan())
	case paid < subsidy:
		return Fail, kernel.T("付款合计 %s 元少于补贴 %s 元", "Payments of ¥%s are below the subsidy of ¥%s", paid.Yuan(), subsidy.Yuan())
	case invoiced < paid:
		return Warn, kernel.T("发票合计 %s 元少于付款 %s 元", "Invoices of ¥%s are below payments of ¥%s", invoiced.Yuan(), paid.Yuan())
	case paid > contract:
		return Warn, kernel.T("付款合计 %s 元超过合同价 %s 元，按合同价计算", "Payments of ¥%s exceed the contract of ¥%s, which counts", paid.Yuan(), contract.Yuan())
	default:
		return Pass, kernel.T("发票 %s 元、付款 %s 元，与合同相符", "Invoices of ¥%s and payments of ¥%s agree with the contract", invoiced.Yuan(), paid.Yuan())
	}
}

func checkDates(s subject) (Outcome, kernel.Text) {
	window := s.doc.Window
	if s.doc.Redemption != (kernel.Period{}) {
		window.To = s.doc.Redemption.To
	}
	for _, v := range s.Invoices {
		if !window.Holds(v.IssuedOn) {
			return Fail, kernel.T("发票 %s 的开票日期 %s 不在政策期限内", "Invoice %s of %s lies outside the policy's dates", v.Number, string(v.IssuedOn))
		}
		if s.Claim.SubmittedAt != nil && v.IssuedOn > kernel.DayOf(*s.Claim.SubmittedAt) {
			return Warn, kernel.T("发票 %s 的开票日期晚于申请日期", "Invoice %s is dated after the submission", v.Number)
		}
	}
	for _, p := range s.Payments {
		if !window.Holds(p.PaidOn) {
			return Fail, kernel.T("付款日期 %s 不在政策期限内", "A payment of %s lies outside the policy's dates", string(p.PaidOn))
		}
	}
	return Pass, kernel.T("发票与付款日期均在政策期限内", "All invoices and payments lie within the policy's dates")
}

func checkForms(s subject) (Outcome, kernel.Text) {
	for _, v := range s.Invoices {
		if v.CheckForm() != nil {
			return Fail, kernel.T("发票号码 %s 不符合编码规则", "Invoice number %s is malformed", v.Number)
		}
	}
	return Pass, kernel.T("发票号码符合编码规则，且全市唯一", "Invoice numbers are well formed and unique in the city")
}

func checkBuyer(s subject) (Outcome, kernel.Text) {
	for _, v := range s.Invoices {
		if !strings.EqualFold(v.BuyerCode, s.firm.CreditCode) {
			return Fail, kernel.T("发票 %s 的购买方 %s 不是申请企业", "The buyer of invoice %s, %s, is not the claimant", v.Number, v.BuyerCode)
		}
	}
	return Pass, kernel.T("购买方均为申请企业", "The buyer of every invoice is the claimant")
}

func checkSeller(s subject) (Outcome, kernel.Text) {
	for _, v := range s.Invoices {
		if !strings.EqualFold(v.SellerCode, s.provider.CreditCode) {
			return Fail, kernel.T("发票 %s 的销售方 %s 不是签约服务商", "The seller of invoice %s, %s, is not the provider", v.Number, v.SellerCode)
		}
	}
	return Pass, kernel.T("销售方均为签约服务商", "The seller of every invoice is the provider")
}

func checkPaidShare(s subject) (Outcome, kernel.Text) {
	need := s.doc.MinimumPaid
	if need == nil {
		return Pass, kernel.T("政策对实付比例没有要求", "The policy asks for no share to be paid")
	}
	least, err := kernel.Rounding{Mode: kernel.RoundUp, Unit: 1}.Of(s.Claim.Legs.Contract(), need.Rate)
	if err != nil || s.Claim.Paid < least {
		return Fail, kernel.T("实付 %s 元，低于合同价的 %s（%s 元）", "Paid ¥%s, below %s of the contract (¥%s)", s.Claim.Paid.Yuan(), need.Rate.Percent(), least.Yuan())
	}
	return Pass, kernel.T("实付 %s 元，达到合同价的 %s", "Paid ¥%s, at least %s of the contract", s.Claim.Paid.Yuan(), need.Rate.Percent())
}

func checkParties(s subject) (Outcome, kernel.Text) {
	for _, p := range s.Payments {
		if (p.Payer != "" && p.Payer != s.firm.Name) || (p.Payee != "" && p.Payee != s.provider.Name) {
			return Warn, kernel.T("付款户名与双方名称不一致，请核对说明", "The names on a payment differ from the parties; look for an explanation")
		}
	}
	return Pass, kernel.T("付款户名与双方一致", "The names on the payments are those of the parties")
}
