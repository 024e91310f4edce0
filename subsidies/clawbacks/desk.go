// Package clawbacks gets back what was paid and is not due 追回: proposed by one
// officer, ordered by another, and then received at once or in instalments, netted
// against the debtor's next payment, or written off with a third officer's approval.
// A correction downwards after payment is a clawback with its own ground.
package clawbacks

import (
	"maps"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/calendar"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
)

// Desk handles clawbacks.
type Desk struct {
	DB       *database.DB
	Calendar *calendar.Calendar
}

// Today is the day of the city.
func (d *Desk) Today() kernel.Date { return kernel.DayOf(d.DB.Clock().Now()) }

// Terms are the terms of today.
func (d *Desk) Terms() Terms { return TermsOn(d.Today()) }

// The outbox kinds of this room.
const (
	Changed = "clawback.changed" // tell the parties that a clawback has moved
	Overdue = "clawback.overdue" // tell the debtor that an instalment is overdue
)

// Event is the payload of both kinds.
type Event struct {
	Act   subsidies.ClawbackAct   `json:"act"`
	State subsidies.ClawbackState `json:"state"`
}

func notFound() error { return kernel.NotFound(kernel.T("追回事项", "clawback")) }

func get(db *gorm.DB, who kernel.Actor, id kernel.ID) (subsidies.Clawback, error) {
	var c subsidies.Clawback
	if err := db.Where("id = ?", id).Take(&c).Error; err != nil {
		return c, database.Found(err, notFound())
	}
	if !c.VisibleTo(who) {
		return subsidies.Clawback{}, notFound()
	}
	return c, nil
}

type transition = subsidies.Transition[subsidies.ClawbackState, subsidies.ClawbackAct]

// find looks a visible clawback up and finds the transition of the act by the
// call's actor; version 0 means the caller did not say which one was seen.
func find(tx *database.Tx, id kernel.ID, version int64, act subsidies.ClawbackAct) (subsidies.Clawback, transition, error) {
	c, err := get(tx.DB, tx.Call.Actor, id)
	if err != nil {
		return c, transition{}, err
	}
	if version != 0 && version != c.Version {
		return c, transition{}, database.Stale()
	}
	t, err := subsidies.ClawbackMachine.Find(c.State, act, tx.Call.Actor.Role)
	return c, t, err
}

// move is one change of a clawback.
type move struct {
	why     record.Reason
	columns map[string]any
	amount  kernel.Fen // of money that moves with it, for the record
}

// advance carries a transition out: the hand (law 5), the guarded change, the
// step, the audit entry and the message to the parties.
func advance(tx *database.Tx, c *subsidies.Clawback, t transition, m move) error {
	if err := record.Hand(tx, c.ID, t.Part); err != nil {
		return err
	}
	from := c.State
	set := map[string]any{"state": t.To, "turn": subsidies.ClawbackMachine.Turns[t.To], "updated_at": tx.Now, "version": c.Version + 1}
	if t.To != from {
		set["since"] = tx.Now
	}
	maps.Copy(set, m.columns)
	if err := database.Change(tx, "clawbacks", set, "id = ? AND version = ? AND state = ?", []any{c.ID, c.Version, from}, database.Stale()); err != nil {
		return err
	}
	if err := tx.Where("id = ?", c.ID).Take(c).Error; err != nil {
		return err
	}
	return noted(tx, *c, t.Act, from, m)
}

// noted leaves the step, the audit entry and the message of an act.
func noted(tx *database.Tx, c subsidies.Clawback, act subsidies.ClawbackAct, from subsidies.ClawbackState, m move) error {
	if err := record.Add(tx, record.Clawback, c.ID, string(act), string(from), string(c.State), m.why); err != nil {
		return err
	}
	detail := map[string]any{"number": c.Number, "from": from, "to": c.State, "open_fen": c.Open()}
	if m.amount != 0 {
		detail["amount_fen"] = m.amount
	}
	if err := audit.Record(tx, audit.Entry{Action: "clawback." + string(act), ObjectKind: "clawback", ObjectID: string(c.ID), Detail: detail}); err != nil {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Changed, Subject: c.ID, Payload: Event{Act: act, State: c.State}})
}

// uninvolved refuses an actor who has had a hand in the claim: nobody decides on
// the recovery of what he has reviewed, approved or paid.
func uninvolved(tx *database.Tx, claim kernel.ID) error {
	handed, err := record.HandedBy(tx.Context(), tx.DB, tx.Call.Actor.Person, []kernel.ID{claim}, subsidies.PartNone)
	if err == nil && handed[claim] {
		err = subsidies.FourEyes()
	}
	return err
}

// opened is the part of a clawback that may still come back.
func opened(c subsidies.Clawback) budget.Portion {
	return budget.Portion{Municipal: c.OpenMunicipal, District: c.OpenDistrict}
}

// shares splits an amount between the levels in proportion to what each has left,
// by largest remainder. Of no more than what is left no level gets more than it has.
func shares(amount kernel.Fen, left budget.Portion) (budget.Portion, error) {
	parts, err := kernel.Split(amount, int64(left.Municipal), int64(left.District))
	if err != nil {
		return budget.Portion{}, err
	}
	return budget.Portion{Municipal: parts[0], District: parts[1]}, nil
}
