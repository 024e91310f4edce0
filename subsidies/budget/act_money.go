package budget

import (
	"cmp"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// effect is the key under which the act's journal counts once.
func (a Act) effect() string { return "act:" + string(a.ID) + ":" + a.digest() }

// lines are the postings of the act.
func (a Act) lines() []Posting {
	switch a.Kind {
	case Reduce:
		return inYear(a.BudgetYear, move(a.Scope, Available, Appropriated, a.Amount))
	case Transfer:
		return append(inYear(a.FromYear, move(a.FromScope, Available, Appropriated, a.Amount)), inYear(a.BudgetYear, move(a.Scope, Appropriated, Available, a.Amount))...)
	default:
		return inYear(a.BudgetYear, move(a.Scope, Appropriated, Available, a.Amount))
	}
}

func inYear(year string, lines []Posting) []Posting {
	for i := range lines {
		lines[i].BudgetYear = year
	}
	return lines
}

// carryOut books the act and changes what is appropriated, rows in the order of
// their key.
func (a Act) carryOut(tx *database.Tx) error {
	s := Subject{ID: a.ID, Policy: a.PolicyCode, District: a.Scope}
	if err := book(tx, string(a.Kind), entry{effect: a.effect(), subject: s, lines: a.lines()}); err != nil {
		return err
	}
	if err := tx.Flush(); err != nil {
		return err
	}
	switch a.Kind {
	default:
		return raise(tx, a.fund(), a.Scope, a.Amount)
	case Reduce:
		return lower(tx, a.fund(), a.Scope, a.Amount)
	case Transfer:
		if cmp.Or(a.from().compare(a.fund()), cmp.Compare(level(a.FromScope), level(a.Scope)), cmp.Compare(a.FromScope, a.Scope)) > 0 {
			if err := raise(tx, a.fund(), a.Scope, a.Amount); err != nil {
				return err
			}
			return lower(tx, a.from(), a.FromScope, a.Amount)
		}
		if err := lower(tx, a.from(), a.FromScope, a.Amount); err != nil {
			return err
		}
		return raise(tx, a.fund(), a.Scope, a.Amount)
	}
}

// raise adds to what is appropriated, or makes the row of a scope's first money.
func raise(tx *database.Tx, of Fund, scope string, amount kernel.Fen) error {
	for range 2 {
		raised := tx.Exec(`UPDATE appropriations SET amount_fen = amount_fen + ?, version = version + 1, updated_at = ?
			WHERE policy_code = ? AND budget_year = ? AND level = ? AND scope = ? AND closed_through < ? AND amount_fen <= ?`,
			amount, tx.Now, of.Policy, of.Year, level(scope), scope, tx.Today(), kernel.MaxFen-amount)
		if raised.Error != nil || raised.RowsAffected > 0 {
			return raised.Error
		}
		if err := open(tx, of); err != nil {
			return err
		}
		closed, err := closedThrough(tx.DB)
		if err != nil {
			return err
		}
		row := Appropriation{ID: kernel.NewID(tx.Now), PolicyCode: of.Policy, BudgetYear: of.Year, Level: level(scope), Scope: scope, Amount: amount, UpdatedAt: tx.Now, ClosedThrough: closed}
		if err := tx.Create(&row).Error; !database.IsDuplicate(err) {
			return err
		}
		// Others have just voted its first money: add to theirs.
	}
	return kernel.Conflict("budget.amount", kernel.T("额度超出系统可记录的上限", "The appropriation would pass what the books can hold"))
}

// lower takes from the free part alone, under any concurrency.
func lower(tx *database.Tx, of Fund, scope string, amount kernel.Fen) error {
	n, err := database.Exec(tx, `UPDATE appropriations SET amount_fen = amount_fen - ?, version = version + 1, updated_at = ?
		WHERE policy_code = ? AND budget_year = ? AND level = ? AND scope = ? AND closed_through < ? AND amount_fen - reserved_fen - awarded_fen - paid_fen >= ?`,
		amount, tx.Now, of.Policy, of.Year, level(scope), scope, tx.Today(), amount)
	if err != nil || n > 0 {
		return err
	}
	if err := open(tx, of); err != nil {
		return err
	}
	return Exhausted(scope)
}
