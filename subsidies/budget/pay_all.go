package budget

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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
// appropriation, the districts in order and the city last.
func PayAll(tx *database.Tx, all []Payment) error {
	for some := range slices.Chunk(all, together) {
		if err := bookPayments(tx, some); err != nil {
			return err
		}
	}
	type row struct{ policy, scope string }
	due := map[row]kernel.Fen{}
	for _, p := range all {
		due[row{p.Subject.Policy, p.Subject.District}] += p.Portion.District
		due[row{p.Subject.Policy, City}] += p.Portion.Municipal
	}
	order := slices.SortedFunc(maps.Keys(due), func(a, b row) int {
		switch {
		case (a.scope == City) != (b.scope == City):
			if a.scope == City {
				return 1
			}
			return -1
		case a.scope != b.scope:
			return strings.Compare(a.scope, b.scope)
		default:
			return strings.Compare(a.policy, b.policy)
		}
	})
	for _, r := range order {
		if err := change(tx, r.policy, movement{r.scope, delta{awarded: -due[r], paid: due[r]}}); err != nil {
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
