package demands

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// breachLimit bounds how many breaches of one kind are listed.
const breachLimit = 50

var promises = []struct{ object, detail, query string }{
	{"demand", "is chosen, but its chosen proposal is not one of its own that was chosen",
		`SELECT d.id FROM demands d LEFT JOIN proposals p ON p.id = d.chosen_proposal_id AND p.demand_id = d.id AND p.status = 'chosen'
		WHERE d.status = 'chosen' AND p.id IS NULL ORDER BY d.id LIMIT ?`},
	{"proposal", "is chosen, but its demand chose another or none",
		`SELECT p.id FROM proposals p LEFT JOIN demands d ON d.id = p.demand_id AND d.status = 'chosen' AND d.chosen_proposal_id = p.id
		WHERE p.status = 'chosen' AND d.id IS NULL ORDER BY p.id LIMIT ?`},
	{"proposal", "still stands although its demand is not open",
		`SELECT p.id FROM proposals p JOIN demands d ON d.id = p.demand_id WHERE p.status = 'sent' AND d.status <> 'open' ORDER BY p.id LIMIT ?`},
	{"proposal", "was declined although its demand is open",
		`SELECT p.id FROM proposals p JOIN demands d ON d.id = p.demand_id WHERE p.status = 'declined' AND d.status = 'open' ORDER BY p.id LIMIT ?`},
	{"proposal", "has a discount below zero or above its list price",
		`SELECT p.id FROM proposals p WHERE p.discount_fen < 0 OR p.discount_fen > p.list_price_fen ORDER BY p.id LIMIT ?`},
	{"proposal", "offers a plan that is not of the offer and provider it names",
		`SELECT p.id FROM proposals p LEFT JOIN plans n ON n.id = p.plan_id AND n.offer_id = p.offer_id LEFT JOIN offers o ON o.id = n.offer_id AND o.provider_id = p.provider_id
		WHERE o.id IS NULL ORDER BY p.id LIMIT ?`},
}

// Verify checks on stored data what demands and proposals promise each other.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for _, p := range promises {
		var ids []string
		if err := db.Read(ctx).Raw(p.query, breachLimit).Scan(&ids).Error; err != nil {
			return out, fmt.Errorf("%s %s: %w", p.object, p.detail, err)
		}
		for _, id := range ids {
			out = append(out, kernel.Breach{Law: "market", Object: p.object + " " + id, Detail: p.detail})
		}
	}
	return out, nil
}
