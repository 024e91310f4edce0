package store

import (
	"context"
	"fmt"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Verify checks that every change of an account had its second person, that an
// organisation is on hold exactly while a change of its account is open, and that
// the account on record is the one that was confirmed last.
func (s *Store) Verify(ctx context.Context) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for _, q := range accountQueries {
		var rows []struct{ Object, Detail string }
		if err := s.db.Read(ctx).Raw(q.sql + " LIMIT 50").Scan(&rows).Error; err != nil {
			return out, fmt.Errorf("verify accounts: %s: %w", q.detail, err)
		}
		for _, r := range rows {
			out = append(out, kernel.Breach{Law: q.law, Object: "organisation " + r.Object, Detail: q.detail + " " + r.Detail})
		}
	}
	moved, err := s.verifyConfirmed(ctx)
	return append(out, moved...), err
}

var accountQueries = []struct{ law, detail, sql string }{
	{"four eyes", "one person alone has changed its account:", `SELECT org_id AS object, proposed_by AS detail FROM account_changes WHERE state IN ('confirmed', 'refused') AND (decided_by = '' OR decided_by = proposed_by)`},
	{"four eyes", "an officer let its account change without proof:", `SELECT org_id AS object, decided_by AS detail FROM account_changes WHERE state = 'confirmed' AND decided_role NOT IN ('enterprise', 'provider') AND document = ''`},
	{"once", "a change of its account does not hold the key that keeps it the only one:", `SELECT org_id AS object, state AS detail FROM account_changes
		WHERE (state = 'proposed' AND (live_key IS NULL OR live_key <> org_id)) OR (state <> 'proposed' AND live_key IS NOT NULL)`},
	{"nothing lost", "a change of its account is open but nothing is held back", `SELECT c.org_id AS object, '' AS detail FROM account_changes c LEFT JOIN organisations o ON o.id = c.org_id AND o.account_change = c.id WHERE c.state = 'proposed' AND o.id IS NULL`},
	{"nothing lost", "its payments are held back for a change that is not open", `SELECT o.id AS object, '' AS detail FROM organisations o LEFT JOIN account_changes c ON c.id = o.account_change AND c.state = 'proposed' WHERE o.account_change <> '' AND c.id IS NULL`},
}

// verifyConfirmed opens the account of every organisation whose account has ever
// changed, and the one that was confirmed last.
func (s *Store) verifyConfirmed(ctx context.Context) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for after := kernel.ID(""); ; {
		var last []changeRow
		err := s.db.Read(ctx).Where(`state = 'confirmed' AND org_id > ? AND NOT EXISTS
			(SELECT 1 FROM account_changes n WHERE n.org_id = account_changes.org_id AND n.state = 'confirmed' AND (n.decided_at > account_changes.decided_at OR (n.decided_at = account_changes.decided_at AND n.id > account_changes.id)))`, after).
			Order("org_id").Limit(batch).Find(&last).Error
		if err != nil || len(last) == 0 {
			return out, err
		}
		after = last[len(last)-1].OrgID
		for _, r := range last {
			if detail := s.strays(ctx, r); detail != "" {
				out = append(out, kernel.Breach{Law: "four eyes", Object: "organisation " + string(r.OrgID), Detail: detail})
			}
		}
	}
}

func (s *Store) strays(ctx context.Context, r changeRow) string {
	confirmed, err := s.change(r)
	var o registry.Organisation
	if err == nil {
		o, err = s.One(s.db.Read(ctx), r.OrgID)
	}
	switch {
	case err != nil:
		return "its account cannot be opened: " + err.Error()
	case o.Account() != confirmed.BankAccount:
		return "its account is not the one that was confirmed"
	default:
		return ""
	}
}
