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
	if err := book(tx, "reserve", entry{effect: "reserve:" + string(s.ID), subject: s, lines: lines}); err != nil {
		return err
	}
	return both(tx, s, p, func(x kernel.Fen) delta { return delta{reserved: x} })
}

// Release gives a reservation back; effect distinguishes why ("lapse", "withdraw").
func Release(tx *database.Tx, effect string, s Subject, p Portion) error {
	lines := append(move(City, Reserved, Available, p.Municipal), move(s.District, Reserved, Available, p.District)...)
	if err := book(tx, "release", entry{effect: effect + ":" + string(s.ID), subject: s, lines: lines}); err != nil {
		return err
	}
	return both(tx, s, p, func(x kernel.Fen) delta { return delta{reserved: -x} })
}

// both moves each level's portion the same way.
func both(tx *database.Tx, s Subject, p Portion, of func(x kernel.Fen) delta) error {
	return change(tx, movement{row{s.fund(), s.District}, of(p.District)}, movement{row{s.fund(), City}, of(p.Municipal)})
}
