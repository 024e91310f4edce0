package claims

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/quotes"
)

// drawn checks that every ceiling has counted what the firm's agreements hold
// and were awarded: a counter that says less would let the firm draw too much.
func drawn(ctx context.Context, db *database.DB, policies *gazette.Library, note func(law, object, detail string)) error {
	granted, err := grants(ctx, db, policies)
	if err != nil {
		return err
	}
	rows, err := db.Read(ctx).Model(&budget.Ceiling{}).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c budget.Ceiling
		if err := db.Read(ctx).ScanRows(rows, &c); err != nil {
			return err
		}
		at := counter{c.PolicyCode, c.Kind, c.Subject, c.Period}
		if granted[at] != c.Used {
			note("budget", at.String(), fmt.Sprintf("counts %d, the agreements say %d", c.Used, granted[at]))
		}
		delete(granted, at)
	}
	for at, n := range granted {
		if n != 0 {
			note("budget", at.String(), fmt.Sprintf("is missing; the agreements say %d", n))
		}
	}
	return rows.Err()
}

type counter struct {
	policy          string
	kind            budget.CeilingKind
	subject, period string
}

func (c counter) String() string {
	return fmt.Sprintf("ceiling %s/%s/%s/%s", c.policy, c.kind, c.subject, c.period)
}

// grants sums what stands under each ceiling: reservations of accepted
// agreements, awards of completed ones. What enterprises share is counted by the
// version of the policy that each agreement was made under.
func grants(ctx context.Context, db *database.DB, policies *gazette.Library) (map[counter]kernel.Fen, error) {
	rows, err := db.Read(ctx).Raw(`SELECT a.policy_code, a.policy_version, a.enterprise_id, a.provider_id, a.budget_year, a.category, COUNT(*) AS n,
		SUM(CASE WHEN a.state = 'completed' THEN COALESCE(c.subsidy_fen, 0) ELSE a.subsidy_fen END) AS total
		FROM agreements a LEFT JOIN claims c ON c.agreement_id = a.id AND c.state IN ('approved', 'batched', 'paid')
		WHERE a.state IN ('accepted', 'completed') GROUP BY a.policy_code, a.policy_version, a.enterprise_id, a.provider_id, a.budget_year, a.category`).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[counter]kernel.Fen{}
	var shared []share
	for rows.Next() {
		var policy, firm, provider, year, category string
		var version int
		var n, total kernel.Fen
		if err := rows.Scan(&policy, &version, &firm, &provider, &year, &category, &n, &total); err != nil {
			return nil, err
		}
		shared = append(shared, share{policy, version, quotes.Draw{Policy: policy, Provider: kernel.ID(provider), Year: year, Category: category}, total})
		out[counter{policy, budget.EnterpriseYear, firm, year}] += total
		out[counter{policy, budget.EnterprisePolicy, firm, ""}] += total
		out[counter{policy, budget.EnterpriseCategory, firm + ":" + category, ""}] += total
		out[counter{policy, budget.EnterprisePurchase, firm, ""}] += n
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, addShared(ctx, policies, shared, out)
}

// share is what some agreements of one provider and category drew.
type share struct {
	policy  string
	version int
	draw    quotes.Draw
	total   kernel.Fen
}

// addShared counts what enterprises share: quotas of providers, ceilings of
// categories. A version that is missing is noted elsewhere.
func addShared(ctx context.Context, policies *gazette.Library, all []share, out map[counter]kernel.Fen) error {
	for _, s := range all {
		policy, err := policies.Version(ctx, s.policy, s.version)
		if kernel.AsError(err) != nil {
			continue
		}
		if err != nil {
			return err
		}
		for _, c := range s.draw.Shared(policy.Document()) {
			out[counter{s.policy, c.Kind, c.Subject, c.Period}] += s.total
		}
	}
	return nil
}
