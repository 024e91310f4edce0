package claims

import (
	"context"
	"errors"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
)

const (
	verifyPage  = 500
	breachLimit = 50
)

// Verify walks all agreements and claims and checks conservation, the once-only
// keys, the four eyes, that every amount is still explained by its trace, and that
// states, ledger and ceilings say the same as the steps that led to them.
func Verify(ctx context.Context, db *database.DB, policies *gazette.Library) ([]kernel.Breach, error) {
	var out []kernel.Breach
	found := map[string]int{}
	note := func(law, object, detail string) {
		if found[law]++; found[law] <= breachLimit { // one broken law must not hide another
			out = append(out, kernel.Breach{Law: law, Object: object, Detail: detail})
		}
	}
	err := each(ctx, db, func(a subsidies.Agreement) error {
		if err := a.Legs.Conserved(); err != nil {
			note("conservation", "agreement "+a.Number, err.Error())
		}
		return explained(ctx, db, policies, a.ID, "agreement "+a.Number, a.Legs, note)
	}, func(a subsidies.Agreement) kernel.ID { return a.ID })
	if err != nil {
		return out, err
	}
	err = each(ctx, db, func(c subsidies.Claim) error {
		if err := c.Legs.Conserved(); err != nil {
			note("conservation", "claim "+c.Number, err.Error())
		}
		if c.SubmittedAt == nil {
			return nil
		}
		return explained(ctx, db, policies, c.ID, "claim "+c.Number, c.Legs, note)
	}, func(c subsidies.Claim) kernel.ID { return c.ID })
	if err != nil {
		return out, err
	}
	for _, q := range queries {
		var rows []struct{ Object, Detail string }
		if err := db.Read(ctx).Raw(q.sql + " LIMIT 50").Scan(&rows).Error; err != nil {
			return out, fmt.Errorf("verify %s: %w", q.law, err)
		}
		for _, r := range rows {
			note(q.law, q.object+" "+r.Object, q.detail+" "+r.Detail)
		}
	}
	return out, drawn(ctx, db, policies, note)
}

// each pages through a table by its key.
func each[T any](ctx context.Context, db *database.DB, visit func(T) error, id func(T) kernel.ID) error {
	after := kernel.ID("")
	for {
		var rows []T
		if err := db.Read(ctx).Where("id > ?", after).Order("id").Limit(verifyPage).Find(&rows).Error; err != nil {
			return err
		}
		for _, r := range rows {
			if err := visit(r); err != nil {
				return err
			}
		}
		if len(rows) < verifyPage {
			return nil
		}
		after = id(rows[len(rows)-1])
	}
}

// explained recomputes an amount from its stored facts with the policy's version
// of its day (law 6).
func explained(ctx context.Context, db *database.DB, policies *gazette.Library, id kernel.ID, object string, legs subsidies.Legs, note func(law, object, detail string)) error {
	c, err := record.Explanation(ctx, db, id)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return err
		}
		note("explained", object, "no readable trace: "+err.Error())
		return nil
	}
	if c.Legs != legs {
		note("explained", object, "its legs are not those of its trace")
		return nil
	}
	policy, err := policies.Version(ctx, c.Result.Policy, c.Result.Version)
	if kernel.AsError(err) != nil {
		note("explained", object, fmt.Sprintf("policy %s/%d is missing", c.Result.Policy, c.Result.Version))
		return nil //nolint:nilerr // it is a finding, and noted
	}
	if err != nil {
		return err
	}
	again, err := policy.Quote(c.Facts)
	if err != nil || again.Legs != c.Result.Legs || (Within(again.Legs, legs) != legs && again.Legs != legs) {
		note("explained", object, "computed anew from its facts, the amount differs")
	}
	return nil
}
