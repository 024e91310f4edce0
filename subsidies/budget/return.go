package budget

import (
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Return records that money which had been paid for a claim came back, and refills
// the appropriations that bore it, whatever year it comes back in. The account
// paid keeps what was ever paid; returned stands against it. Effect is the key
// under which it counts once. More than was paid does not come back
// (budget.returned), under any concurrency.
func Return(tx *database.Tx, effect string, s Subject, p Portion) error {
	if p.Municipal < 0 || p.District < 0 || p.Total() == 0 {
		return kernel.Invalid("budget.amount", kernel.T("退回金额必须大于零", "What comes back must be above zero"))
	}
	years, err := yearsOf(tx, Paid, s.ID)
	if err != nil {
		return err
	}
	year, paid := years[s.ID]
	if !paid {
		return tooMuch()
	}
	s.Year = year
	lines := append(move(City, Returned, Available, p.Municipal), move(s.District, Returned, Available, p.District)...)
	if err := book(tx, "return", entry{effect: "return:" + effect, subject: s, lines: lines}); err != nil {
		return err
	}
	if err := both(tx, s, p, func(x kernel.Fen) delta { return delta{paid: -x} }); err != nil {
		return err
	}
	return kept(tx, s)
}

// kept looks after the change: by then the rows of the appropriations are held,
// so that two returns of one claim see each other.
func kept(tx *database.Tx, s Subject) error {
	var below []string
	err := tx.Raw("SELECT scope FROM postings WHERE subject_id = ? AND account IN (?, ?) GROUP BY scope HAVING SUM(amount_fen) < 0", s.ID, Paid, Returned).Scan(&below).Error
	if err == nil && len(below) > 0 {
		err = fmt.Errorf("%v of %s: %w", below, s.ID, tooMuch())
	}
	return err
}

func tooMuch() error {
	return kernel.Conflict("budget.returned", kernel.T("退回金额超过该申请已拨付的金额", "More would come back than was paid for this claim"))
}
