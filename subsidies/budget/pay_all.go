package budget

import (
	"fmt"
	"maps"
	"slices"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// together bounds the journals of one statement.
const together = 100

// Payment is one claim that the treasury has paid.
type Payment struct {
	Subject Subject
	Portion Portion
}

// PayAll is Pay for many claims: a journal for each, and one guarded update per
// policy for its appropriations, the policies in order.
func PayAll(tx *database.Tx, all []Payment) error {
	for some := range slices.Chunk(all, together) {
		if err := bookPayments(tx, some); err != nil {
			return err
		}
	}
	due := map[string]map[string]kernel.Fen{} // by policy and scope
	for _, p := range all {
		scopes := due[p.Subject.Policy]
		if scopes == nil {
			scopes = map[string]kernel.Fen{}
			due[p.Subject.Policy] = scopes
		}
		scopes[p.Subject.District] += p.Portion.District
		scopes[City] += p.Portion.Municipal
	}
	for _, policy := range slices.Sorted(maps.Keys(due)) {
		var moves []movement
		for _, scope := range slices.Sorted(maps.Keys(due[policy])) {
			paid := due[policy][scope]
			moves = append(moves, movement{scope, delta{awarded: -paid, paid: paid}})
		}
		if err := change(tx, policy, moves...); err != nil {
			return err
		}
	}
	return nil
}

func bookPayments(tx *database.Tx, some []Payment) error {
	journals := make([]journal, 0, len(some))
	var lines []Posting
	for _, p := range some {
		s := p.Subject
		j := journal{ID: kernel.NewID(tx.Now), Kind: "pay", EffectKey: "pay:" + string(s.ID), SubjectID: s.ID, PolicyCode: s.Policy, Actor: tx.Call.Actor.Person, At: tx.Now}
		journals = append(journals, j)
		n := 0
		for _, l := range append(move(City, Awarded, Paid, p.Portion.Municipal), move(s.District, Awarded, Paid, p.Portion.District)...) {
			if l.Amount == 0 {
				continue
			}
			n++
			l.JournalID, l.Line, l.PolicyCode, l.SubjectID = j.ID, n, s.Policy, s.ID
			lines = append(lines, l)
		}
	}
	if err := tx.Create(&journals).Error; err != nil {
		if database.IsDuplicate(err) {
			return fmt.Errorf("pay: %w", errTwice)
		}
		return err
	}
	if len(lines) == 0 {
		return nil
	}
	return tx.Create(&lines).Error
}
