package budget

import (
	"context"
	"encoding/json"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/gazette"
)

// books gathers the breaches of acts, daily totals and closings.
type books struct {
	*Desk
	out []kernel.Breach
}

func (b *books) found(law, object, detail string, args ...any) {
	if len(b.out) < breachLimit {
		b.out = append(b.out, kernel.Breach{Law: law, Object: object, Detail: fmt.Sprintf(detail, args...)})
	}
}

// VerifyBooks checks what is kept beside the ledger against it: that each approved
// act has the journal that it says and nobody decided the own proposal, that the
// daily totals are the sums of their postings, and that every closing still seals
// the balances that the ledger gives.
func VerifyBooks(ctx context.Context, db *database.DB, policies *gazette.Library) ([]kernel.Breach, error) {
	b := &books{Desk: &Desk{DB: db, Policies: policies}}
	for _, check := range []func(context.Context) error{b.acts, b.days, b.seals, b.closedRows} {
		if err := check(ctx); err != nil {
			return b.out, err
		}
	}
	return b.out, nil
}

// acts compares each act with its journal, line by line.
func (b *books) acts(ctx context.Context) error {
	db := b.DB.Read(ctx)
	var all []Act
	if err := db.Order("id").Find(&all).Error; err != nil {
		return err
	}
	var journals []journal
	if err := db.Where("kind IN ?", []ActKind{Supplement, Reduce, Transfer}).Find(&journals).Error; err != nil {
		return err
	}
	booked := map[string]journal{}
	for _, j := range journals {
		booked[j.EffectKey] = j
	}
	for _, a := range all {
		object := "act " + a.DocumentNumber + " " + string(a.ID)
		j, is := booked[a.effect()]
		delete(booked, a.effect())
		switch {
		case a.State == Approved && a.ProposedBy == a.DecidedBy:
			b.found("four eyes", object, "was approved by who proposed it")
		case (a.State == Proposed) != (a.DecidedBy == "") || (a.LiveKey == nil) != (a.State == Refused || a.State == Withdrawn) || (a.LiveKey != nil && *a.LiveKey != *a.line()):
			b.found("once", object, "does not hold the key that keeps its document from acting twice: %s", a.State)
		case is != (a.State == Approved):
			b.found("double entry", object, "is %s, and its journal %s", a.State, map[bool]string{true: "stands", false: "is missing or of another act"}[is])
		case is:
			if err := b.sameLines(ctx, a, j, object); err != nil {
				return err
			}
		}
	}
	for _, j := range booked {
		b.found("budget", "journal "+string(j.ID), "moved an appropriation without an approved act")
	}
	return nil
}

func (b *books) sameLines(ctx context.Context, a Act, j journal, object string) error {
	var lines []Posting
	if err := b.DB.Read(ctx).Where("journal_id = ?", j.ID).Order("line").Find(&lines).Error; err != nil {
		return err
	}
	want := a.lines()
	same := len(lines) == len(want) && j.PolicyCode == a.PolicyCode && j.SubjectID == a.ID && j.Kind == string(a.Kind)
	for i := range want {
		if !same {
			break
		}
		w := want[i]
		w.JournalID, w.Line, w.PolicyCode, w.SubjectID = j.ID, i+1, a.PolicyCode, a.ID
		same = lines[i] == w
	}
	if !same {
		b.found("double entry", object, "its postings are not what was decided")
	}
	return nil
}

// days sums every day up anew and compares.
func (b *books) days(ctx context.Context) error {
	db := b.DB.Read(ctx)
	policies, err := policiesOf(db)
	if err != nil {
		return err
	}
	last, err := lastRolled(db)
	if err != nil {
		return err
	}
	var kept []Total
	if err := db.Order("day").Find(&kept).Error; err != nil {
		return err
	}
	byDay := map[kernel.Date]map[Total]bool{}
	for _, t := range kept {
		if byDay[t.Day] == nil {
			byDay[t.Day] = map[Total]bool{}
		}
		byDay[t.Day][t] = true
	}
	for day := kernel.Date(""); ; {
		if day, err = nextDay(db, day); err != nil {
			return err
		}
		if day == "" || day > last {
			break
		}
		posted, err := b.sumUp(ctx, db, day, policies...)
		if err != nil {
			return err
		}
		of := byDay[day]
		for _, t := range posted {
			if !of[t] {
				b.found("double entry", fmt.Sprintf("day %s of %s/%s", day, Fund{t.PolicyCode, t.BudgetYear}, t.Scope), "its total of %s is not that of its postings: +%d −%d fen", t.Account, t.Raised, t.Lowered)
			}
			delete(of, t)
		}
	}
	for _, of := range byDay {
		for t := range of {
			b.found("double entry", fmt.Sprintf("day %s of %s/%s", t.Day, Fund{t.PolicyCode, t.BudgetYear}, t.Scope), "a total of %s has no such postings: +%d −%d fen", t.Account, t.Raised, t.Lowered)
		}
	}
	return nil
}

// seals recomputes the chain of closings, and each one's balances.
func (b *books) seals(ctx context.Context) error {
	db := b.DB.Read(ctx)
	var all []Closing
	if err := db.Order("through, period DESC").Find(&all).Error; err != nil {
		return err
	}
	previous := ""
	for _, c := range all {
		object := "closing " + c.Period
		if c.Previous != previous || c.Digest != c.seal() || c.Through != lastDay(c.Period) {
			b.found("double entry", object, "is not what was sealed")
		}
		previous = c.Digest
		now, err := balancesOf(db, c.Period)
		if err != nil {
			return err
		}
		text, err := json.Marshal(now)
		if err != nil {
			return err
		}
		if string(text) != c.Balances {
			b.found("double entry", object, "the ledger gives other balances than were sealed")
		}
	}
	return nil
}

// closedRows compares what keeps postings out of closed days with the closings.
func (b *books) closedRows(ctx context.Context) error {
	db := b.DB.Read(ctx)
	closed, err := closedThrough(db)
	if err != nil {
		return err
	}
	var rows []Appropriation
	if err := db.Where("closed_through <> ?", closed).Limit(breachLimit).Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		b.found("double entry", "appropriation "+Fund{r.PolicyCode, r.BudgetYear}.String()+"/"+r.Scope, "is closed through %q, the books through %q", r.ClosedThrough, closed)
	}
	return nil
}
