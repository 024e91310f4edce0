package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"yunhui/services/kernel"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

// author writes the next version of the city's policy, raising one rate from the
// new year on, and submits it: a second officer has yet to publish it.
func (l *Loader) author(ctx context.Context) error {
	ctx = as(ctx, l.people["city-a"])
	doc, ok := policies.Find(policy)
	if !ok {
		return errors.New("the city's policy is not among the documents")
	}
	doc, err := raised(doc, kernel.DayOf(l.Now))
	if err != nil {
		return err
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	id, err := l.Drafts.Create(ctx, drafts.New{Code: policy, BasedOn: 1})
	if err != nil {
		return err
	}
	if err := l.Drafts.Save(ctx, id, 1, text); err != nil {
		return err
	}
	return l.Drafts.Submit(ctx, id, 2)
}

// raised is the next version of the policy on a day: 35 % for business systems
// from the first of January, with the cases that show it.
func raised(doc rules.Document, today kernel.Date) (rules.Document, error) {
	doc, err := doc.Clone()
	if err != nil {
		return doc, err
	}
	doc.Version++
	doc.InForceFrom = kernel.Date(strconv.Itoa(today.Year()+1) + "-01-01")
	for _, p := range []*kernel.Period{&doc.Window, &doc.Redemption} { // a city loaded late goes on all the same
		p.To = max(p.To, doc.InForceFrom.AddMonths(24).AddDays(-1))
	}
	for i, r := range doc.Rates {
		if r.Rate != nil && *r.Rate == 3000 {
			rate := kernel.Rate(3500)
			doc.Rates[i].Rate = &rate
		}
	}
	for i, c := range doc.Clauses {
		if c.Number == "2.1" {
			doc.Clauses[i].Text = kernel.Text{
				ZH: "按上云深度确定补贴比例：资源上云20%，业务上云35%，能力上云40%，生态上云50%。",
				EN: "The rate follows the depth of adoption: resource 20 %, business 35 %, capability 40 %, ecosystem 50 %.",
			}
		}
	}
	doc.Cases = cases(doc.InForceFrom.AddDays(30))
	return doc, nil
}

func cases(on kernel.Date) []rules.Case {
	fen := func(f kernel.Fen) *kernel.Fen { return &f }
	facts := func(size, depth string, price kernel.Fen) rules.Facts {
		return rules.Facts{
			On:         on,
			Enterprise: rules.EnterpriseFacts{CreditCode: "91500000MAY0000001", District: "500103", SizeClass: size, FoundedOn: "2018-05-20", Verified: true},
			Provider:   rules.ProviderFacts{CreditCode: "91500000MAY0000002", Admitted: true},
			Lines:      []rules.Line{{Category: "app.erp", Depth: depth, Class: "A", ListPrice: price, Quantity: 1}},
		}
	}
	related := facts("small", "business", 1_000_000)
	related.Provider.Related = true
	return []rules.Case{
		{
			Name: kernel.Text{ZH: "小型企业业务上云 1 万元，补贴 35%", EN: "A small firm buys a business system for ¥10,000: 35 %"}, Facts: facts("small", "business", 1_000_000),
			Expect: rules.Expectation{Eligible: true, Subsidy: fen(350_000), Municipal: fen(210_000), District: fen(140_000), EnterpriseShare: fen(650_000)},
		},
		{
			Name: kernel.T("生态上云 50 万元，以单次上限为准", "Ecosystem for ¥500,000: the limit of one claim counts"), Facts: facts("medium", "ecosystem", 50_000_000),
			Expect: rules.Expectation{Eligible: true, Subsidy: fen(15_000_000)},
		},
		{Name: kernel.T("大型企业不补贴", "A large firm is not subsidised"), Facts: facts("large", "business", 1_000_000), Expect: rules.Expectation{Failed: []string{"1.1"}}},
		{Name: kernel.T("关联交易不补贴", "A purchase from a related party is not subsidised"), Facts: related, Expect: rules.Expectation{Failed: []string{"1.3"}}},
	}
}
