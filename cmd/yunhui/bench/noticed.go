package bench

import (
	"context"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
)

// onNotice is a public notice with the claims that stand on it, all under one
// policy.
type onNotice struct {
	id     kernel.ID
	policy string
	claims []kernel.ID
}

// moulds leads one claim under each policy to its notice.
func (c *city) moulds(ctx context.Context, codes []string) ([]mould, error) {
	all := make([]mould, len(codes))
	for i, code := range codes {
		if err := c.legislate(ctx, code); err != nil {
			return nil, err
		}
		c.clock.Advance(3 * time.Second) // the library may be as old as its freshness
		claim, err := c.notice(ctx, code)
		if err != nil {
			return nil, err
		}
		if all[i], err = c.mould(ctx, claim); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// publish casts notices that share a number of claims, taking the policies in turn.
func (c *city) publish(ctx context.Context, from []mould, count, claims int) ([]onNotice, error) {
	all := make([]onNotice, count)
	for i := range all {
		var err error
		if all[i], err = c.cast(ctx, from[i%len(from)], (i+1)*claims/count-i*claims/count); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// cast puts one more notice into the store, with its claims and with what they
// have reserved or, being cast from an awarded one, are owed.
func (c *city) cast(ctx context.Context, m mould, size int) (onNotice, error) {
	now := c.clock.Now()
	n := m.notice
	n.ID, n.ItemCount = kernel.NewID(now), int64(size)
	n.Number = agreements.Number("N", n.ID, now.Year())
	out := onNotice{id: n.ID, policy: m.claim.PolicyCode}
	column := "reserved_fen"
	if m.claim.State == subsidies.ClaimApproved {
		column = "awarded_fen"
	}
	err := database.Run(ctx, c.store.DB, "bench.notice", func(tx *database.Tx) error {
		for scope, amount := range map[string]kernel.Fen{budget.City: m.agreement.Legs.Municipal, m.claim.District: m.agreement.Legs.District} {
			if err := tx.Exec("UPDATE appropriations SET "+column+" = "+column+" + ? WHERE policy_code = ? AND scope = ?", amount*kernel.Fen(size), m.claim.PolicyCode, scope).Error; err != nil {
				return err
			}
		}
		shared := tx.Exec("UPDATE ceilings SET used_fen = used_fen + ? WHERE policy_code = ? AND kind NOT LIKE 'enterprise%'", m.agreement.Legs.Subsidy*kernel.Fen(size), m.claim.PolicyCode)
		if shared.Error != nil {
			return shared.Error
		}
		return database.Insert(tx, n)
	})
	if err != nil {
		return out, err
	}
	pool, err := c.store.Writer()
	if err != nil {
		return out, err
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return out, err
	}
	defer func() { _ = tx.Rollback() }()
	sheets := map[string]*sheet{}
	for range size {
		c.serial++
		out.claims = append(out.claims, m.cast(sheets, now, c.serial, n.ID))
	}
	for _, s := range sheets {
		if err := s.flush(ctx, tx); err != nil {
			return out, err
		}
	}
	return out, tx.Commit()
}
