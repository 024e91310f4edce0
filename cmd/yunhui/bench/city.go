package bench

import (
	"context"
	"fmt"

	"yunhui/services/calendar"
	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

const (
	demoPolicy = "chongqing-demo-2026"
	district   = "500103"
	voted      = kernel.Fen(1_000_000_000_000)
	price      = kernel.Fen(1_000_000)
)

var (
	claimant = kernel.Actor{Person: "bench-claimant", Name: "企业经办", Org: "bench-enterprise", Role: kernel.RoleEnterprise}
	seller   = kernel.Actor{Person: "bench-seller", Name: "服务商经办", Org: "bench-provider", Role: kernel.RoleProvider}
	local    = kernel.Actor{Person: "bench-district", Name: "区县经办", Org: "bench-district", Role: kernel.RoleDistrictOfficer, District: district}
	reviewer = kernel.Actor{Person: "bench-city-1", Name: "市级复核", Org: "bench-city", Role: kernel.RoleCityOfficer}
	officer  = kernel.Actor{Person: "bench-city-2", Name: "市级公示", Org: "bench-city", Role: kernel.RoleCityOfficer}
)

// city is the money side on a store, with one firm, one provider and one plan.
type city struct {
	store      *store
	clock      *kernel.ManualClock
	policies   *gazette.Library
	agreements *agreements.Desk
	claims     *claims.Desk
	notices    *notices.Desk

	capped bool // every kind of ceiling is in force, and each claim asks for less than was reserved

	serial int // of claims that were cast
}

func newCity(s *store, clock *kernel.ManualClock) *city {
	c := &city{store: s, clock: clock, policies: gazette.NewLibrary(s.DB)}
	c.agreements = &agreements.Desk{DB: s.DB, Policies: c.policies, Registry: parties{}, Market: stall{}}
	c.claims = &claims.Desk{DB: s.DB, Policies: c.policies, Registry: parties{}}
	c.notices = &notices.Desk{DB: s.DB, Policies: c.policies, Registry: parties{}, Calendar: calendar.Default()}
	return c
}

func as(ctx context.Context, who kernel.Actor) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: who, Address: "192.0.2.1", RequestID: "bench", Language: "zh-CN"})
}

// legislate publishes the demonstration's policy under a code of its own, with
// money of the city and of the district.
func (c *city) legislate(ctx context.Context, code string) error {
	doc, ok := policies.Find(demoPolicy)
	if !ok {
		return fmt.Errorf("no policy %s", demoPolicy)
	}
	doc.Code = code
	if c.capped {
		doc.Caps = append(doc.Caps, ceilings(doc.Caps[0].Clause)...)
	}
	return database.Run(as(ctx, kernel.System()), c.store.DB, "bench.legislate", func(tx *database.Tx) error {
		if err := gazette.Publish(tx, doc); err != nil {
			return err
		}
		for _, scope := range []string{budget.City, district} {
			if err := budget.Appropriate(tx, "bench", code, scope, voted); err != nil {
				return err
			}
		}
		return nil
	})
}

// publishRule publishes a document without money.
func (c *city) publishRule(ctx context.Context, doc rules.Document) error {
	return database.Run(as(ctx, kernel.System()), c.store.DB, "bench.publish", func(tx *database.Tx) error { return gazette.Publish(tx, doc) })
}

// ceilings are those that the demonstration's policy lacks, so wide that nobody
// comes near them: of one firm for ever and for a category, of a provider, and of
// a category for all firms together.
func ceilings(clause string) []rules.Cap {
	of := rules.Selector{Categories: []string{"app"}}
	return []rules.Cap{
		{Clause: clause, Scope: rules.CapEnterprisePolicy, Limit: voted},
		{Clause: clause, Scope: rules.CapCategory, AppliesTo: of, Limit: voted},
		{Clause: clause, Scope: rules.CapProviderYear, Limit: voted},
		{Clause: clause, Scope: rules.CapProviderPolicy, Limit: voted},
		{Clause: clause, Scope: rules.CapPolicyCategory, Key: "app", AppliesTo: of, Limit: voted},
	}
}

// notice leads one claim under a policy through every use case up to its public
// notice, as people would.
func (c *city) notice(ctx context.Context, policy string) (subsidies.Claim, error) {
	var a subsidies.Agreement
	var claim subsidies.Claim
	for _, step := range []func() error{
		func() (err error) {
			a, err = c.agreements.Draft(as(ctx, claimant), claimant, agreements.Draft{Policy: policy, Offer: "bench-offer", Plan: "bench-plan", Quantity: 1, StartsOn: "2026-12-01", EndsOn: "2027-11-30"})
			return err
		},
		func() error { _, err := c.agreements.Confirm(as(ctx, seller), a.ID, 0); return err },
		func() error { _, err := c.agreements.Confirm(as(ctx, claimant), a.ID, 0); return err },
		func() error { _, err := c.agreements.Accept(as(ctx, local), a.ID, 0); return err },
		func() (err error) { claim, err = c.claims.Open(as(ctx, claimant), a.ID); return err },
		func() error { return c.fill(as(ctx, claimant), claim.ID, policy) },
		func() error { _, err := c.claims.Submit(as(ctx, claimant), claim.ID, 0, true); return err },
		func() error {
			ctx := as(ctx, kernel.System())
			return database.Run(ctx, c.store.DB, "bench.check", func(tx *database.Tx) error { return c.claims.RunChecks(ctx, tx, claim.ID, 1) })
		},
		func() error { return c.decide(as(ctx, seller), claim.ID, subsidies.ClaimConfirm) },
		func() error { return c.decide(as(ctx, local), claim.ID, subsidies.ClaimApproveReview) },
		func() error { return c.decide(as(ctx, reviewer), claim.ID, subsidies.ClaimApproveReview) },
		func() error { _, err := c.notices.Open(as(ctx, officer), []kernel.ID{claim.ID}); return err },
	} {
		if err := step(); err != nil {
			return claim, fmt.Errorf("a claim under %s: %w", policy, err)
		}
	}
	return c.claims.Get(ctx, kernel.System(), claim.ID)
}

func (c *city) fill(ctx context.Context, id kernel.ID, policy string) error {
	signed, accepted := kernel.Date("2026-11-01"), kernel.Date("2026-11-20")
	firms, err := parties{}.Firms(ctx)
	if err != nil {
		return err
	}
	paid := price
	if c.capped {
		paid -= price / 20
	}
	_, err = c.claims.Save(ctx, id, claims.Filling{
		ContractNumber: "HT" + invoiceNumber(policy), ContractSignedOn: &signed, AcceptedOn: &accepted,
		Invoices: []subsidies.Invoice{{Number: invoiceNumber(policy), IssuedOn: "2026-11-10", SellerCode: firms[seller.Org].CreditCode, BuyerCode: firms[claimant.Org].CreditCode, Amount: price, Item: "云服务费"}},
		Payments: []subsidies.Payment{{PaidOn: "2026-11-12", Amount: paid, Payer: firms[claimant.Org].Name, Payee: firms[seller.Org].Name, BankReference: policy}},
	})
	if err != nil {
		return err
	}
	for _, kind := range []subsidies.EvidenceKind{subsidies.EvidenceContract, subsidies.EvidenceInvoice, subsidies.EvidencePayment, subsidies.EvidenceAcceptance} {
		if _, err := c.claims.Attach(ctx, id, files.File{Name: string(kind) + ".pdf", MediaType: "application/pdf", Size: 10, SHA256: fmt.Sprintf("%064d", 1)}, kind); err != nil {
			return err
		}
	}
	return nil
}

// invoiceNumber makes twenty digits that no other policy of a bench has.
func invoiceNumber(policy string) string {
	n := 0
	for _, r := range policy {
		n = n*31 + int(r)
	}
	return fmt.Sprintf("26%018d", n%1_000_000_000_000)
}

func (c *city) decide(ctx context.Context, id kernel.ID, act subsidies.ClaimAct) error {
	_, err := c.claims.Decide(ctx, id, claims.Decision{Act: act})
	return err
}

// parties is the register of the city: it knows two firms.
type parties struct{}

func (parties) Firms(context.Context, ...kernel.ID) (map[kernel.ID]subsidies.Firm, error) {
	return map[kernel.ID]subsidies.Firm{
		claimant.Org: {ID: claimant.Org, Kind: "enterprise", CreditCode: "91500103MA5F00001A", Name: "试算（虚构）制造有限公司", NameEN: "Trial (fictional) Manufacturing", District: district, SizeClass: "small", Industry: "industry", Section: "C", Revenue: 500_000_000, HeadCount: 60, Verified: true},
		seller.Org:   {ID: seller.Org, Kind: "provider", CreditCode: "91500000MA5PROV01X", Name: "试算云（虚构）科技有限公司", NameEN: "Trial Cloud (fictional)", District: "500105", SizeClass: "medium", Verified: true},
	}, nil
}

// stall is the market of the city: it sells one plan.
type stall struct{}

func (stall) Plan(context.Context, kernel.ID, kernel.ID) (subsidies.Listed, error) {
	return subsidies.Listed{
		OfferID: "bench-offer", PlanID: "bench-plan", ProviderID: seller.Org, Offer: kernel.T("云上进销存", "Cloud inventory"), Plan: kernel.T("标准版", "Standard"),
		Category: "app.erp", Depth: "business", Class: "A", Price: price, Unit: "year",
	}, nil
}

func (stall) Proposal(context.Context, kernel.ID, kernel.ID) (subsidies.Proposed, error) {
	return subsidies.Proposed{}, kernel.NotFound(kernel.T("方案", "proposal"))
}

// document returns the demonstration's policy, compiled.
func document() (*rules.Policy, error) {
	doc, ok := policies.Find(demoPolicy)
	if !ok {
		return nil, fmt.Errorf("no policy %s", demoPolicy)
	}
	return rules.Compile(doc)
}
