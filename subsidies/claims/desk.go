// Package claims is the life of claims: filled in, submitted, checked by the
// machine, confirmed by the provider, reviewed twice by different people, and
// awarded after the public notice.
package claims

import (
	"context"
	"maps"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
)

// Desk handles claims.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
}

// The outbox kinds of this room.
const (
	Check   = "claim.check"   // run the machine's checks on a submitted claim
	Changed = "claim.changed" // tell the parties that a claim has moved
)

// Event is the payload of both kinds. Round ties a check to one submission. Where
// many claims have moved together and alike, one message names them instead of
// its subject.
type Event struct {
	State  subsidies.ClaimState `json:"state"`
	Round  int64                `json:"round"`
	Claims []kernel.ID          `json:"claims,omitempty"`
}

// Get returns a claim that the actor may see, or not_found.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID) (subsidies.Claim, error) {
	return get(d.DB.Read(ctx), who, id)
}

func get(db *gorm.DB, who kernel.Actor, id kernel.ID) (subsidies.Claim, error) {
	var c subsidies.Claim
	if err := db.Where("id = ?", id).Take(&c).Error; err != nil {
		return c, database.Found(err, notFound())
	}
	if !c.VisibleTo(who) {
		return subsidies.Claim{}, notFound()
	}
	return c, nil
}

func notFound() error { return kernel.NotFound(kernel.T("兑付申请", "claim")) }

// Move is one change of a claim's state, with further columns to set.
type Move struct {
	Act     subsidies.ClaimAct
	Reason  record.Reason
	Columns map[string]any
}

// Find looks a visible claim up and finds the transition of the act by the
// call's actor; version 0 means the caller did not say which one was seen.
func Find(tx *database.Tx, id kernel.ID, version int64, what subsidies.ClaimAct) (subsidies.Claim, subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], error) {
	c, err := get(tx.DB, tx.Call.Actor, id)
	if err != nil {
		return c, subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct]{}, err
	}
	if version != 0 && version != c.Version { // said first: it explains the other refusals
		return c, subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct]{}, database.Stale()
	}
	t, err := subsidies.ClaimMachine.Find(c.State, what, tx.Call.Actor.Role)
	return c, t, err
}

// Advance carries a transition out: the hand (law 5), the guarded change of
// state, the step, the audit entry and the message to the parties.
func Advance(tx *database.Tx, c *subsidies.Claim, t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], m Move) error {
	if err := record.Hand(tx, c.ID, t.Part); err != nil {
		return err
	}
	from := c.State
	turn := subsidies.ClaimMachine.Turns[t.To]
	set := map[string]any{"state": t.To, "turn": turn, "since": tx.Now, "updated_at": tx.Now, "version": c.Version + 1}
	maps.Copy(set, m.Columns)
	if err := database.Change(tx, "claims", set, "id = ? AND version = ? AND state = ?", []any{c.ID, c.Version, from}, database.Stale()); err != nil {
		return err
	}
	c.State, c.Turn, c.Since, c.UpdatedAt, c.Version = t.To, turn, tx.Now, tx.Now, c.Version+1
	return noted(tx, *c, t.Act, from, m.Reason)
}

// moved is the audit entry's detail of a move.
type moved struct {
	From   subsidies.ClaimState `json:"from"`
	To     subsidies.ClaimState `json:"to"`
	Reason string               `json:"reason"`
}

// noted leaves the step, the audit entry and the message of a claim that has
// moved from a state to where it is now.
func noted(tx *database.Tx, c subsidies.Claim, act subsidies.ClaimAct, from subsidies.ClaimState, why record.Reason) error {
	if err := stepped(tx, c, act, from, why, moved{from, c.State, why.Code}); err != nil {
		return err
	}
	return queue.Send(tx, queue.Message{Kind: Changed, Subject: c.ID, Payload: Event{State: c.State, Round: c.Round}})
}

// stepped leaves the step and the audit entry alone.
func stepped(tx *database.Tx, c subsidies.Claim, act subsidies.ClaimAct, from subsidies.ClaimState, why record.Reason, detail any) error {
	if err := record.Add(tx, record.Claim, c.ID, string(act), string(from), string(c.State), why); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: "claim." + string(act), ObjectKind: "claim", ObjectID: string(c.ID), Detail: detail})
}

// tellTogether tells in one message of claims that have moved alike.
func tellTogether(tx *database.Tx, all []subsidies.Claim) error {
	if len(all) == 1 {
		return queue.Send(tx, queue.Message{Kind: Changed, Subject: all[0].ID, Payload: Event{State: all[0].State, Round: all[0].Round}})
	}
	return queue.Send(tx, queue.Message{Kind: Changed, Payload: Event{State: all[0].State, Claims: idsOf(all)}})
}

func idsOf(all []subsidies.Claim) []kernel.ID {
	ids := make([]kernel.ID, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids
}
