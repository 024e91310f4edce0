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
// exceeded and no ceiling passed.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var breaches []kernel.Breach
	for _, check := range []func(context.Context, *database.DB) ([]kernel.Breach, error){unbalanced, orphans, overspent, diverging, ceilings} {
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
		out = append(out, kernel.Breach{Law: "budget", Object: "appropriation " + r.PolicyCode + "/" + r.Scope, Detail: fmt.Sprintf("reserved %d + awarded %d + paid %d against %d fen", r.Reserved, r.Awarded, r.Paid, r.Amount)})
	}
	return out, err
}

func diverging(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var sums []struct {
		Account    Account
		PolicyCode string
		Scope      string
		Total      kernel.Fen
	}
	err := db.Read(ctx).Raw("SELECT account, policy_code, scope, SUM(amount_fen) AS total FROM postings WHERE account IN ? GROUP BY account, policy_code, scope", []Account{Available, Reserved, Awarded, Paid}).Scan(&sums).Error
	if err != nil {
		return nil, err
	}
	type cell struct {
		account       Account
		policy, scope string
	}
	posted := map[cell]kernel.Fen{}
	for _, s := range sums {
		posted[cell{s.Account, s.PolicyCode, s.Scope}] = s.Total
	}
	var rows []Appropriation
	if err := db.Read(ctx).Find(&rows).Error; err != nil {
		return nil, err
	}
	var out []kernel.Breach
	for _, r := range rows {
		for account, kept := range map[Account]kernel.Fen{Available: r.Free(), Reserved: r.Reserved, Awarded: r.Awarded, Paid: r.Paid} {
			at := cell{account, r.PolicyCode, r.Scope}
			if posted[at] != kept && len(out) < breachLimit {
				out = append(out, kernel.Breach{Law: "double entry", Object: "appropriation " + r.PolicyCode + "/" + r.Scope, Detail: fmt.Sprintf("%s is kept as %d fen, its postings say %d", account, kept, posted[at])})
			}
			delete(posted, at)
		}
	}
	for at, total := range posted {
		if total != 0 && len(out) < breachLimit {
			out = append(out, kernel.Breach{Law: "budget", Object: "appropriation " + at.policy + "/" + at.scope, Detail: fmt.Sprintf("postings on %s without an appropriation", at.account)})
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
