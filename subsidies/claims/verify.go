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
// keys, the four eyes and that every amount is still explained by its trace.
func Verify(ctx context.Context, db *database.DB, policies *gazette.Library) ([]kernel.Breach, error) {
	var out []kernel.Breach
	note := func(law, object, detail string) {
		if len(out) < breachLimit {
			out = append(out, kernel.Breach{Law: law, Object: object, Detail: detail})
		}
	}
	err := each(ctx, db, func(a subsidies.Agreement) error {
		if err := a.Legs.Conserved(); err != nil {
			note("conservation", "agreement "+a.Number, err.Error())
		}
		if a.State == subsidies.AgreementAccepted || a.State == subsidies.AgreementCompleted {
			return explained(ctx, db, policies, a.ID, "agreement "+a.Number, a.Legs, note)
		}
		return nil
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
	return out, nil
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
	if err != nil {
		note("explained", object, fmt.Sprintf("policy %s/%d is missing", c.Result.Policy, c.Result.Version))
		return nil
	}
	again, err := policy.Quote(c.Facts)
	if err != nil || again.Legs != c.Result.Legs || (Within(again.Legs, legs) != legs && again.Legs != legs) {
		note("explained", object, "computed anew from its facts, the amount differs")
	}
	return nil
}

var queries = []struct {
	law, object, detail, sql string
}{
	{"once", "claim", "an invoice of a living claim is not held by it:", `SELECT c.number AS object, i.number_key AS detail FROM claims c JOIN claim_invoices i ON i.claim_id = c.id
		LEFT JOIN invoice_uses u ON u.number_key = i.number_key AND u.claim_id = c.id
		WHERE c.submitted_at IS NOT NULL AND c.live_key IS NOT NULL AND c.state NOT IN ('draft', 'returned') AND u.number_key IS NULL`},
	{"once", "claim", "pays for a contract it does not hold", `SELECT c.number AS object, '' AS detail FROM claims c WHERE c.state IN ('approved', 'batched', 'paid') AND (c.contract_key IS NULL OR c.live_key IS NULL)`},
	{"four eyes", "claim", "one person acted in two parts:", `SELECT c.number AS object, s.person_name AS detail FROM steps s JOIN claims c ON c.id = s.subject_id
		WHERE s.subject_kind = 'claim' AND s.person_id <> 'system' AND s.act IN ('submit', 'confirm', 'dispute', 'approve', 'return', 'refuse', 'batch', 'pay', 'fail_payment')
		GROUP BY c.number, s.subject_id, s.person_id, s.person_name
		HAVING COUNT(DISTINCT CASE s.act WHEN 'submit' THEN 'claimant' WHEN 'confirm' THEN 'provider' WHEN 'dispute' THEN 'provider'
			WHEN 'batch' THEN 'payer' WHEN 'pay' THEN 'payer' WHEN 'fail_payment' THEN 'payer' ELSE s.role END) > 1`},
	{"four eyes", "claim", "a step without its recorded hand:", `SELECT c.number AS object, s.act AS detail FROM steps s JOIN claims c ON c.id = s.subject_id
		LEFT JOIN hands h ON h.subject_id = s.subject_id AND h.person_id = s.person_id
		WHERE s.subject_kind = 'claim' AND s.act IN ('submit', 'confirm', 'dispute', 'approve', 'return', 'refuse', 'batch') AND h.person_id IS NULL`},
	{"nothing lost", "claim", "its state is not where its last step led", `SELECT c.number AS object, s.to_state AS detail FROM claims c JOIN steps s ON s.subject_id = c.id
		WHERE s.id = (SELECT MAX(x.id) FROM steps x WHERE x.subject_id = c.id) AND s.to_state <> c.state`},
	{"conservation", "claim", "awarded in the ledger otherwise than in its legs:", `SELECT c.number AS object, '' AS detail FROM claims c
		LEFT JOIN postings p ON p.subject_id = c.id AND p.account = 'memo.government_subsidy'
		WHERE c.state IN ('approved', 'batched', 'paid') AND (p.amount_fen IS NULL OR p.amount_fen <> c.subsidy_fen)`},
}
