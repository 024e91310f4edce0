package budget

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Portion is public money by level of government.
type Portion struct {
	Municipal kernel.Fen
	District  kernel.Fen
}

// PortionOf returns the public portion of legs.
func PortionOf(l subsidies.Legs) Portion { return Portion{l.Municipal, l.District} }

// Total adds both levels.
func (p Portion) Total() kernel.Fen { return p.Municipal + p.District }

// Exhausted is the refusal when an appropriation cannot bear an amount.
func Exhausted(scope string) error {
	return kernel.Conflict("budget.exhausted", kernel.T("预算额度不足（%s）", "The appropriation is exhausted (%s)", scope))
}

// Reserve sets an accepted agreement's subsidy aside.
func Reserve(tx *database.Tx, s Subject, p Portion) error {
	lines := append(move(City, Available, Reserved, p.Municipal), move(s.District, Available, Reserved, p.District)...)
	if err := book(tx, "reserve", "reserve:"+string(s.ID), s, lines); err != nil {
		return err
	}
	return both(tx, s, p, func(x kernel.Fen) delta { return delta{reserved: x} })
}

// Release gives a reservation back; effect distinguishes why ("lapse", "withdraw").
func Release(tx *database.Tx, effect string, s Subject, p Portion) error {
	lines := append(move(City, Reserved, Available, p.Municipal), move(s.District, Reserved, Available, p.District)...)
	if err := book(tx, "release", effect+":"+string(s.ID), s, lines); err != nil {
		return err
	}
	return both(tx, s, p, func(x kernel.Fen) delta { return delta{reserved: -x} })
}

// Award turns what was reserved into what is owed to the payee and gives the
// rest back; the three legs are recorded with it. s names the claim.
func Award(tx *database.Tx, s Subject, reserved Portion, l subsidies.Legs) error {
	if err := l.Conserved(); err != nil {
		return err
	}
	owed := PortionOf(l)
	lines := append(move(City, Reserved, Awarded, owed.Municipal), move(City, Reserved, Available, reserved.Municipal-owed.Municipal)...)
	lines = append(lines, move(s.District, Reserved, Awarded, owed.District)...)
	lines = append(lines, move(s.District, Reserved, Available, reserved.District-owed.District)...)
	lines = append(lines, memorandum(s.District, l)...)
	if err := book(tx, "award", "award:"+string(s.ID), s, lines); err != nil {
		return err
	}
	return change(tx, s.Policy,
		movement{s.District, delta{reserved: -reserved.District, awarded: owed.District}},
		movement{City, delta{reserved: -reserved.Municipal, awarded: owed.Municipal}})
}

// Pay records that the treasury has paid a claim. effect is unique per payment.
func Pay(tx *database.Tx, s Subject, p Portion) error {
	lines := append(move(City, Awarded, Paid, p.Municipal), move(s.District, Awarded, Paid, p.District)...)
	if err := book(tx, "pay", "pay:"+string(s.ID), s, lines); err != nil {
		return err
	}
	return both(tx, s, p, func(x kernel.Fen) delta { return delta{awarded: -x, paid: x} })
}

// both moves each level's portion the same way.
func both(tx *database.Tx, s Subject, p Portion, of func(x kernel.Fen) delta) error {
	return change(tx, s.Policy, movement{s.District, of(p.District)}, movement{City, of(p.Municipal)})
}

// delta is what happens to the columns of one appropriation.
type delta struct{ reserved, awarded, paid kernel.Fen }

// grows is what it takes from the free part.
func (d delta) grows() kernel.Fen { return d.reserved + d.awarded + d.paid }

// movement is what happens to the appropriation of one scope.
type movement struct {
	scope string
	delta
}

func level(scope string) string {
	if scope == City {
		return "city"
	}
	return "district"
}
