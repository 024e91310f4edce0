package clawbacks

import (
	"context"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// RequestWriteOff asks to give up what is still open, for a reason in words: the
// debtor is insolvent, dissolved, cannot be found.
func (d *Desk) RequestWriteOff(ctx context.Context, id kernel.ID, version int64, note string) (subsidies.Clawback, error) {
	var f kernel.Faults
	f.Check(strings.TrimSpace(note) != "", "note", "note.required", kernel.T("请写明核销的理由", "Say in words why it should be written off"))
	if err := f.Err(); err != nil {
		return subsidies.Clawback{}, err
	}
	return database.Do(ctx, d.DB, "clawback.request_write_off", func(tx *database.Tx) (subsidies.Clawback, error) {
		c, t, err := find(tx, id, version, subsidies.ClawbackRequestWriteOff)
		if err != nil {
			return c, err
		}
		if c.Held > 0 {
			return c, underWay()
		}
		if err := asks(tx, c.ID); err != nil {
			return c, err
		}
		err = advance(tx, &c, t, move{why: record.Reason{Note: strings.TrimSpace(note)}, amount: c.Open()})
		return c, err
	})
}

// asks leaves the hand of who asks for a write-off, unless that person has proposed
// or decided before: any hand keeps from approving it. Who has declined one may not
// ask for the next.
func asks(tx *database.Tx, id kernel.ID) error {
	who, ids := tx.Call.Actor.Person, []kernel.ID{id}
	handed, err := record.HandedBy(tx.Context(), tx.DB, who, ids, subsidies.PartNone)
	if err != nil {
		return err
	}
	if !handed[id] {
		return record.Hand(tx, id, subsidies.PartWriteOffAsker)
	}
	other, err := record.HandedBy(tx.Context(), tx.DB, who, ids, subsidies.PartWriteOffApprover)
	if err == nil && !other[id] {
		err = subsidies.FourEyes()
	}
	return err
}

// DecideWriteOff approves or declines it. Who decides has had no hand in the
// clawback before, nor in the claim. What is written off refills no budget.
func (d *Desk) DecideWriteOff(ctx context.Context, id kernel.ID, n Decision) (subsidies.Clawback, error) {
	var f kernel.Faults
	f.Check(n.Act == subsidies.ClawbackWriteOff || n.Act == subsidies.ClawbackDeclineWriteOff, "outcome", "decision.unknown", kernel.T("未知的结论", "Unknown outcome"))
	f.Check(strings.TrimSpace(n.Note) != "", "note", "note.required", kernel.T("请写明理由", "Give the reason in words"))
	if err := f.Err(); err != nil {
		return subsidies.Clawback{}, err
	}
	return database.Do(ctx, d.DB, "clawback."+string(n.Act), func(tx *database.Tx) (subsidies.Clawback, error) {
		c, t, err := find(tx, id, n.Version, n.Act)
		if err != nil {
			return c, err
		}
		if err := uninvolved(tx, c.ClaimID); err != nil {
			return c, err
		}
		m := move{why: record.Reason{Note: strings.TrimSpace(n.Note)}, amount: c.Open()}
		if n.Act == subsidies.ClawbackDeclineWriteOff {
			err = advance(tx, &c, t, m)
			return c, err
		}
		e := entry(tx, c, WrittenOff, Booked, opened(c))
		if err := tx.Create(&e).Error; err != nil {
			return c, err
		}
		m.columns = map[string]any{"open_municipal_fen": 0, "open_district_fen": 0, "written_off_fen": c.WrittenOff + e.Amount, "next_due_on": nil, "closed_at": tx.Now}
		if err := advance(tx, &c, t, m); err != nil {
			return c, err
		}
		return c, bookWriteOff(tx, c, e)
	})
}
