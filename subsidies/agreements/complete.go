package agreements

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// Complete ends the agreements whose claims are awarded, all or none, as the
// transaction has just read them. The caller moves the money, and names the
// agreement in the audit entry of the award.
func Complete(tx *database.Tx, all []subsidies.Agreement) error {
	const from, what = subsidies.AgreementAccepted, subsidies.AgreementComplete
	ids := make([]kernel.ID, len(all))
	for i, a := range all {
		if !a.VisibleTo(tx.Call.Actor) {
			return notFound()
		}
		if _, err := subsidies.AgreementMachine.Find(a.State, what, tx.Call.Actor.Role); err != nil {
			return err
		}
		ids[i] = a.ID
	}
	to := subsidies.AgreementCompleted
	marks, keys := database.In(ids)
	n, err := database.Exec(tx, "UPDATE agreements SET state = ?, turn = ?, since = ?, updated_at = ?, version = version + 1 WHERE id IN "+marks+" AND state = ?",
		append(append([]any{to, subsidies.AgreementMachine.Turns[to], tx.Now, tx.Now}, keys...), from)...)
	if err != nil {
		return err
	}
	if n != int64(len(all)) {
		return database.Stale()
	}
	for _, id := range ids {
		if err := record.Add(tx, record.Agreement, id, string(what), string(from), string(to), record.Reason{}); err != nil {
			return err
		}
	}
	return nil
}
