package budget

import (
	"yunhui/services/database"
	"yunhui/subsidies"
)

// Awarding is one claim to be awarded: what its agreement had reserved, and the
// legs that are final. The subject names the claim. What was reserved beyond them
// goes back to the ceilings under which it was drawn.
type Awarding struct {
	Subject  Subject
	Reserved Portion
	Legs     subsidies.Legs
	Ceilings []Ceiling
}

// Award turns what was reserved into what is owed to the payee and gives the
// rest back; the three legs are recorded with it. s names the claim.
func Award(tx *database.Tx, s Subject, reserved Portion, l subsidies.Legs) error {
	return AwardAll(tx, Awarding{Subject: s, Reserved: reserved, Legs: l})
}

// AwardAll is Award for many claims, all or none: a journal for each, and one
// guarded update of all ceilings and of all appropriations.
func AwardAll(tx *database.Tx, all ...Awarding) error {
	entries := make([]entry, len(all))
	due, back := sums{}, returns{}
	for i, w := range all {
		if err := w.Legs.Conserved(); err != nil {
			return err
		}
		s, owed := w.Subject, PortionOf(w.Legs)
		entries[i] = entry{effect: "award:" + string(s.ID), subject: s, lines: w.lines()}
		due.add(s.fund(), s.District, delta{reserved: -w.Reserved.District, awarded: owed.District})
		due.add(s.fund(), City, delta{reserved: -w.Reserved.Municipal, awarded: owed.Municipal})
		for _, c := range w.Ceilings {
			back.add(c, w.Reserved.Total()-owed.Total())
		}
	}
	if err := book(tx, "award", entries...); err != nil {
		return err
	}
	if err := back.apply(tx); err != nil {
		return err
	}
	return due.apply(tx)
}

func (w Awarding) lines() []Posting {
	owed, district := PortionOf(w.Legs), w.Subject.District
	lines := make([]Posting, 0, 12)
	lines = append(lines, move(City, Reserved, Awarded, owed.Municipal)...)
	lines = append(lines, move(City, Reserved, Available, w.Reserved.Municipal-owed.Municipal)...)
	lines = append(lines, move(district, Reserved, Awarded, owed.District)...)
	lines = append(lines, move(district, Reserved, Available, w.Reserved.District-owed.District)...)
	return append(lines, memorandum(district, w.Legs)...)
}
