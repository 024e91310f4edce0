package claims

import (
	"maps"
	"slices"

	"yunhui/services/database"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// together bounds the rows of one statement.
const together = 200

// AdvanceAll is Advance for many claims in the same state, all or none, in few
// statements and with few messages: what notices and payment batches do. The
// claims are those of the transaction's own reading; afterwards they are as they
// were written.
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
	ids := idsOf(some)
	if err := record.Hands(tx, ids, t.Part); err != nil {
		return err
	}
	statement := "UPDATE claims SET state = ?, turn = ?, since = ?, updated_at = ?, version = version + 1"
	args := []any{t.To, turn, tx.Now, tx.Now}
	for _, column := range slices.Sorted(maps.Keys(m.Columns)) {
		statement, args = statement+", "+column+" = ?", append(args, m.Columns[column])
	}
	marks, keys := database.In(ids)
	n, err := database.Exec(tx, statement+" WHERE id IN "+marks+" AND state = ?", append(append(args, keys...), from)...)
	if err != nil {
		return err
	}
	if n != int64(len(ids)) {
		return database.Stale()
	}
	for i := range some {
		c := &some[i]
		c.State, c.Turn, c.Since, c.UpdatedAt, c.Version = t.To, turn, tx.Now, tx.Now, c.Version+1
		if err := stepped(tx, *c, t.Act, from, m.Reason, moved{from, t.To, m.Reason.Code}); err != nil {
			return err
		}
	}
	return tellTogether(tx, some)
}
