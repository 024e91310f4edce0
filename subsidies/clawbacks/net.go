package clawbacks

import (
	"slices"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
)

// Due is one payment that a batch is about to order: from it may be held back what
// its payee owes.
type Due struct {
	Line     kernel.ID // of the batch
	Payee    kernel.ID
	District string
	Portion  budget.Portion
}

// Held back and netted. Whoever orders payments calls, in its own transaction:
//
//   - Hold when the lines of a batch are drafted: it answers how much of each line
//     is held back; the line orders the rest. Nothing is booked yet.
//   - Net when lines are paid: what was held back now counts as recovered, and the
//     appropriations that had paid it are refilled. The claim of the line counts as
//     paid in full: the rest by the bank, the part held back by what its payee owed.
//   - Release when lines are not paid (failed, or the batch is abandoned): all is
//     open again.
//
// Each level of government holds back only what is owed to itself: the city from
// its part of any payment, a district from its own. The oldest order goes first.
// An order that somebody else changes at the same moment makes the call stale.

// Hold holds back from payments what their payees owe, by line; lines from which
// nothing is held back are absent.
func Hold(tx *database.Tx, all ...Due) (map[kernel.ID]budget.Portion, error) {
	owed, err := owing(tx, all)
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	t, err := subsidies.ClawbackMachine.Find(subsidies.ClawbackOrdered, subsidies.ClawbackHold, tx.Call.Actor.Role)
	if err != nil {
		return nil, err
	}
	held := map[kernel.ID]budget.Portion{}
	var entries []Entry
	for i := range owed {
		c := &owed[i]
		left, back := opened(*c), budget.Portion{}
		for _, due := range all {
			part := within(*c, left, due, held[due.Line])
			if part.Total() == 0 {
				continue
			}
			e := entry(tx, *c, Netted, Held, part)
			e.LineID = due.Line
			entries = append(entries, e)
			left, back = minus(left, part), plus(back, part)
			held[due.Line] = plus(held[due.Line], part)
		}
		if back.Total() == 0 {
			continue
		}
		if err := settle(tx, c, t, back, map[string]any{"held_fen": c.Held + back.Total()}, record.Reason{}); err != nil {
			return nil, err
		}
	}
	return held, database.Insert(tx, entries...)
}

// owing reads the orders that the payees of payments have not met, the oldest
// first. They are few: one question, whatever the size of the batch.
func owing(tx *database.Tx, all []Due) ([]subsidies.Clawback, error) {
	payees := make(map[kernel.ID]bool, len(all))
	for _, due := range all {
		payees[due.Payee] = true
	}
	var rows []subsidies.Clawback
	err := tx.Where("state = ? AND open_municipal_fen + open_district_fen > 0", subsidies.ClawbackOrdered).Order("ordered_on, id").Find(&rows).Error
	return slices.DeleteFunc(rows, func(c subsidies.Clawback) bool { return !payees[c.DebtorID] }), err
}

// within is what one payment can give of what is left of an order, after what is
// held back from it already.
func within(c subsidies.Clawback, left budget.Portion, due Due, held budget.Portion) budget.Portion {
	if due.Payee != c.DebtorID {
		return budget.Portion{}
	}
	free := minus(due.Portion, held)
	part := budget.Portion{Municipal: min(left.Municipal, free.Municipal)}
	if due.District == c.District {
		part.District = min(left.District, free.District)
	}
	return part
}

// HeldFrom tells how much is held back from lines, or was netted with them.
func HeldFrom(db *gorm.DB, lines ...kernel.ID) (map[kernel.ID]budget.Portion, error) {
	held := map[kernel.ID]budget.Portion{}
	entries, err := entriesOf(db, lines, Held, Booked)
	for _, e := range entries {
		held[e.LineID] = plus(held[e.LineID], e.portion())
	}
	return held, err
}

// Net books what was held back from lines that are paid now.
func Net(tx *database.Tx, lines ...kernel.ID) error {
	return resolve(tx, lines, Booked, subsidies.ClawbackNet, func(c *subsidies.Clawback, sum budget.Portion) map[string]any {
		return map[string]any{"held_fen": c.Held - sum.Total(), "netted_fen": c.Netted + sum.Total()}
	})
}

// Release opens again what was held back from lines that will not be paid.
func Release(tx *database.Tx, lines ...kernel.ID) error {
	return resolve(tx, lines, Released, subsidies.ClawbackRelease, func(c *subsidies.Clawback, sum budget.Portion) map[string]any {
		return map[string]any{
			"held_fen": c.Held - sum.Total(), "open_municipal_fen": c.OpenMunicipal + sum.Municipal, "open_district_fen": c.OpenDistrict + sum.District,
		}
	})
}

// resolve ends what is held back from lines one way or the other.
func resolve(tx *database.Tx, lines []kernel.ID, to EntryState, act subsidies.ClawbackAct, columns func(*subsidies.Clawback, budget.Portion) map[string]any) error {
	entries, err := entriesOf(tx.DB, lines, Held)
	if err != nil || len(entries) == 0 {
		return err
	}
	byClawback, ids := map[kernel.ID][]Entry{}, make([]kernel.ID, len(entries))
	for i, e := range entries {
		byClawback[e.ClawbackID] = append(byClawback[e.ClawbackID], e)
		ids[i] = e.ID
	}
	for some := range slices.Chunk(ids, together) {
		marks, args := database.In(some)
		n, err := database.Exec(tx, "UPDATE clawback_entries SET state = ? WHERE state = ? AND id IN "+marks, append([]any{to, Held}, args...)...)
		if err != nil {
			return err
		}
		if n != int64(len(some)) {
			return database.Stale()
		}
	}
	var all []subsidies.Clawback
	for some := range slices.Chunk(keys(byClawback), together) {
		var rows []subsidies.Clawback
		if err := tx.Where("id IN ?", some).Order("id").Find(&rows).Error; err != nil {
			return err
		}
		all = append(all, rows...)
	}
	for i := range all {
		if err := resolveOne(tx, &all[i], byClawback[all[i].ID], act, columns); err != nil {
			return err
		}
	}
	if to != Booked {
		return nil
	}
	for _, c := range all { // the budgets last: they are what all wait for
		for _, e := range byClawback[c.ID] {
			if err := bookReturn(tx, c, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func resolveOne(tx *database.Tx, c *subsidies.Clawback, entries []Entry, act subsidies.ClawbackAct, columns func(*subsidies.Clawback, budget.Portion) map[string]any) error {
	t, err := subsidies.ClawbackMachine.Find(c.State, act, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	sum := budget.Portion{}
	for _, e := range entries {
		sum = plus(sum, e.portion())
	}
	set := columns(c, sum)
	if act == subsidies.ClawbackRelease {
		plan, err := instalmentsOf(tx, c.ID)
		if err != nil {
			return err
		}
		set["next_due_on"] = nextDue(plan, c.PlannedAfter, c.Settled()-sum.Total())
	}
	if err := advance(tx, c, t, move{columns: set, amount: sum.Total()}); err != nil {
		return err
	}
	return shut(tx, c)
}

// together bounds the rows of one statement.
const together = 200

func entriesOf(db *gorm.DB, lines []kernel.ID, states ...EntryState) ([]Entry, error) {
	var all []Entry
	for some := range slices.Chunk(lines, together) {
		var rows []Entry
		if err := db.Where("line_id IN ? AND state IN ?", some, states).Order("id").Find(&rows).Error; err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

func (e Entry) portion() budget.Portion {
	return budget.Portion{Municipal: e.Municipal, District: e.District}
}

func plus(a, b budget.Portion) budget.Portion {
	return budget.Portion{Municipal: a.Municipal + b.Municipal, District: a.District + b.District}
}

func minus(a, b budget.Portion) budget.Portion {
	return budget.Portion{Municipal: a.Municipal - b.Municipal, District: a.District - b.District}
}

func keys(m map[kernel.ID][]Entry) []kernel.ID {
	out := make([]kernel.ID, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
