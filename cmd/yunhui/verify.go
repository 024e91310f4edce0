package main

import (
	"context"
	"fmt"

	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/services/audit"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/quotas"
)

// laws lists the laws in the order of design; every breach names one of them.
var laws = []string{"conservation", "double entry", "budget", "once", "four eyes", "explained", "nothing lost", "recorded", "market"}

func verify(ctx context.Context, p *process, args []string) error {
	if err := p.options("verify", args, p.clockFlag); err != nil {
		return err
	}
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	var breaches []kernel.Breach
	err = h.db.Snapshot(ctx, func(ctx context.Context) (err error) { // a city at work must not look broken
		breaches, err = h.verify(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return report(p, breaches)
}

func report(p *process, breaches []kernel.Breach) error {
	byLaw := map[string][]kernel.Breach{}
	for _, b := range breaches {
		byLaw[b.Law] = append(byLaw[b.Law], b)
	}
	for _, law := range laws {
		found := byLaw[law]
		delete(byLaw, law)
		if len(found) == 0 {
			_, _ = fmt.Fprintf(p.out, "ok      %s\n", law)
			continue
		}
		_, _ = fmt.Fprintf(p.out, "BROKEN  %s\n", law)
		for _, b := range found {
			_, _ = fmt.Fprintf(p.out, "        %s: %s\n", b.Object, b.Detail)
		}
	}
	for law, found := range byLaw {
		_, _ = fmt.Fprintf(p.out, "BROKEN  %s (%d)\n", law, len(found))
	}
	if len(breaches) > 0 {
		return errSaid
	}
	return nil
}

// verify gathers the breaches from every room that keeps data.
func (h *house) verify(ctx context.Context) ([]kernel.Breach, error) {
	checks := []func() ([]kernel.Breach, error){
		func() ([]kernel.Breach, error) { return budget.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return budget.VerifyBooks(ctx, h.db, h.policies) },
		func() ([]kernel.Breach, error) { return gazette.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return claims.Verify(ctx, h.db, h.policies) },
		func() ([]kernel.Breach, error) { return payments.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return h.payments.VerifyLists(ctx) },
		func() ([]kernel.Breach, error) { return clawbacks.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return quotas.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return openings.Verify(ctx, h.db, h.policies) },
		func() ([]kernel.Breach, error) { return h.registry.Verify(ctx) },
		func() ([]kernel.Breach, error) { return offers.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return demands.Verify(ctx, h.db) },
		func() ([]kernel.Breach, error) { return h.verifyRecord(ctx) },
		func() ([]kernel.Breach, error) { return h.verifyQueue(ctx) },
	}
	var all []kernel.Breach
	for _, check := range checks {
		found, err := check()
		if err != nil {
			return all, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (h *house) verifyRecord(ctx context.Context) ([]kernel.Breach, error) {
	found, err := audit.Verify(ctx, h.db)
	if err != nil || found.Broken == nil {
		return nil, err
	}
	return []kernel.Breach{{Law: "recorded", Object: "audit entry " + string(found.Broken.ID), Detail: found.Broken.Flaw}}, nil
}

func (h *house) verifyQueue(ctx context.Context) ([]kernel.Breach, error) {
	dead, err := queue.ListDead(ctx, h.db)
	var out []kernel.Breach
	for _, d := range dead {
		out = append(out, kernel.Breach{Law: "nothing lost", Object: "message " + d.Kind + " " + string(d.ID), Detail: "given up: " + d.LastError})
	}
	return out, err
}
