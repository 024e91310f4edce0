package budget

import (
	"maps"
	"slices"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// delta is what happens to the columns of one appropriation.
type delta struct{ reserved, awarded, paid kernel.Fen }

// grows is what it takes from the free part.
func (d delta) grows() kernel.Fen { return d.reserved + d.awarded + d.paid }

func (d delta) column(i int) any { return [...]any{d.reserved, d.awarded, d.paid}[i] }

// movement is what happens to the appropriation of one scope.
type movement struct {
	scope string
	delta
}

// sums gathers what happens to appropriations, by fund and scope.
type sums map[Fund]map[string]delta

func (s sums) add(of Fund, scope string, d delta) {
	scopes := s[of]
	if scopes == nil {
		scopes = map[string]delta{}
		s[of] = scopes
	}
	sum := scopes[scope]
	scopes[scope] = delta{sum.reserved + d.reserved, sum.awarded + d.awarded, sum.paid + d.paid}
}

// apply changes the appropriations, always in the same order, so that two that
// meet wait for each other and not both.
func (s sums) apply(tx *database.Tx) error {
	for _, of := range slices.SortedFunc(maps.Keys(s), Fund.compare) {
		var all []movement
		for _, scope := range slices.Sorted(maps.Keys(s[of])) {
			all = append(all, movement{scope, s[of][scope]})
		}
		if err := change(tx, of, all...); err != nil {
			return err
		}
	}
	return nil
}

// change is the guarded update of law 3: no column falls below zero and the sum
// never exceeds the appropriation, and nothing moves on a day that is closed.
// These are the rows that all wait for, so that whatever else the transaction has
// to write goes first, and all rows of a fund are changed by one statement, which
// locks them in the order of their key.
func change(tx *database.Tx, of Fund, all ...movement) error {
	if err := tx.Flush(); err != nil {
		return err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(m movement) bool { return m.delta == (delta{}) })
	if len(all) == 0 {
		return nil
	}
	where, guards := guard(tx, of, all)
	set, args := set(all)
	n, err := database.Exec(tx, "UPDATE appropriations SET "+set+", version = version + 1, updated_at = ? WHERE "+where, append(append(args, tx.Now), guards...)...)
	if err == nil && n < int64(len(all)) {
		err = short(tx, of, where, guards, all)
	}
	return err
}

// set says what is added to each column of each row.
func set(all []movement) (statement string, args []any) {
	var b strings.Builder
	for i, column := range []string{"reserved_fen", "awarded_fen", "paid_fen"} {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(column + " = " + column + " + CASE scope")
		for _, m := range all {
			b.WriteString(" WHEN ? THEN ?")
			args = append(args, m.scope, m.column(i))
		}
		b.WriteString(" ELSE 0 END")
	}
	return b.String(), args
}

// guard finds the rows that can bear their movement.
func guard(tx *database.Tx, of Fund, all []movement) (where string, args []any) {
	const one = `(level = ? AND scope = ? AND reserved_fen >= ? AND awarded_fen >= ? AND paid_fen >= ? AND amount_fen - reserved_fen - awarded_fen - paid_fen >= ?)`
	args = append(args, of.Policy, of.Year, tx.Today())
	for _, m := range all {
		args = append(args, level(m.scope), m.scope, -m.reserved, -m.awarded, -m.paid, m.grows())
	}
	return "policy_code = ? AND budget_year = ? AND closed_through < ? AND (" + one + strings.Repeat(" OR "+one, len(all)-1) + ")", args
}

// short names the scopes that cannot bear their movement. The transaction is
// lost: what other rows have borne goes with it.
func short(tx *database.Tx, of Fund, where string, guards []any, all []movement) error {
	if err := open(tx, of); err != nil {
		return err
	}
	var able []string
	if err := tx.Raw("SELECT scope FROM appropriations WHERE "+where, guards...).Scan(&able).Error; err != nil {
		return err
	}
	var names []string
	for _, m := range all {
		if !slices.Contains(able, m.scope) || len(able) == len(all) {
			names = append(names, m.scope)
		}
	}
	return Exhausted(strings.Join(names, ", "))
}

func level(scope string) string {
	if scope == City {
		return "city"
	}
	return "district"
}
