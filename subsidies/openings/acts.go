package openings

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
)

// Drawn is the outbox kind that tells the parties of an agreement its place.
const Drawn = "opening.drawn"

// settling is how long after the end of a window its list may be closed, so that
// a confirmation of the last moment has been committed.
const settling = 10 * time.Minute

// chunk bounds the rows that one statement numbers.
const chunk = 400

// Pledge publishes the digest of the officer's secret seed. Two officers pledge;
// nobody pledges twice (opening.same_person), and no digest is pledged again.
func (d *Desk) Pledge(ctx context.Context, code string, closes kernel.Date, commitment string) error {
	if !SeedForm(commitment) {
		return badSeed("commitment")
	}
	return d.move(ctx, code, closes, subsidies.OpeningPledge, func(tx *database.Tx, o *subsidies.Opening) error {
		all, err := seeds(tx.DB, o.ID)
		if err != nil {
			return err
		}
		who := tx.Call.Actor
		if slices.ContainsFunc(all, func(s Seed) bool { return s.PersonID == who.Person }) {
			return kernel.Conflict("opening.same_person", kernel.T("两份种子须由两名经办人分别封存", "The two seeds are pledged by two officers"))
		}
		if slices.ContainsFunc(all, func(s Seed) bool { return s.Commitment == commitment }) {
			return kernel.Conflict("opening.same_seed", kernel.T("不能封存相同的种子", "The same seed cannot be pledged twice"))
		}
		err = tx.Create(&Seed{OpeningID: o.ID, PersonID: who.Person, PersonName: who.Name, Ordinal: len(all) + 1, Commitment: commitment, CommittedAt: tx.Now}).Error
		if database.IsDuplicate(err) {
			return database.Stale()
		}
		return err
	})
}

// Close closes the list once the window is over: numbers it and publishes its digest.
func (d *Desk) Close(ctx context.Context, code string, closes kernel.Date) error {
	return d.move(ctx, code, closes, subsidies.OpeningClose, func(tx *database.Tx, o *subsidies.Opening) error {
		if tx.Now.Before(closes.AddDays(1).Start().Add(settling)) {
			return kernel.Conflict("opening.not_over", kernel.T("登记期至 %[1]s 24 时止，10 分钟后方可封存名单", "The window runs to the end of %[1]s; the list can be closed ten minutes later", string(closes)))
		}
		var ids []kernel.ID
		if err := entering(tx.DB, code, closes).Order("e.entered_at, e.agreement_id").Pluck("e.agreement_id", &ids).Error; err != nil {
			return err
		}
		if err := spread(tx, "number", ids); err != nil {
			return err
		}
		lots, err := lots(tx.DB, code, closes)
		if err != nil {
			return err
		}
		o.Count, o.Digest, o.ClosedAt = int64(len(lots)), Digest(List(code, closes, lots)), &tx.Now
		return nil
	})
}

// Reveal lays the officer's own seed open. It refuses (opening.seed_mismatch) a
// seed that was not pledged. With the second one the order is drawn.
func (d *Desk) Reveal(ctx context.Context, code string, closes kernel.Date, seed string) error {
	if !SeedForm(seed) {
		return badSeed("seed")
	}
	return d.move(ctx, code, closes, subsidies.OpeningReveal, func(tx *database.Tx, o *subsidies.Opening) error {
		mine, err := pending(tx, o.ID, func(s Seed) bool { return s.PersonID == tx.Call.Actor.Person })
		if err != nil {
			return err
		}
		if Pledge(seed) != mine.Commitment {
			return kernel.Conflict("opening.seed_mismatch", kernel.T("与封存时公布的摘要不符", "It does not match the digest that was pledged"))
		}
		return settle(tx, o, mine, map[string]any{"seed": seed, "revealed_at": tx.Now})
	})
}

// Forgo puts the published digest in the place of a seed that another officer has
// lost; the reason is published.
func (d *Desk) Forgo(ctx context.Context, code string, closes kernel.Date, ordinal int, reason string) error {
	var f kernel.Faults
	f.Check(strings.TrimSpace(reason) != "", "reason", "reason.required", kernel.T("请说明原因，将向社会公布", "Give the reason; it is published"))
	if err := f.Err(); err != nil {
		return err
	}
	return d.move(ctx, code, closes, subsidies.OpeningForgo, func(tx *database.Tx, o *subsidies.Opening) error {
		lost, err := pending(tx, o.ID, func(s Seed) bool { return s.Ordinal == ordinal })
		if err != nil {
			return err
		}
		if lost.PersonID == tx.Call.Actor.Person {
			return kernel.Conflict("opening.own_seed", kernel.T("不能宣布自己的种子遗失，须由另一名经办人办理", "Another officer must say that your seed is lost"))
		}
		return settle(tx, o, lost, map[string]any{"lost_reason": strings.TrimSpace(reason), "revealed_at": tx.Now})
	})
}

// pending finds the seed that still has to be laid open.
func pending(tx *database.Tx, opening kernel.ID, which func(Seed) bool) (Seed, error) {
	all, err := seeds(tx.DB, opening)
	if err != nil {
		return Seed{}, err
	}
	i := slices.IndexFunc(all, func(s Seed) bool { return which(s) && s.RevealedAt == nil })
	if i < 0 {
		return Seed{}, kernel.Conflict("opening.no_seed", kernel.T("没有待公开的种子", "There is no such seed still to be laid open"))
	}
	return all[i], nil
}

// settle notes what became of a seed, and draws when it was the last.
func settle(tx *database.Tx, o *subsidies.Opening, s Seed, set map[string]any) error {
	if err := database.Change(tx, "opening_seeds", set, "opening_id = ? AND ordinal = ? AND revealed_at IS NULL", []any{o.ID, s.Ordinal}, database.Stale()); err != nil {
		return err
	}
	if o.State != subsidies.OpeningDrawn {
		return nil
	}
	all, err := seeds(tx.DB, o.ID)
	if err != nil {
		return err
	}
	listed, err := numbered(tx.DB, o.PolicyCode, o.ClosesOn)
	if err != nil {
		return err
	}
	lots := make([]Lot, len(listed))
	byNumber := make(map[int]kernel.ID, len(listed))
	for i, l := range listed {
		lots[i], byNumber[l.Number] = l.lot(), l.ID
	}
	ids := make([]kernel.ID, len(lots))
	for i, l := range Order(lots, effective(all, o.Digest)) {
		ids[i] = byNumber[l.Number]
	}
	if err := spread(tx, "place", ids); err != nil {
		return err
	}
	o.DrawnAt = &tx.Now
	for _, id := range ids {
		if err := queue.Send(tx, queue.Message{Kind: Drawn, Subject: id}); err != nil {
			return err
		}
	}
	return nil
}

// spread numbers entries from 1 in the order given.
func spread(tx *database.Tx, column string, ids []kernel.ID) error {
	n := 0
	for some := range slices.Chunk(ids, chunk) {
		var whens strings.Builder
		args := make([]any, 0, 3*len(some))
		for _, id := range some {
			n++
			whens.WriteString(" WHEN ? THEN ?")
			args = append(args, id, n)
		}
		marks, keys := database.In(some)
		changed, err := database.Exec(tx, "UPDATE opening_entries SET "+column+" = CASE agreement_id"+whens.String()+" ELSE "+column+" END WHERE agreement_id IN "+marks, append(args, keys...)...)
		if err != nil {
			return err
		}
		if changed != int64(len(some)) {
			return database.Stale()
		}
	}
	return nil
}

// listed is a line of a closed list as it is stored.
type listed struct {
	ID        kernel.ID
	Number    int
	Agreement string
	Band      int
	At        time.Time
	Place     int
	Explained string
}

func (l listed) lot() Lot {
	return Lot{Number: l.Number, Agreement: l.Agreement, Band: l.Band, At: l.At}
}

func numbered(db *gorm.DB, code string, closes kernel.Date) ([]listed, error) {
	var rows []listed
	err := db.Table("opening_entries e").Joins("JOIN agreements a ON a.id = e.agreement_id").
		Select("a.id AS id, e.number AS number, a.number AS agreement, e.band AS band, e.entered_at AS at, e.place AS place, e.explained AS explained").
		Where("e.policy_code = ? AND e.round = ? AND e.number > 0", code, closes).Order("e.number").Find(&rows).Error
	return rows, err
}

func lots(db *gorm.DB, code string, closes kernel.Date) ([]Lot, error) {
	rows, err := numbered(db, code, closes)
	out := make([]Lot, len(rows))
	for i, r := range rows {
		out[i] = r.lot()
	}
	return out, err
}

func badSeed(field string) error {
	var f kernel.Faults
	f.Add(field, "opening.seed_form", kernel.T("应为 64 位小写十六进制数", "64 lower-case hex digits"))
	return f.Err()
}
