package drafts

import (
	"context"
	"strings"
	"unicode/utf8"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// Submit hands a draft to a second officer. A document with faults
// (policy.invalid), with test cases that fail (policy.cases) or that cannot follow
// the version in force is refused, with everything that is wrong.
func (d *Desk) Submit(ctx context.Context, id kernel.ID, rev int64) error {
	return database.Run(ctx, d.DB, "policy_draft.submit", func(tx *database.Tx) error {
		s, to, err := act(tx, id, rev, subsidies.PolicySubmit)
		if err != nil {
			return err
		}
		if _, err := ready(tx, s); err != nil {
			return err
		}
		return move(tx, s, subsidies.PolicySubmit, to, map[string]any{"reason": ""}, "")
	})
}

// Return gives a submitted draft back with a reason.
func (d *Desk) Return(ctx context.Context, id kernel.ID, rev int64, reason string) error {
	reason = strings.TrimSpace(reason)
	var f kernel.Faults
	f.Check(reason != "" && utf8.RuneCountInString(reason) <= 2000, "reason", "note.required", kernel.T("请说明退回原因（2000 字以内）", "Give the reason in words, at most 2000 characters"))
	if err := f.Err(); err != nil {
		return err
	}
	return database.Run(ctx, d.DB, "policy_draft.return", func(tx *database.Tx) error {
		s, to, err := act(tx, id, rev, subsidies.PolicyReturn)
		if err != nil {
			return err
		}
		return move(tx, s, subsidies.PolicyReturn, to, map[string]any{"reason": reason}, reason)
	})
}

// Withdraw gives a draft up for good.
func (d *Desk) Withdraw(ctx context.Context, id kernel.ID, rev int64) error {
	return database.Run(ctx, d.DB, "policy_draft.withdraw", func(tx *database.Tx) error {
		s, to, err := act(tx, id, rev, subsidies.PolicyWithdraw)
		if err != nil {
			return err
		}
		return move(tx, s, subsidies.PolicyWithdraw, to, map[string]any{}, "")
	})
}

// Publish makes a submitted draft the law from the day it names. It refuses
// (four_eyes) everybody who has edited it.
func (d *Desk) Publish(ctx context.Context, id kernel.ID, rev int64) error {
	return database.Run(ctx, d.DB, "policy_draft.publish", func(tx *database.Tx) error {
		s, to, err := act(tx, id, rev, subsidies.PolicyPublish)
		if err != nil {
			return err
		}
		if s.EditedBy(tx.Call.Actor.Person) {
			return kernel.Conflict("four_eyes", kernel.T("您参与编写了此草案，须由另一位市级经办发布", "You have edited this draft; another city officer must publish it"))
		}
		doc, err := ready(tx, s)
		if err != nil {
			return err
		}
		if err := move(tx, s, subsidies.PolicyPublish, to, map[string]any{"published_at": tx.Now}, ""); err != nil {
			return err
		}
		tx.AfterCommit(d.Policies.Forget)
		return gazette.Publish(tx, doc)
	})
}

// ready returns the document of a draft that can be published as it stands.
func ready(tx *database.Tx, s Seen) (rules.Document, error) {
	policy, err := rules.Load([]byte(s.Document))
	if err != nil {
		return rules.Document{}, err
	}
	doc := policy.Document()
	if err := policy.CheckCases(); err != nil {
		return doc, err
	}
	next, err := gazette.NextOf(tx.DB, doc.Code, tx.Today())
	if err != nil {
		return doc, err
	}
	return doc, next.Check(doc)
}
