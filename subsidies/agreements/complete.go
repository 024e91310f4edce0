package agreements

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// Complete ends the agreements whose claims are awarded, all or none, and
// returns them by ID, with their legs as they were reserved. The caller moves
// the money.
func Complete(tx *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Agreement, error) {
	var all []subsidies.Agreement
	if err := tx.Where("id IN ?", ids).Order("id").Find(&all).Error; err != nil {
		return nil, err
	}
	if len(all) != len(ids) {
		return nil, notFound()
	}
	for _, a := range all {
		if !a.VisibleTo(tx.Call.Actor) {
			return nil, notFound()
		}
		if _, err := subsidies.AgreementMachine.Find(a.State, subsidies.AgreementComplete, tx.Call.Actor.Role); err != nil {
			return nil, err
		}
	}
	return complete(tx, all, ids)
}

func complete(tx *database.Tx, all []subsidies.Agreement, ids []kernel.ID) (map[kernel.ID]subsidies.Agreement, error) {
	to := subsidies.AgreementCompleted
	turn := subsidies.AgreementMachine.Turns[to]
	marks, keys := database.In(ids)
	n, err := database.Exec(tx, "UPDATE agreements SET state = ?, turn = ?, since = ?, updated_at = ?, version = version + 1 WHERE id IN "+marks+" AND state = ?",
		append(append([]any{to, turn, tx.Now, tx.Now}, keys...), subsidies.AgreementAccepted)...)
	if err != nil {
		return nil, err
	}
	if n != int64(len(all)) {
		return nil, database.Stale()
	}
	out := make(map[kernel.ID]subsidies.Agreement, len(all))
	for _, a := range all {
		from := a.State
		a.State, a.Turn, a.Since, a.UpdatedAt, a.Version = to, turn, tx.Now, tx.Now, a.Version+1
		out[a.ID] = a
		if err := noted(tx, a.ID, subsidies.AgreementComplete, from, to, record.Reason{}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
