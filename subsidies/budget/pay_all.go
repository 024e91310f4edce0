package budget

import "yunhui/services/database"

// Payment is one claim that the treasury has paid.
type Payment struct {
	Subject Subject
	Portion Portion
}

// Pay records that the treasury has paid a claim, once.
func Pay(tx *database.Tx, s Subject, p Portion) error { return PayAll(tx, []Payment{{s, p}}) }

// PayAll is Pay for many claims: a journal for each, and one guarded update per
// policy for its appropriations.
func PayAll(tx *database.Tx, all []Payment) error {
	entries := make([]entry, len(all))
	due := sums{}
	for i, p := range all {
		s := p.Subject
		entries[i] = entry{"pay:" + string(s.ID), s, append(move(City, Awarded, Paid, p.Portion.Municipal), move(s.District, Awarded, Paid, p.Portion.District)...)}
		due.add(s.Policy, s.District, delta{awarded: -p.Portion.District, paid: p.Portion.District})
		due.add(s.Policy, City, delta{awarded: -p.Portion.Municipal, paid: p.Portion.Municipal})
	}
	if err := book(tx, "pay", entries...); err != nil {
		return err
	}
	return due.apply(tx)
}
