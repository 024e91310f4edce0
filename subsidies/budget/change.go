package budget

import (
	"cmp"
	"slices"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// delta is what happens to the columns of one appropriation.
type delta struct{ reserved, awarded, paid kernel.Fen }

// grows is what it takes from the free part.
func (d delta) grows() kernel.Fen { return d.reserved + d.awarded + d.paid }

func (d delta) column(i int) kernel.Fen { return [...]kernel.Fen{d.reserved, d.awarded, d.paid}[i] }

// row names one appropriation by its fund and scope.
type row struct {
	Fund
	scope string
}

// compare is the order of the rows' key.
func (r row) compare(other row) int {
	return cmp.Or(r.Fund.compare(other.Fund), cmp.Compare(level(r.scope), level(other.scope)), cmp.Compare(r.scope, other.scope))
}

func level(scope string) string {
	if scope == City {
		return "city"
	}
	return "district"
}

// movement is what happens to one appropriation.
type movement struct {
	row
	delta
}

// sums gathers what happens to appropriations.
type sums map[row]delta

func (s sums) add(of Fund, scope string, d delta) {
	sum := s[row{of, scope}]
	s[row{of, scope}] = delta{sum.reserved + d.reserved, sum.awarded + d.awarded, sum.paid + d.paid}
}

// apply changes the appropriations.
func (s sums) apply(tx *database.Tx) error {
	all := make([]movement, 0, len(s))
	for r, d := range s {
		all = append(all, movement{r, d})
	}
	return change(tx, all...)
}

// atOnce bounds the appropriations of one statement, which is as long as their
// number and looks through all of them for each.
const atOnce = 50

// change is the guarded update of law 3: no column falls below zero and the sum
// never exceeds the appropriation, and nothing moves on a day that is closed.
// These are the rows that all wait for, so that whatever else the transaction has
// to write goes first, and they are always locked in the order of their key: two
// that meet wait for each other, and not both.
func change(tx *database.Tx, all ...movement) error {
	if err := tx.Flush(); err != nil {
		return err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(m movement) bool { return m.delta == (delta{}) })
	slices.SortFunc(all, func(a, b movement) int { return a.compare(b.row) })
	for some := range slices.Chunk(all, atOnce) {
		where, guards := guard(tx, some)
		set, args := set(some)
		n, err := database.Exec(tx, "UPDATE appropriations SET "+set+"version = version + 1, updated_at = ? WHERE "+where, append(append(args, tx.Now), guards...)...)
		if err == nil && n < int64(len(some)) {
			err = short(tx, where, guards, some)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// set says what is added to each column of each row.
func set(all []movement) (statement string, args []any) {
	var b strings.Builder
	for i, column := range []string{"reserved_fen", "awarded_fen", "paid_fen"} {
		begun := false
		for _, m := range all {
			amount := m.column(i)
			if amount == 0 {
				continue
			}
			if !begun {
				b.WriteString(column + " = " + column + " + CASE")
				begun = true
			}
			b.WriteString(" WHEN policy_code = ? AND budget_year = ? AND scope = ? THEN ?")
			args = append(args, m.Policy, m.Year, m.scope, amount)
		}
		if begun {
			b.WriteString(" ELSE 0 END, ")
		}
	}
	return b.String(), args
}

// guard finds the rows that can bear their movement.
func guard(tx *database.Tx, all []movement) (where string, args []any) {
	const one = `(policy_code = ? AND budget_year = ? AND level = ? AND scope = ? AND closed_through < ? AND reserved_fen >= ? AND awarded_fen >= ? AND paid_fen >= ? AND amount_fen - reserved_fen - awarded_fen - paid_fen >= ?)`
	for _, m := range all {
		args = append(args, m.Policy, m.Year, level(m.scope), m.scope, tx.Today(), -m.reserved, -m.awarded, -m.paid, m.grows())
	}
	return one + strings.Repeat(" OR "+one, len(all)-1), args
}

// short names the scopes that cannot bear their movement. The transaction is
// lost: what other rows have borne goes with it.
func short(tx *database.Tx, where string, guards []any, all []movement) error {
	for _, m := range all {
		if err := open(tx, m.Fund); err != nil {
			return err
		}
	}
	var able []row
	rows, err := tx.Raw("SELECT policy_code, budget_year, scope FROM appropriations WHERE "+where, guards...).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.Policy, &r.Year, &r.scope); err != nil {
			return err
		}
		able = append(able, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var names []string
	for _, m := range all {
		if !slices.Contains(able, m.row) || len(able) == len(all) {
			names = append(names, m.scope)
		}
	}
	return Exhausted(strings.Join(names, ", "))
}
