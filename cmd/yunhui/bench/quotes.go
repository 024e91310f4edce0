package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/rest"
	"yunhui/subsidies/rules"
)

// quoting computes the three-way split for firms that visitors describe: over
// HTTP, and in the process to show what of it is computing. Each answer carries
// the eligibility and the whole trace.
func quoting(ctx context.Context, o Options, r *Report) (err error) {
	clock := kernel.NewManualClock(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	s, err := openStore(ctx, Options{Connections: o.Connections}, clock, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	c := newCity(s, clock)
	if err := c.legislate(ctx, demoPolicy); err != nil {
		return err
	}
	rich := richest()
	if err := c.publishRule(ctx, rich); err != nil {
		return err
	}
	c.policies = gazette.NewLibrary(s.DB)
	desk, err := openDesk(ctx, func(d *api.Desk) {
		asked := &quotes.Desk{DB: s.DB, Policies: c.policies, Registry: parties{}, Market: stall{}}
		(&rest.Room{DB: s.DB, Policies: c.policies, Registry: parties{}, Quotes: asked}).Register(d)
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, desk.stop()) }()
	requests, err := questions(demoPolicy, "")
	if err != nil {
		return err
	}
	hard, err := questions(rich.Code, cmp.Or(rich.Window.From, rich.InForceFrom))
	if err != nil {
		return err
	}
	readings := []reading{{"quotes over HTTP", requests}, {"quotes over HTTP, " + rich.Code, hard}}
	if err := measureHTTP(ctx, o, r, desk.address, readings); err != nil {
		return err
	}
	return inProcess(ctx, o, r)
}

// questions are those of firms of every size that buy one to three things and tell
// all that a policy may ask about.
func questions(policy string, on kernel.Date) ([][]byte, error) {
	var all [][]byte
	for i, size := range []string{"micro", "small", "medium", "large"} {
		for n := range 3 {
			q := rest.QuoteRequest{Policy: policy, On: on, Firm: rest.QuoteFacts{
				District: district, SizeClass: size, Industry: "industry", Section: "C", HeadCount: int64(20 + 100*i), FoundedOn: "2015-03-01", Revenue: 5_000_000_000, Assets: 3_000_000_000,
			}}
			for l := range n + 1 {
				q.Lines = append(q.Lines, rest.QuoteLine{Category: "app.erp", Depth: []string{"resource", "business", "capability"}[l], Price: kernel.Fen(300_000 * (l + 1)), Discount: 10_000, Quantity: 1})
			}
			body, err := json.Marshal(q)
			if err != nil {
				return nil, err
			}
			all = append(all, post("/api/v1/quotes", body))
		}
	}
	return all, nil
}

func inProcess(ctx context.Context, o Options, r *Report) error {
	policy, err := document()
	if err != nil {
		return err
	}
	facts := rules.Facts{
		On: "2026-11-23", Enterprise: rules.EnterpriseFacts{SizeClass: "small", Section: "C", District: district},
		Lines: []rules.Line{{Category: "app.erp", Depth: "business", ListPrice: 300_000, Discount: 10_000}, {Category: "app.crm", Depth: "capability", ListPrice: 600_000}},
	}
	computed := drive(ctx, processor{}, repeated(o.Connections, func(context.Context, int) error {
		result, err := policy.Quote(facts)
		if err == nil && result.Legs.Subsidy == 0 {
			err = errors.New("a quote of nothing")
		}
		return err
	}), lasting(o.share()))
	r.alone(computed.measure("quotes in the process"))
	return nil
}

// richest is the published policy with the most to compute, the demonstration's apart.
func richest() rules.Document {
	weight := func(d rules.Document) int {
		return len(d.Parameters) + len(d.Eligibility) + len(d.Rates) + len(d.Caps) + len(d.Exclusive) + len(d.ProviderGroups)
	}
	var most rules.Document
	for _, d := range policies.All() {
		if d.Code != demoPolicy && weight(d) > weight(most) {
			most = d
		}
	}
	return most
}
