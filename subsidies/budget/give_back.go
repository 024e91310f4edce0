package budget

import (
	"cmp"
	"slices"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// counter names one ceiling by its key.
type counter struct {
	policy          string
	kind            CeilingKind
	subject, period string
}

func (c counter) compare(d counter) int {
	return cmp.Or(cmp.Compare(c.policy, d.policy), cmp.Compare(c.kind, d.kind), cmp.Compare(c.subject, d.subject), cmp.Compare(c.period, d.period))
}

func (c counter) args() []any { return []any{c.policy, c.kind, c.subject, c.period} }

// returns gathers what goes back to ceilings.
type returns map[counter]kernel.Fen

func (r returns) add(c Ceiling, amount kernel.Fen) {
	r[counter{c.PolicyCode, c.Kind, c.Subject, c.Period}] += amount
}

// apply is Draw of negative amounts for many ceilings in few statements, which
// lock them in the order of their key.
func (r returns) apply(tx *database.Tx) error {
	const this = "policy_code = ? AND kind = ? AND subject = ? AND period = ?"
	if len(r) == 0 {
		return nil
	}
	if err := tx.Flush(); err != nil { // some of them many wait for
		return err
	}
	keys := make([]counter, 0, len(r))
	for k, amount := range r {
		if amount > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, counter.compare)
	for some := range slices.Chunk(keys, atOnce) {
		var amounts, guards []any
		for _, k := range some {
			amounts = append(append(amounts, k.args()...), r[k])
			guards = append(append(guards, k.args()...), r[k])
		}
		n, err := database.Exec(tx, "UPDATE ceilings SET used_fen = used_fen - CASE"+strings.Repeat(" WHEN "+this+" THEN ?", len(some))+" ELSE 0 END, version = version + 1 WHERE ("+
			this+" AND used_fen >= ?)"+strings.Repeat(" OR ("+this+" AND used_fen >= ?)", len(some)-1), append(amounts, guards...)...)
		if err != nil {
			return err
		}
		if n != int64(len(some)) {
			return reached()
		}
	}
	return nil
}
