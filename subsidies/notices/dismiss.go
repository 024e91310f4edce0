package notices

import (
	"context"
	"strings"
	"unicode/utf8"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

// Dismiss answers an objection that does not hold. With the last open one the
// claim is back on notice, and when the period is over it is awarded at once. To
// uphold an objection is to refuse the claim (claims.Desk.Decide).
func (d *Desk) Dismiss(ctx context.Context, id kernel.ID, answer string) (Objection, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(kernel.RoleCityOfficer); err != nil {
		return Objection{}, err
	}
	answer = strings.TrimSpace(answer)
	var f kernel.Faults
	n := utf8.RuneCountInString(answer)
	f.Check(n >= 1 && n <= 2000, "answer", "field.length", kernel.T("请用 1 至 2000 字说明不予采纳的理由", "Say in 1 to 2,000 characters why it does not hold"))
	f.Check(!kernel.Hidden(answer), "answer", "field.hidden_characters", kernel.T("含有不可见字符", "Contains invisible characters"))
	if err := f.Err(); err != nil {
		return Objection{}, err
	}
	o, err := database.Do(ctx, d.DB, "notice.dismiss", func(tx *database.Tx) (Objection, error) { return dismiss(tx, id, answer) })
	if err != nil {
		return o, err
	}
	// The dismissal stands by itself: an award that fails here is still due, and
	// CloseDue reports and repeats it.
	_ = d.conclude(ctx, o.NoticeID, o.ClaimID)
	return o, nil
}

func dismiss(tx *database.Tx, id kernel.ID, answer string) (Objection, error) {
	var o Objection
	if err := tx.Where("id = ?", id).Take(&o).Error; err != nil {
		return o, database.Found(err, kernel.NotFound(kernel.T("异议", "objection")))
	}
	if o.State != ObjectionOpen {
		return o, decided()
	}
	if err := hold(tx, o.ClaimID); err != nil {
		return o, err
	}
	c, t, err := claims.Find(tx, o.ClaimID, 0, subsidies.ClaimDismiss)
	if err != nil {
		return o, err
	}
	done := tx.Model(&Objection{}).Where("id = ? AND state = ?", id, ObjectionOpen).
		Updates(map[string]any{"state": ObjectionDismissed, "answer": answer, "decided_by": tx.Call.Actor.Person, "decided_at": tx.Now})
	if err := database.Changed(done, decided()); err != nil {
		return o, err
	}
	o.State, o.Answer, o.DecidedBy, o.DecidedAt = ObjectionDismissed, answer, tx.Call.Actor.Person, &tx.Now
	if err := audit.Record(tx, audit.Entry{Action: "objection.dismiss", ObjectKind: "claim", ObjectID: string(c.ID), Detail: map[string]any{"objection": id}}); err != nil {
		return o, err
	}
	var open int64
	if err := tx.Model(&Objection{}).Where("claim_id = ? AND state = ?", c.ID, ObjectionOpen).Count(&open).Error; err != nil {
		return o, err
	}
	if open > 0 {
		return o, record.Hand(tx, c.ID, t.Part)
	}
	return o, claims.Advance(tx, &c, t, claims.Move{Act: subsidies.ClaimDismiss, Reason: record.Reason{Note: answer}})
}

func decided() error {
	return kernel.Conflict("objection.decided", kernel.T("该异议已有结论", "This objection has been decided"))
}
