package clawbacks

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Verify checks on stored data that every fen of a clawback is in one place, that
// no claim gives back more than was paid on it, that entries, plans, steps, hands
// and ledger say the same, and that different people have proposed and decided.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for _, q := range queries {
		var rows []struct{ Object, Detail string }
		if err := db.Read(ctx).Raw(q.sql + " LIMIT 50").Scan(&rows).Error; err != nil {
			return out, fmt.Errorf("verify clawbacks: %s: %w", q.detail, err)
		}
		for _, r := range rows {
			out = append(out, kernel.Breach{Law: q.law, Object: q.object + " " + r.Object, Detail: q.detail + " " + r.Detail})
		}
	}
	return out, nil
}
