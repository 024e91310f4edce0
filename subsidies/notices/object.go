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

// maxOpen bounds the undecided objections to one claim.
const maxOpen = 50

// Object files an objection to a claim on an open notice; anybody may, without
// an account. The claim then waits for the city officer. After the last day it
// is refused with notice.closed.
func (d *Desk) Object(ctx context.Context, notice, claim kernel.ID, text, contact string) (Objection, error) {
	text, contact = strings.TrimSpace(text), strings.TrimSpace(contact)
	if err := checkObjection(text, contact); err != nil {
		return Objection{}, err
	}
	call := kernel.CallFrom(ctx)
	objector := call.Actor
	call.Actor = kernel.System()
	ctx = kernel.WithCall(ctx, call)
	file := func(tx *database.Tx) (Objection, error) {
		o := Objection{ID: kernel.NewID(tx.Now), NoticeID: notice, ClaimID: claim, Text: text, Contact: contact, State: ObjectionOpen, CreatedAt: tx.Now}
		if err := against(tx, o); err != nil {
			return o, err
		}
		if err := tx.Create(&o).Error; err != nil {
			return o, err
		}
		return o, audit.Record(tx, audit.Entry{Action: "notice.object", ObjectKind: "claim", ObjectID: string(claim), Detail: map[string]any{"objection": o.ID, "notice": notice, "person": objector.Person}})
	}
	o, err := database.Do(ctx, d.DB, "notice.object", file)
	if kernel.IsCode(err, "stale") { // another objection or its answer came first
		return database.Do(ctx, d.DB, "notice.object", file)
	}
	return o, err
}

func checkObjection(text, contact string) error {
	var f kernel.Faults
	hidden := kernel.T("含有不可见字符", "Contains invisible characters")
	n := utf8.RuneCountInString(text)
	f.Check(n >= 10 && n <= 2000, "text", "field.length", kernel.T("请用 10 至 2000 字说明异议", "Describe the objection in 10 to 2,000 characters"))
	f.Check(utf8.RuneCountInString(contact) <= 255, "contact", "field.too_long", kernel.T("联系方式最多 255 字", "Contact has at most 255 characters"))
	f.Check(!kernel.Hidden(text), "text", "field.hidden_characters", hidden)
	f.Check(!kernel.Hidden(contact), "contact", "field.hidden_characters", hidden)
	return f.Err()
}

// against brings the claim to objected. A claim that is objected already has its
// version raised, so that whoever decides meanwhile looks again.
func against(tx *database.Tx, o Objection) error {
	var n Notice
	if err := tx.Where("id = ?", o.NoticeID).Take(&n).Error; err != nil {
		return database.Found(err, notFound())
	}
	var c subsidies.Claim
	if err := tx.Where("id = ? AND notice_id = ?", o.ClaimID, n.ID).Take(&c).Error; err != nil {
		return database.Found(err, notFound())
	}
	over := kernel.Conflict("notice.closed", kernel.T("公示期已结束，不能再提出异议", "The notice is over; objections are no longer taken"))
	if n.On(tx.Today()) != Open {
		return over
	}
	switch c.State {
	case subsidies.ClaimNoticed:
		t, err := subsidies.ClaimMachine.Find(c.State, subsidies.ClaimObject, tx.Call.Actor.Role)
		if err != nil {
			return err
		}
		return claims.Advance(tx, &c, t, claims.Move{Act: subsidies.ClaimObject, Reason: record.Reason{}})
	case subsidies.ClaimObjected:
		if err := hold(tx, c.ID); err != nil {
			return err
		}
		var open int64
		if err := tx.Model(&Objection{}).Where("claim_id = ? AND state = ?", c.ID, ObjectionOpen).Count(&open).Error; err != nil {
			return err
		}
		if open >= maxOpen {
			return kernel.Conflict("objection.too_many", kernel.T("该申请已有多份异议在处理中", "Many objections to this claim are being looked at already"))
		}
		return nil
	default:
		return over
	}
}

// hold makes objections to a claim and their answers follow one another.
func hold(tx *database.Tx, claim kernel.ID) error {
	return database.Changed(tx.Exec("UPDATE claims SET version = version + 1 WHERE id = ? AND state = ?", claim, subsidies.ClaimObjected), database.Stale())
}
