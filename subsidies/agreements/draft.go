package agreements

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// Draft asks for a new agreement, from a proposal or straight from a plan.
type Draft struct {
	Policy   string
	Proposal kernel.ID // or:
	Offer    kernel.ID
	Plan     kernel.ID
	Quantity int64
	StartsOn kernel.Date
	EndsOn   kernel.Date
}

// Changed is the outbox kind that tells the parties an agreement has moved.
const Changed = "agreement.changed"

// Draft drafts an agreement for the actor's enterprise; the provider confirms
// next. A proposal gives one agreement only (agreement.exists).
func (d *Desk) Draft(ctx context.Context, who kernel.Actor, in Draft) (subsidies.Agreement, error) {
	if err := who.Require(kernel.RoleEnterprise); err != nil {
		return subsidies.Agreement{}, err
	}
	terms, err := d.terms(ctx, who, in)
	if err != nil {
		return subsidies.Agreement{}, err
	}
	firms, err := d.Registry.Firms(ctx, who.Org, terms.listed.ProviderID)
	if err != nil {
		return subsidies.Agreement{}, err
	}
	firm, provider := firms[who.Org], firms[terms.listed.ProviderID]
	if firm.ID == "" || provider.ID == "" {
		return subsidies.Agreement{}, kernel.NotFound(kernel.T("企业或服务商", "enterprise or provider"))
	}
	return database.Do(ctx, d.DB, "agreement.draft", func(tx *database.Tx) (subsidies.Agreement, error) {
		policy, err := d.Policies.Current(tx.Context(), in.Policy, tx.Today())
		if err != nil {
			return subsidies.Agreement{}, err
		}
		if policy.Document().Kind == rules.KindReference {
			return subsidies.Agreement{}, kernel.Conflict("policy.reference", kernel.T("该政策仅供参考，不能据此申请", "This policy is for reference only; nothing can be claimed under it"))
		}
		a := newAgreement(tx, firm, terms, in)
		a.PolicyVersion = policy.Document().Version
		if err := estimate(tx, policy, firm, provider, &a); err != nil {
			return a, err
		}
		if err := tx.Create(&a).Error; err != nil {
			if database.IsDuplicate(err) {
				return a, kernel.Conflict("agreement.exists", kernel.T("该方案已生成协议", "This proposal already has its agreement"))
			}
			return a, err
		}
		if err := record.Add(tx, record.Agreement, a.ID, string(subsidies.AgreementDraft), "", string(a.State), record.Reason{}); err != nil {
			return a, err
		}
		if err := audit.Record(tx, audit.Entry{Action: "agreement.draft", ObjectKind: "agreement", ObjectID: string(a.ID), Detail: a.Legs}); err != nil {
			return a, err
		}
		return a, queue.Send(tx, queue.Message{Kind: Changed, Subject: a.ID, Payload: Event{State: a.State}})
	})
}

// Event is the payload of Changed.
type Event struct {
	State subsidies.AgreementState `json:"state"`
}

type terms struct {
	listed    subsidies.Listed
	quantity  int64
	listPrice kernel.Fen
	discount  kernel.Fen
	proposal  *kernel.ID
}

func (d *Desk) terms(ctx context.Context, who kernel.Actor, in Draft) (terms, error) {
	var f kernel.Faults
	f.Check(in.StartsOn.Valid(), "starts_on", "date.invalid", kernel.T("请填写开始日期", "Give the first day"))
	f.Check(in.EndsOn.Valid() && in.EndsOn > in.StartsOn, "ends_on", "date.order", kernel.T("结束日期应晚于开始日期", "The last day must follow the first"))
	f.Check(in.StartsOn >= "2000-01-01" && in.EndsOn <= "2100-01-01", "starts_on", "date.range", kernel.T("日期超出范围", "Date out of range"))
	f.Check((in.Proposal == "") != (in.Offer == ""), "proposal_id", "agreement.source", kernel.T("请选择一份方案或一项服务规格", "Choose either a proposal or a plan"))
	if in.Proposal == "" {
		f.Check(in.Quantity >= 1 && in.Quantity <= 100_000, "quantity", "quantity.range", kernel.T("数量应为 1 至 100000", "Quantity must be 1 to 100,000"))
	}
	if err := f.Err(); err != nil {
		return terms{}, err
	}
	if in.Proposal != "" {
		p, err := d.Market.Proposal(ctx, who.Org, in.Proposal)
		return terms{listed: p.Listed, quantity: p.Quantity, listPrice: p.ListPrice, discount: p.Discount, proposal: &in.Proposal}, err
	}
	listed, err := d.Market.Plan(ctx, in.Offer, in.Plan)
	if err != nil {
		return terms{}, err
	}
	total, err := listed.Price.Times(in.Quantity)
	if err != nil || total > kernel.MaxFen {
		return terms{}, kernel.Invalid("price.range", kernel.T("金额超出范围", "Amount out of range"))
	}
	return terms{listed: listed, quantity: in.Quantity, listPrice: total}, nil
}

func newAgreement(tx *database.Tx, firm subsidies.Firm, t terms, in Draft) subsidies.Agreement {
	id := kernel.NewID(tx.Now)
	state := subsidies.AgreementMachine.Initial
	return subsidies.Agreement{
		ID: id, Number: Number("A", id, tx.Today().Year()), EnterpriseID: firm.ID, ProviderID: t.listed.ProviderID, District: firm.District,
		PolicyCode: in.Policy, OfferID: t.listed.OfferID, PlanID: t.listed.PlanID, ProposalID: t.proposal,
		OfferNameZH: t.listed.Offer.ZH, OfferNameEN: t.listed.Offer.EN, PlanNameZH: t.listed.Plan.ZH, PlanNameEN: t.listed.Plan.EN,
		Category: t.listed.Category, Depth: t.listed.Depth, Class: t.listed.Class, Quantity: t.quantity,
		Legs:     subsidies.Legs{ListPrice: t.listPrice, ProviderDiscount: t.discount},
		StartsOn: in.StartsOn, EndsOn: in.EndsOn, BudgetYear: fmt.Sprint(tx.Today().Year()),
		State: state, Turn: subsidies.AgreementMachine.Turns[state], Since: tx.Now,
		Version: 1, CreatedBy: tx.Call.Actor.Person, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
}

// estimate computes the legs of an agreement with the facts of the moment, by the
// law of the day it was applied for, and stores the computation. Being accepted
// later does not change that day.
func estimate(tx *database.Tx, policy *rules.Policy, firm, provider subsidies.Firm, a *subsidies.Agreement) error {
	computed, err := reckon(tx, kernel.DayOf(a.CreatedAt), policy, firm, provider, a)
	if err != nil {
		return err
	}
	return record.Explain(tx, record.Agreement, a.ID, computed)
}

// reckon computes the legs with the facts of the moment, under the rules of the
// day of application, against the ceilings of the running year.
func reckon(tx *database.Tx, applied kernel.Date, policy *rules.Policy, firm, provider subsidies.Firm, a *subsidies.Agreement) (record.Computation, error) {
	a.BudgetYear = fmt.Sprint(tx.Today().Year())
	doc := policy.Document()
	if err := draw(*a).Hold(tx, doc); err != nil {
		return record.Computation{}, err
	}
	facts, err := factsOf(tx, applied, doc, firm, provider, *a)
	if err != nil {
		return record.Computation{}, err
	}
	result, err := policy.Quote(facts)
	if err != nil {
		return record.Computation{}, err
	}
	a.Legs = result.Legs
	return record.Computation{Facts: facts, Result: result, Legs: a.Legs}, a.Legs.Conserved()
}

func factsOf(tx *database.Tx, applied kernel.Date, doc rules.Document, firm, provider subsidies.Firm, a subsidies.Agreement) (rules.Facts, error) {
	used, err := draw(a).Used(tx.DB, doc, 0, 0)
	if err != nil {
		return rules.Facts{}, err
	}
	fresh, err := FirstUse(tx.DB, doc, a)
	return rules.Facts{
		On: applied, Enterprise: quotes.EnterpriseFacts(firm), Provider: quotes.ProviderFacts(provider), Used: used,
		Agreement: rules.AgreementFacts{StartsOn: a.StartsOn, EndsOn: a.EndsOn},
		Lines:     []rules.Line{{Category: a.Category, Depth: a.Depth, Class: a.Class, ListPrice: a.Legs.ListPrice, Discount: a.Legs.ProviderDiscount, Quantity: 1, FirstUse: fresh}},
	}, err
}

// FirstUse tells whether the firm has had no earlier agreement on the same offer.
// It asks only where the policy wants to know.
func FirstUse(db *gorm.DB, doc rules.Document, a subsidies.Agreement) (bool, error) {
	if !doc.AsksFirstUse() {
		return true, nil
	}
	var n int64
	err := db.Model(&subsidies.Agreement{}).Where("enterprise_id = ? AND offer_id = ? AND id < ? AND state IN ?", a.EnterpriseID, a.OfferID, a.ID,
		[]subsidies.AgreementState{subsidies.AgreementAccepted, subsidies.AgreementCompleted}).Count(&n).Error
	return n == 0, err
}

func draw(a subsidies.Agreement) quotes.Draw {
	return quotes.Draw{Policy: a.PolicyCode, Firm: a.EnterpriseID, Provider: a.ProviderID, Year: a.BudgetYear, Category: a.Category}
}

// drawOf is draw for taking: of a provider, under the limits of a day.
func drawOf(a subsidies.Agreement, provider subsidies.Firm, on kernel.Date) quotes.Draw {
	d := draw(a)
	d.ProviderCode, d.On = provider.CreditCode, on
	return d
}
