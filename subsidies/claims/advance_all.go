package claims

import (
	"maps"
	"slices"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// together bounds the rows of one statement.
const together = 200

// AdvanceAll is Advance for many claims in the same state, all or none, in few
// statements: what notices and payment batches do. The claims are those of the
// transaction's own reading; afterwards they are as they were written.
func AdvanceAll(tx *database.Tx, all []subsidies.Claim, t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], m Move) error {
	for some := range slices.Chunk(all, together) {
		if err := advanceSome(tx, some, t, m); err != nil {
			return err
		}
	}
	return nil
}

func advanceSome(tx *database.Tx, some []subsidies.Claim, t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], m Move) error {
	from, turn := some[0].State, subsidies.ClaimMachine.Turns[t.To]
	ids, steps := make([]kernel.ID, len(some)), make([]record.Step, len(some))
	for i, c := range some {
		ids[i] = c.ID
		steps[i] = record.NewStep(tx, record.Claim, c.ID, string(t.Act), string(from), string(t.To), m.Reason)
	}
	if err := record.Hands(tx, ids, t.Part); err != nil {
		return err
	}
	set := map[string]any{"state": t.To, "turn": turn, "since": tx.Now, "updated_at": tx.Now, "version": gorm.Expr("version + 1")}
	maps.Copy(set, m.Columns)
	moved := tx.Model(&subsidies.Claim{}).Where("id IN ? AND state = ?", ids, from).Updates(set)
	if moved.Error != nil {
		return moved.Error
	}
	if moved.RowsAffected != int64(len(ids)) {
		return database.Stale()
	}
	if err := tx.Create(&steps).Error; err != nil {
		return err
	}
	for i := range some {
		c := &some[i]
		c.State, c.Turn, c.Since, c.UpdatedAt, c.Version = t.To, turn, tx.Now, tx.Now, c.Version+1
		if err := audit.Record(tx, audit.Entry{Action: "claim." + string(t.Act), ObjectKind: "claim", ObjectID: string(c.ID), Detail: map[string]any{"from": from, "to": t.To, "reason": m.Reason.Code}}); err != nil {
			return err
		}
		if err := queue.Send(tx, queue.Message{Kind: Changed, Subject: c.ID, Payload: Event{State: c.State, Round: c.Round}}); err != nil {
			return err
		}
	}
	return nil
}
