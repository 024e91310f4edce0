package offers

import (
	"context"
	"fmt"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// breachLimit bounds how many breaches of one kind are listed.
const breachLimit = 50

// Verify checks on stored data that the price an offer is shown with is that of
// its cheapest plan, and that the newest entry of each plan's list-price history
// is its price.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var prices []struct {
		ID             kernel.ID
		LowestPriceFen int64
		Least          int64
	}
	err := db.Read(ctx).Raw(`SELECT o.id, o.lowest_price_fen, MIN(p.price_fen) AS least FROM offers o JOIN plans p ON p.offer_id = o.id AND p.status = ?
		GROUP BY o.id, o.lowest_price_fen HAVING o.lowest_price_fen <> MIN(p.price_fen) ORDER BY o.id LIMIT ?`, catalog.PlanActive, breachLimit).Scan(&prices).Error
	if err != nil {
		return nil, fmt.Errorf("lowest prices: %w", err)
	}
	var out []kernel.Breach
	for _, r := range prices {
		out = append(out, kernel.Breach{Law: "market", Object: "offer " + string(r.ID), Detail: fmt.Sprintf("is shown from %d fen, but its cheapest plan costs %d", r.LowestPriceFen, r.Least)})
	}
	var marks []struct {
		ID       kernel.ID
		PriceFen int64
		Newest   int64
	}
	err = db.Read(ctx).Raw(`SELECT q.id, q.price_fen, q.newest FROM (SELECT p.id, p.price_fen, COALESCE((SELECT l.price_fen FROM list_prices l
		WHERE l.plan_id = p.id ORDER BY l.from_at DESC, l.id DESC LIMIT 1), -1) AS newest FROM plans p) q
		WHERE q.price_fen <> q.newest ORDER BY q.id LIMIT ?`, breachLimit).Scan(&marks).Error
	if err != nil {
		return nil, fmt.Errorf("list prices: %w", err)
	}
	for _, r := range marks {
		out = append(out, kernel.Breach{Law: "market", Object: "plan " + string(r.ID), Detail: fmt.Sprintf("costs %d fen, but its price history ends with %d", r.PriceFen, r.Newest)})
	}
	return out, nil
}
