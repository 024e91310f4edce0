package budget

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// breachLimit bounds how many breaches of one law are listed.
const breachLimit = 50

// Verify checks double entry and the budget on stored data: every journal
// balances, every maintained total equals its postings, no appropriation is
// exceeded, no ceiling passed, and everything is posted to the fund that bears it.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var breaches []kernel.Breach
	for _, check := range []func(context.Context, *database.DB) ([]kernel.Breach, error){unbalanced, orphans, overspent, diverging, said, ceilings} {
		found, err := check(ctx, db)
		if err != nil {
			return breaches, err
		}
		breaches = append(breaches, found...)
	}
	return breaches, nil
}

func unbalanced(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var rows []struct {
		JournalID string
		Total     int64
	}
	err := db.Read(ctx).Raw("SELECT journal_id, SUM(amount_fen) AS total FROM postings GROUP BY journal_id HAVING SUM(amount_fen) <> 0 LIMIT ?", breachLimit).Scan(&rows).Error
	var out []kernel.Breach
	for _, r := range rows {
		out = append(out, kernel.Breach{Law: "double entry", Object: "journal " + r.JournalID, Detail: fmt.Sprintf("its postings add up to %d fen, not 0", r.Total)})
	}
	return out, err
}

func orphans(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var ids []string
	err := db.Read(ctx).Raw("SELECT p.journal_id FROM postings p LEFT JOIN journals j ON j.id = p.journal_id WHERE j.id IS NULL LIMIT ?", breachLimit).Scan(&ids).Error
	var out []kernel.Breach
	for _, id := range ids {
		out = append(out, kernel.Breach{Law: "double entry", Object: "journal " + id, Detail: "postings without their journal"})
	}
	return out, err
}

func overspent(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var rows []Appropriation
	err := db.Read(ctx).Where("reserved_fen + awarded_fen + paid_fen > amount_fen OR reserved_fen < 0 OR awarded_fen < 0 OR paid_fen < 0").Limit(breachLimit).Find(&rows).Error
	var out []kernel.Breach
	for _, r := range rows {
		out = append(out, kernel.Breach{Law: "budget", Object: "appropriation " + Fund{r.PolicyCode, r.BudgetYear}.String() + "/" + r.Scope, Detail: fmt.Sprintf("reserved %d + awarded %d + paid %d against %d fen", r.Reserved, r.Awarded, r.Paid, r.Amount)})
	}
	return out, err
}

func diverging(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var sums []struct {
		Account    Account
		PolicyCode string
		BudgetYear string
		Scope      string
		Total      kernel.Fen
	}
	err := db.Read(ctx).Raw("SELECT account, policy_code, budget_year, scope, SUM(amount_fen) AS total FROM postings WHERE account IN ? GROUP BY account, policy_code, scope, budget_year", publicAccounts).Scan(&sums).Error
	if err != nil {
		return nil, err
	}
	type cell struct {
		account Account
		fund    Fund
		scope   string
	}
	posted := map[cell]kernel.Fen{}
	for _, s := range sums {
		posted[cell{s.Account, Fund{s.PolicyCode, s.BudgetYear}, s.Scope}] = s.Total
	}
	var rows []Appropriation
	if err := db.Read(ctx).Find(&rows).Error; err != nil {
		return nil, err
	}
	var out []kernel.Breach
	found := func(law string, of Fund, scope, detail string, args ...any) {
		if len(out) < breachLimit {
			out = append(out, kernel.Breach{Law: law, Object: "appropriation " + of.String() + "/" + scope, Detail: fmt.Sprintf(detail, args...)})
		}
	}
	for _, r := range rows {
		of := Fund{r.PolicyCode, r.BudgetYear}
		for account, kept := range map[Account]kernel.Fen{Appropriated: -r.Amount, Available: r.Free(), Reserved: r.Reserved, Awarded: r.Awarded, Paid: r.Paid} {
			total := posted[cell{account, of, r.Scope}]
			if account == Paid { // the row keeps what is still paid
				total += posted[cell{Returned, of, r.Scope}]
			}
			if total != kept {
				found("double entry", of, r.Scope, "%s is kept as %d fen, its postings say %d", account, kept, total)
			}
		}
		for _, account := range publicAccounts {
			delete(posted, cell{account, of, r.Scope})
		}
	}
	for at, total := range posted {
		if total != 0 {
			found("budget", at.fund, at.scope, "postings on %s without an appropriation", at.account)
		}
	}
	return out, nil
}

// sayings are what can be asked of the ledger in one sentence: each row that it
// answers with is a breach.
var sayings = []struct{ law, object, detail, sql string }{
	{"budget", "subject", "more came back than was paid:", `SELECT subject_id AS object, scope AS detail FROM postings WHERE account IN ('paid', 'returned') GROUP BY subject_id, scope HAVING SUM(amount_fen) < 0`},
	{"double entry", "agreement", "its reservation is from the appropriation of another year:", `SELECT a.number AS object, p.budget_year AS detail FROM agreements a JOIN postings p ON p.subject_id = a.id
		WHERE p.account = 'reserved' AND (p.budget_year <> a.fund_year OR p.policy_code <> a.policy_code OR p.scope NOT IN ('city', a.district))`},
	{"double entry", "claim", "is posted to the appropriation of another year or place than its agreement's:", `SELECT c.number AS object, p.budget_year AS detail FROM claims c JOIN agreements a ON a.id = c.agreement_id JOIN postings p ON p.subject_id = c.id
		WHERE p.budget_year <> a.fund_year OR p.policy_code <> a.policy_code OR p.scope NOT IN ('city', a.district)`},
}

func said(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for _, q := range sayings {
		var rows []struct{ Object, Detail string }
		if err := db.Read(ctx).Raw(q.sql+" LIMIT ?", breachLimit).Scan(&rows).Error; err != nil {
			return out, fmt.Errorf("verify budget: %s: %w", q.detail, err)
		}
		for _, r := range rows {
			out = append(out, kernel.Breach{Law: q.law, Object: q.object + " " + r.Object, Detail: q.detail + " " + r.Detail})
		}
	}
	return out, nil
}

func ceilings(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var rows []Ceiling
	err := db.Read(ctx).Where("used_fen > limit_fen OR used_fen < 0").Limit(breachLimit).Find(&rows).Error
	var out []kernel.Breach
	for _, r := range rows {
		out = append(out, kernel.Breach{Law: "budget", Object: fmt.Sprintf("ceiling %s/%s/%s/%s", r.PolicyCode, r.Kind, r.Subject, r.Period), Detail: fmt.Sprintf("used %d of %d fen", r.Used, r.Limit)})
	}
	return out, err
}
