package claims

import (
	"context"
	"fmt"
	"strings"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// Submit hands a claim in. It refuses an unfinished one with all its faults, a
// second use of an invoice (invoice.used) or of a contract (contract.used), and a
// claim that would get nothing (claim.not_eligible), each naming what to mend.
func (d *Desk) Submit(ctx context.Context, id kernel.ID, version int64, truthful bool) (subsidies.Claim, error) {
	seen, err := d.Get(ctx, kernel.CallFrom(ctx).Actor, id)
	if err != nil {
		return seen, err
	}
	firms, err := d.Registry.Firms(ctx, seen.EnterpriseID, seen.ProviderID)
	if err != nil {
		return seen, err
	}
	return database.Do(ctx, d.DB, "claim.submit", func(tx *database.Tx) (subsidies.Claim, error) {
		c, t, err := Find(tx, id, version, subsidies.ClaimSubmit)
		if err != nil {
			return c, err
		}
		policy, err := d.Policies.Version(tx.Context(), c.PolicyCode, c.PolicyVersion)
		if err != nil {
			return c, err
		}
		if err := touch(tx, c); err != nil { // from here on nothing is attached or taken off
			return c, err
		}
		s, err := sheet(tx.DB, c)
		if err != nil {
			return c, err
		}
		if err := complete(s, policy.Document(), truthful); err != nil {
			return c, err
		}
		legs, err := d.reckon(tx, policy, s, firms)
		if err != nil {
			return c, err
		}
		if err := useInvoices(tx, s); err != nil {
			return c, err
		}
		err = submitted(tx, &c, t, legs)
		return c, err
	})
}

func submitted(tx *database.Tx, c *subsidies.Claim, t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], legs subsidies.Legs) error {
	key := subsidies.ContractKey(c.ProviderID, c.ContractNumber)
	columns := map[string]any{
		"round": c.Round + 1, "commitment_at": tx.Now, "contract_key": key,
		"list_price_fen": legs.ListPrice, "discount_fen": legs.ProviderDiscount, "subsidy_fen": legs.Subsidy,
		"municipal_fen": legs.Municipal, "district_fen": legs.District, "enterprise_fen": legs.EnterpriseShare,
	}
	if c.SubmittedAt == nil { // the fair timestamp is that of the first submission
		columns["submitted_at"], c.SubmittedAt = tx.Now, &tx.Now
	}
	c.Round, c.CommitmentAt, c.Legs = c.Round+1, &tx.Now, legs
	err := Advance(tx, c, t, Move{Act: subsidies.ClaimSubmit, Columns: columns})
	if database.IsDuplicate(err) {
		var f kernel.Faults
		f.Add("contract_number", "contract.used", kernel.T("该合同已用于另一份申请，同一合同只能补贴一次", "This contract supports another claim; a contract is subsidised once"))
		return f.Err()
	}
	if err != nil {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Check, Subject: c.ID, Payload: Event{State: c.State, Round: c.Round}})
}

// complete gathers everything that is still missing or malformed.
func complete(s Sheet, doc rules.Document, truthful bool) error {
	var f kernel.Faults
	missing := kernel.T("请填写此项", "Please fill this in")
	f.Check(truthful, "truthful", "commitment.required", kernel.T("请确认真实性承诺", "Please make the truthfulness commitment"))
	f.Check(strings.TrimSpace(s.Claim.ContractNumber) != "", "contract_number", "field.required", missing)
	f.Check(strings.TrimSpace(s.Claim.ContractNumber) == "" || subsidies.ContractKey(s.Claim.ProviderID, s.Claim.ContractNumber) != "", "contract_number", "contract.number_form", kernel.T("合同编号应含有字母或数字", "A contract number has letters or digits"))
	f.Check(s.Claim.ContractSignedOn != nil, "contract_signed_on", "field.required", missing)
	f.Check(len(s.Invoices) > 0, "invoices", "field.required", kernel.T("请至少填写一张发票", "Give at least one invoice"))
	f.Check(len(s.Payments) > 0, "payments", "field.required", kernel.T("请至少填写一笔付款", "Give at least one payment"))
	seen := map[string]int{}
	for i, v := range s.Invoices {
		at := fmt.Sprintf("invoices[%d].", i)
		if e := kernel.AsError(v.CheckForm()); e != nil {
			for _, bad := range e.Fields {
				f.Add(at+bad.Path, bad.Code, bad.Message)
			}
		}
		if first, twice := seen[v.Key()]; twice {
			f.Add(at+"number", "invoice.repeated", kernel.T("与第 %d 张发票相同", "The same as invoice %d", first+1))
		}
		seen[v.Key()] = i
		f.Check(v.IssuedOn != "", at+"issued_on", "field.required", missing)
		f.Check(v.SellerCode != "", at+"seller_code", "field.required", missing)
		f.Check(v.BuyerCode != "", at+"buyer_code", "field.required", missing)
		f.Check(v.Amount > 0 && v.Tax <= v.Amount, at+"amount_fen", "amount.range", kernel.T("金额应大于零且不小于税额", "The amount must be above zero and not below the tax"))
	}
	for i, p := range s.Payments {
		at := fmt.Sprintf("payments[%d].", i)
		f.Check(p.PaidOn != "", at+"paid_on", "field.required", missing)
		f.Check(p.Amount > 0, at+"amount_fen", "amount.range", kernel.T("金额应大于零", "The amount must be above zero"))
	}
	attached := map[string]bool{}
	for _, e := range s.Evidence {
		attached[string(e.Kind)] = true
	}
	for _, kind := range doc.Evidence {
		f.Check(attached[kind], "evidence."+kind, "evidence.missing", kernel.T("缺少政策要求的材料", "Evidence that the policy requires is missing"))
	}
	return f.Err()
}

// reckon computes the claim's legs from what was paid, bounded by what the
// agreement has reserved, and stores the computation.
func (d *Desk) reckon(tx *database.Tx, policy *rules.Policy, s Sheet, firms map[kernel.ID]subsidies.Firm) (subsidies.Legs, error) {
	var a subsidies.Agreement
	if err := tx.Where("id = ?", s.Claim.AgreementID).Take(&a).Error; err != nil {
		return subsidies.Legs{}, err
	}
	if s.Claim.SubmittedAt == nil { // a correction is never too late: the clock is paused
		if a.RunOut(tx.Today()) {
			return subsidies.Legs{}, runOut()
		}
		if err := redeemable(policy.Document().Redemption, tx.Today()); err != nil {
			return subsidies.Legs{}, err
		}
	}
	facts, err := factsOf(tx, policy.Document(), s, a, firms)
	if err != nil {
		return subsidies.Legs{}, err
	}
	result, err := policy.Quote(facts)
	if err != nil {
		return subsidies.Legs{}, err
	}
	if !result.Eligible || result.Legs.Subsidy == 0 {
		return subsidies.Legs{}, notEligible(result)
	}
	legs := Within(result.Legs, a.Legs)
	if err := legs.Conserved(); err != nil {
		return legs, err
	}
	return legs, record.Explain(tx, record.Claim, s.Claim.ID, record.Computation{Facts: facts, Result: result, Legs: legs})
}

// redeemable refuses (claim.outside_redemption) a claim handed in before or after
// the days of redemption.
func redeemable(days kernel.Period, on kernel.Date) error {
	switch {
	case days.Holds(on):
		return nil
	case days.From != "" && on < days.From:
		return kernel.Conflict("claim.outside_redemption", kernel.T("兑付期自 %s 起，请届时提交", "Redemption begins on %s; hand the claim in then", string(days.From)))
	default:
		return kernel.Conflict("claim.outside_redemption", kernel.T("兑付期已于 %s 截止", "Redemption ended on %s", string(days.To)))
	}
}

func factsOf(tx *database.Tx, doc rules.Document, s Sheet, a subsidies.Agreement, firms map[kernel.ID]subsidies.Firm) (rules.Facts, error) {
	draw := quotes.Draw{Policy: a.PolicyCode, Firm: a.EnterpriseID, Provider: a.ProviderID, Year: a.BudgetYear, Category: a.Category}
	used, err := draw.Used(tx.DB, doc, a.Legs.Subsidy, 1)
	if err != nil {
		return rules.Facts{}, err
	}
	var paid, tax kernel.Fen
	for _, p := range s.Payments {
		paid += p.Amount
	}
	for _, v := range s.Invoices {
		tax += v.Tax
	}
	fresh, err := agreements.FirstUse(tx.DB, doc, a)
	if err != nil {
		return rules.Facts{}, err
	}
	paid = min(paid, a.Legs.Contract())
	line := rules.Line{Category: a.Category, Depth: a.Depth, Class: a.Class, ListPrice: a.Legs.ListPrice, Discount: a.Legs.ProviderDiscount, Tax: min(tax, a.Legs.Contract()), Quantity: 1, FirstUse: fresh}
	return rules.Facts{
		On: kernel.DayOf(a.CreatedAt), Enterprise: quotes.EnterpriseFacts(firms[a.EnterpriseID]), Provider: quotes.ProviderFacts(firms[a.ProviderID]),
		Agreement: agreementFacts(s, a), Claim: claimFacts(s), Lines: []rules.Line{line}, Used: used, Paid: &paid,
	}, nil
}

func agreementFacts(s Sheet, a subsidies.Agreement) rules.AgreementFacts {
	facts := rules.AgreementFacts{StartsOn: a.StartsOn, EndsOn: a.EndsOn}
	if s.Claim.ContractSignedOn != nil {
		facts.SignedOn = *s.Claim.ContractSignedOn
	}
	return facts
}

// claimFacts sums up what the claim brings forward.
func claimFacts(s Sheet) rules.ClaimFacts {
	var facts rules.ClaimFacts
	var invoiced kernel.Fen
	for _, v := range s.Invoices {
		invoiced += v.Amount
		if facts.FirstInvoiceOn == "" || v.IssuedOn < facts.FirstInvoiceOn {
			facts.FirstInvoiceOn = v.IssuedOn
		}
		facts.LastInvoiceOn = max(facts.LastInvoiceOn, v.IssuedOn)
	}
	for _, p := range s.Payments {
		facts.LastPaidOn = max(facts.LastPaidOn, p.PaidOn)
	}
	invoiced = min(invoiced, kernel.MaxFen)
	facts.Invoiced = &invoiced
	return facts
}

// Within bounds legs by a reservation: no level of government pays more than it
// has set aside, and the enterprise bears the difference.
func Within(computed, reserved subsidies.Legs) subsidies.Legs {
	l := computed
	l.Municipal = min(l.Municipal, reserved.Municipal)
	l.District = min(l.District, reserved.District)
	l.Subsidy = l.Municipal + l.District
	l.EnterpriseShare = l.ListPrice - l.ProviderDiscount - l.Subsidy
	return l
}

func notEligible(result rules.Result) error {
	e := kernel.Conflict("claim.not_eligible", kernel.T("按所填内容不符合政策条件，请查看各项原因", "By what was filled in the claim does not meet the policy; see the reasons"))
	for _, found := range result.Eligibility {
		if !found.Passed {
			e.Fields = append(e.Fields, kernel.Field{Path: "eligibility", Code: "clause." + found.Clause, Message: found.Reason})
		}
	}
	return e
}

type invoiceUse struct {
	NumberKey string
	ClaimID   kernel.ID
	CreatedAt time.Time
}

func (invoiceUse) TableName() string { return "invoice_uses" }

// useInvoices claims every invoice for this claim, for ever; a corrected number
// frees the one it replaces. The unique key is law 4.
func useInvoices(tx *database.Tx, s Sheet) error {
	keys := make([]string, len(s.Invoices))
	for i, v := range s.Invoices {
		keys[i] = v.Key()
	}
	if err := tx.Where("claim_id = ? AND number_key NOT IN ?", s.Claim.ID, keys).Delete(&invoiceUse{}).Error; err != nil {
		return err
	}
	var mine []string
	if err := tx.Model(&invoiceUse{}).Where("claim_id = ?", s.Claim.ID).Pluck("number_key", &mine).Error; err != nil {
		return err
	}
	held := map[string]bool{}
	for _, k := range mine {
		held[k] = true
	}
	var f kernel.Faults
	for i, key := range keys {
		if held[key] {
			continue
		}
		err := tx.Create(&invoiceUse{NumberKey: key, ClaimID: s.Claim.ID, CreatedAt: tx.Now}).Error
		switch {
		case database.IsDuplicate(err):
			f.Add(fmt.Sprintf("invoices[%d].number", i), "invoice.used", kernel.T("该发票已用于另一份申请，一张发票只能使用一次", "This invoice supports another claim; an invoice is used once"))
		case err != nil:
			return err
		}
	}
	return f.Err()
}
