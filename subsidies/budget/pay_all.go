package budget

import (
	"maps"
	"slices"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Payment is one claim that the treasury has paid.
type Payment struct {
	Subject Subject
	Portion Portion
}

// Pay records that the treasury has paid a claim, once.
func Pay(tx *database.Tx, s Subject, p Portion) error { return PayAll(tx, []Payment{{s, p}}) }

// PayAll is Pay for many claims: a journal for each, and one guarded update of
// all appropriations.
func PayAll(tx *database.Tx, all []Payment) error {
	years, err := awardedIn(tx, all)
	if err != nil {
		return err
	}
	entries := make([]entry, len(all))
	due := sums{}
	for i, p := range all {
		s := p.Subject
		s.Year = years[s.ID]
		entries[i] = entry{effect: "pay:" + string(s.ID), subject: s, lines: append(move(City, Awarded, Paid, p.Portion.Municipal), move(s.District, Awarded, Paid, p.Portion.District)...)}
		due.add(s.fund(), s.District, delta{awarded: -p.Portion.District, paid: p.Portion.District})
		due.add(s.fund(), City, delta{awarded: -p.Portion.Municipal, paid: p.Portion.Municipal})
	}
	if err := book(tx, "pay", entries...); err != nil {
		return err
	}
	return due.apply(tx)
}

// awardedIn returns the years of the appropriations that bore the awards: a claim
// is paid from what it was awarded from, whatever year it is paid in.
func awardedIn(tx *database.Tx, all []Payment) (map[kernel.ID]string, error) {
	years := make(map[kernel.ID]string, len(all))
	for some := range slices.Chunk(all, 500) {
		ids := make([]kernel.ID, len(some))
		for i, p := range some {
			ids[i] = p.Subject.ID
		}
		found, err := yearsOf(tx, Awarded, ids...)
		if err != nil {
			return nil, err
		}
		maps.Copy(years, found)
	}
	return years, nil
}

// yearsOf looks up from which year's appropriation subjects were posted to an account.
func yearsOf(tx *database.Tx, account Account, ids ...kernel.ID) (map[kernel.ID]string, error) {
	var rows []struct {
		SubjectID  kernel.ID
		BudgetYear string
	}
	err := tx.Raw("SELECT DISTINCT subject_id, budget_year FROM postings WHERE subject_id IN ? AND account = ?", ids, account).Scan(&rows).Error
	years := make(map[kernel.ID]string, len(rows))
	for _, r := range rows {
		years[r.SubjectID] = r.BudgetYear
	}
	return years, err
}
